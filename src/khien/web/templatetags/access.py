"""Filters of the pages about signing in: ways, factors, rules in words."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from khien.access.policy import SignInPolicy
from khien.kernel.language import Text

register = template.Library()

WAY_WORDS = {
    "password": Text("mật khẩu", "password"),
    "link": Text("liên kết một lần", "one-time link"),
    "openid": Text("OpenID", "OpenID"),
    "ldap": Text("thư mục (LDAP)", "directory (LDAP)"),
}
FACTOR_WORDS = {
    "totp": Text("ứng dụng mã", "code app"),
    "webauthn": Text("khóa bảo mật", "security key"),
    "recovery": Text("mã dự phòng", "recovery code"),
}


@dataclass(frozen=True, slots=True)
class SaidRule:
    """A rule of signing in for a reader."""

    name: str
    value: str
    source: str


@register.filter
def way_word(code: str) -> str:
    """Return a way of signing in, in words."""
    return str(WAY_WORDS.get(code, code))


@register.filter
def factor_word(code: str) -> str:
    """Return a kind of second factor, in words."""
    return str(FACTOR_WORDS.get(code, code))


@register.filter
def said_rules(rules: SignInPolicy) -> list[SaidRule]:
    """Return the rules of signing in as name, value and clause."""
    never = Text("không định kỳ", "no fixed term")
    days = rules.expiry_days.value
    lines = (
        (
            Text("Độ dài mật khẩu ít nhất", "Least length of a password"),
            Text(f"{rules.length.value} ký tự", f"{rules.length.value} characters"),
            rules.length.said_source,
        ),
        (
            Text("Nhóm ký tự phải có", "Classes of characters"),
            Text(
                "chữ thường, chữ hoa, chữ số, ký tự đặc biệt",
                "lower case, upper case, digit, special",
            ),
            rules.classes.said_source,
        ),
        (
            Text("Đổi mật khẩu sau", "Password lasts"),
            Text(f"{days} ngày", f"{days} days") if days else never,
            rules.expiry_days.said_source,
        ),
        (
            Text("Khóa sau số lần sai", "Wrong tries until the lock"),
            Text(str(rules.lockout_tries.value), str(rules.lockout_tries.value)),
            rules.lockout_tries.said_source,
        ),
        (
            Text("Thời gian khóa", "Length of the lock"),
            Text(f"{rules.lockout_minutes.value} phút", f"{rules.lockout_minutes.value} minutes"),
            rules.lockout_minutes.said_source,
        ),
        (
            Text("Tự thoát khi không thao tác", "Idle time until sign-out"),
            Text(f"{rules.idle_minutes.value} phút", f"{rules.idle_minutes.value} minutes"),
            rules.idle_minutes.said_source,
        ),
    )
    return [SaidRule(str(name), str(value), source) for name, value, source in lines]
