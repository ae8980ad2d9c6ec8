"""Words of the unit tree and of users for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from khien.kernel.language import Text
from khien.org.models import User
from khien.org.roles import ROLES

register = template.Library()

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
