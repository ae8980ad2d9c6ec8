"""Words of the unit tree and of users for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.org.history import TreeNode
from khien.org.kinds import UNIT_KINDS
from khien.org.models import User
from khien.org.roles import ROLES

register = template.Library()
_UNFOLDED = 2

CHANGES: Mapping[str, Text] = {
    "registered": Text("Thành lập, đăng ký", "Founded, registered"),
    "renamed": Text("Đổi tên", "Renamed"),
    "moved": Text("Chuyển đơn vị cấp trên", "Moved"),
    "merged": Text("Kết thúc do sáp nhập, chia tách", "Ended by merger or split"),
    "ended": Text("Kết thúc hoạt động", "Ended"),
}
REQUESTS: Mapping[str, Text] = {
    "account": Text("Cấp tài khoản", "New account"),
    "roles": Text("Đổi vai trò", "Change of roles"),
    "open": Text("Chờ duyệt", "Waiting"),
    "approved": Text("Đã duyệt", "Approved"),
    "refused": Text("Không duyệt", "Refused"),
    "withdrawn": Text("Đã rút", "Withdrawn"),
}
STATES: Mapping[str, Text] = {
    "hoat-dong": Text("Đang hoạt động", "Active"),
    "chua-vao": Text("Chưa đăng nhập lần nào", "Never signed in"),
    "khoa": Text("Đã khóa", "Disabled"),
}


@register.simple_tag
def unit_tree(top: TreeNode, is_open: object = "") -> SafeString:
    """Draw a unit with all below it; in Python, since 300 included templates take a second.

    Args: is_open: anything true unfolds every branch; else the first two steps are unfolded
    """
    address = reverse("unit-history", args=["0"])
    kinds = {kind: str(load_library().label(kind)) for kind in UNIT_KINDS}
    return _branch(top, address=address, kinds=kinds, is_open=bool(is_open))


def _branch(node: TreeNode, *, address: str, kinds: Mapping[str, str], is_open: bool) -> SafeString:
    line = _node_line(node, address=address, kinds=kinds)
    ended = mark_safe(' class="ended"') if node.is_ended else ""
    if not node.children:
        return format_html('<li{}><div class="leaf">{}</div></li>', ended, line)
    below = format_html_join(
        "",
        "{}",
        (
            (_branch(child, address=address, kinds=kinds, is_open=is_open),)
            for child in node.children
        ),
    )
    unfolded = mark_safe(" open") if is_open or node.depth < _UNFOLDED else ""
    return format_html(
        '<li{}><details{}><summary><span class="grow">{}</span></summary><ul>{}</ul></details></li>',
        ended,
        unfolded,
        line,
        below,
    )


def _node_line(node: TreeNode, *, address: str, kinds: Mapping[str, str]) -> SafeString:
    """Return a unit's name, kind, what stands below it and who holds which role there."""
    parts = [
        format_html(
            '<a href="{}"{}>{}</a> <span class="tag plain-tag">{}</span>',
            address.replace("/0/", f"/{node.unit.code}/"),
            mark_safe(' class="match"') if node.is_match else "",
            str(node.name),
            kinds.get(node.state.kind, node.state.kind),
        )
    ]
    if node.is_ended:
        day = said_day(node.state.from_on)
        parts.append(format_html(' <span class="tag strong">{} {}</span>', gettext("ended"), day))
    if node.children:
        count = node.below_count
        words = ngettext("%(n)s below", "%(n)s below", count) % {"n": count}
        parts.append(format_html(' <span class="soft tiny">{}</span>', words))
    if node.roles:
        holders = format_html_join(
            "",
            '<span><span class="soft">{}:</span> {}</span>',
            ((role_word(held.role), who(held.user)) for held in node.roles),
        )
        parts.append(format_html('<span class="org-holders">{}</span>', holders))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def role_word(code: str) -> str:
    """Return a role's title."""
    return str(ROLES[code].title) if code in ROLES else code


@register.filter
def change_word(code: str) -> str:
    """Return what changed a unit."""
    return str(CHANGES.get(code, code))


@register.filter
def request_word(code: str) -> str:
    """Return what a request asks, or where it stands."""
    return str(REQUESTS.get(code, code))


@register.filter
def account_word(code: str) -> str:
    """Return a state that the list of users can be filtered by."""
    return str(STATES.get(code, code))


@register.filter
def who(user: User | None) -> str:
    """Return how a user is called: the full name, else the user name."""
    return (user.full_name or user.username) if user else "–"


@register.filter
def at_key(values: Mapping[str, Any], key: str) -> Any:
    """Return what a mapping holds at a key; nothing where there is none."""
    return values.get(key, "")


@register.filter
def is_in(value: Any, many: Any) -> bool:
    """Say whether something is among others."""
    return value in many
