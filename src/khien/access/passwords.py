"""What a new password must be, said rule by rule with the clause that asks for it."""

from __future__ import annotations

import gzip
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password

from khien.access.models import OldPassword
from khien.access.policy import HISTORY, LENGTH_MAX, Ruled, SignInPolicy, policy_for
from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc, search_key
from khien.org.models import User

_PERSONAL_MIN = 4
_CLASS_WORDS = {
    "lower": Text("chữ thường", "a lower-case letter"),
    "upper": Text("chữ hoa", "an upper-case letter"),
    "digit": Text("chữ số", "a digit"),
    "special": Text("ký tự đặc biệt", "a special character"),
}
# What is guessed first in Viet Nam and is not on the list that Django brings.
_COMMON_HERE = frozenset(
    (
        "matkhau",
        "anhyeuem",
        "emyeuanh",
        "vietnam",
        "hanoi",
        "saigon",
        "khongbiet",
        "quantri",
        "vanthu",
    )
)
_COMMON = Path(password_validation.__file__).resolve().parent / "common-passwords.txt.gz"


def faults_of(password: str, user: User, *, policy: SignInPolicy | None = None) -> list[Text]:
    """Return every rule that a new password of a user breaks, each with its clause; none if it is good.

    Args: password: as typed; it is judged, and kept, in the form NFC
    """
    rules, text = policy or policy_for(user), nfc(password)
    found = [*_shape_faults(text, rules), *_guess_faults(text, user)]
    return found or list(_history_faults(text, user))


def classes_in(text: str) -> set[str]:
    """Return the classes of characters in a text; Vietnamese letters count as letters."""
    found = set()
    for letter in text:
        if letter.isalpha():
            found.add("upper" if letter.isupper() else "lower")
        elif letter.isdecimal():
            found.add("digit")
        elif not letter.isspace():
            found.add("special")
    return found


def _shape_faults(text: str, rules: SignInPolicy) -> Iterator[Text]:
    if len(text) < rules.length.value:
        said = Text("phải dài ít nhất {n} ký tự", "it must have at least {n} characters")
        yield _said(said.fill({"n": rules.length.value}), rules.length)
    if len(text) > LENGTH_MAX:
        yield Text(f"dài nhất {LENGTH_MAX} ký tự.", f"it may have at most {LENGTH_MAX} characters.")
    missing = [name for name in rules.classes.value if name not in classes_in(text)]
    if missing:
        words = Text(
            ", ".join(_CLASS_WORDS[name].vi for name in missing),
            ", ".join(_CLASS_WORDS[name].en for name in missing),
        )
        said = Text(f"còn thiếu {words.vi}", f"it lacks {words.en}")
        yield _said(said, rules.classes)
    if any(letter in string.whitespace and letter != " " for letter in text) or "\x00" in text:
        yield Text("không chứa ký tự điều khiển.", "it may not hold control characters.")


def _guess_faults(text: str, user: User) -> Iterator[Text]:
    plain = _plain(text)
    for name in _own_words(user):
        if name in plain:
            yield Text(
                "không chứa tên đăng nhập, họ tên hoặc tên đơn vị.",
                "it may not hold your user name, full name or unit's name.",
            )
            break
    if text.lower() in _common() or plain.rstrip(string.digits + string.punctuation) in _common():
        yield Text(
            "nằm trong danh sách mật khẩu hay bị dò.",
            "it is on the list of passwords guessed first.",
        )
    if len(set(text.lower())) < min(5, len(text)):
        yield Text("lặp lại quá ít ký tự.", "it repeats too few characters.")


def _history_faults(text: str, user: User) -> Iterator[Text]:
    if user.pk is None:
        return
    kept = OldPassword.objects.filter(user=user).values_list("hashed", flat=True)[:HISTORY]
    present = [user.password] if user.has_usable_password() else []
    if any(check_password(text, hashed) for hashed in [*present, *kept]):
        yield Text(
            f"đã dùng trong {HISTORY} lần gần đây.",
            f"it is one of the last {HISTORY} that you used.",
        )


def _own_words(user: User) -> list[str]:
    unit = [user.unit.name_vi, user.unit.name_en, user.unit.code] if user.unit else []
    words = [_plain(word) for word in (user.username, user.full_name, *unit)]
    return [word for word in words if len(word) >= _PERSONAL_MIN]


def _plain(text: str) -> str:
    """Return a text without marks, spaces and signs, as somebody guesses it."""
    return "".join(letter for letter in search_key(text) if letter.isalnum())


def _said(what: Text, rule: Ruled[object]) -> Text:
    if not rule.sources:
        source = Text("thiết lập sẵn của Khiên", "Khiên's own default")
    else:
        source = Text(
            "; ".join(s.cited().vi for s in rule.sources),
            "; ".join(s.cited().en for s in rule.sources),
        )
    return Text(f"{what.vi} ({source.vi}).", f"{what.en} ({source.en}).")


@cache
def _common() -> frozenset[str]:
    with gzip.open(_COMMON, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines) | _COMMON_HERE
