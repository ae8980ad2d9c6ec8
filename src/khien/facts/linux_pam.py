"""What a PAM stack of a Linux machine really demands of passwords and does after wrong ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from khien.facts.linux_config import Line, file_name, last_values, lines, seconds
from khien.facts.linux_raw import RawBundle, whole

Row = dict[str, object]

DEPTH_MAX = 6
LINES_MAX = 2_000  # so that files which include each other come to an end
NEVER_DAYS = 10_000  # shadow reads this many days and more as "never"
_ENTRY = re.compile(r"-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$")
_CREDITS = {
    "lcredit": "requires_lower",
    "ucredit": "requires_upper",
    "dcredit": "requires_digit",
    "ocredit": "requires_special",
}
_KINDS = tuple(_CREDITS.values())
DIRECTORY_MODULES = ("pam_sss.so", "pam_winbind.so", "pam_ldap.so", "pam_krb5.so")


@dataclass(frozen=True, slots=True)
class Entry:
    """One module in a stack, with its control word and arguments."""

    control: str
    module: str
    arguments: tuple[str, ...]

    def option(self, name: str) -> str | None:
        """Return the value of `name=value`, the last one given."""
        found = [a.partition("=")[2] for a in self.arguments if a.startswith(name + "=")]
        return found[-1] if found else None

    @property
    def can_refuse(self) -> bool:
        """Whether a failure of this module can fail the stack."""
        if self.control.startswith("["):
            return bool(re.search(r"default=(die|bad)|[a-z_]+=(die|bad)", self.control)) or (
                "default=ignore" not in self.control and "default=ok" not in self.control
            )
        return self.control in ("required", "requisite", "sufficient")


class Pam:
    """The PAM stacks of a machine, includes resolved."""

    def __init__(self, bundle: RawBundle) -> None:
        self.services: dict[str, list[str]] = {}
        for line in lines(bundle, "pam"):
            self.services.setdefault(file_name(line.file), []).append(line.text)

    def has(self, service: str) -> bool:
        """Say whether a service has a stack of its own."""
        return service in self.services

    def stack(self, service: str, kind: str) -> list[Entry]:
        """Return the modules of one kind a service runs through, in order."""
        return [
            Entry(match.group(2), file_name(match.group(3)), tuple(match.group(4).split()))
            for text in islice(self._lines(service, kind, DEPTH_MAX), LINES_MAX)
            if (match := _ENTRY.match(text)) and match.group(1) == kind
        ]

    def _lines(self, service: str, kind: str, depth: int) -> Iterator[str]:
        for text in self.services.get(service, ()):
            yield text
            target = _included(text, kind)
            if target and depth:
                yield from self._lines(target, kind, depth - 1)


def _included(text: str, kind: str) -> str | None:
    words = text.split()
    if len(words) == 2 and words[0] == "@include":
        return file_name(words[1])
    if len(words) >= 3 and words[0].lstrip("-") == kind and words[1] in ("include", "substack"):
        return file_name(words[2])
    return None


def password_stack(pam: Pam) -> list[Entry]:
    """Return the modules that a change of password runs through."""
    for service in ("passwd", "common-password", "system-auth", "password-auth"):
        found = pam.stack(service, "password")
        if found:
            return found
    return []


def login_stacks(pam: Pam) -> list[list[Entry]]:
    """Return the stacks of the ways people log on; a rule holds only when it is in all of them."""
    services = ("login", "sshd", "gdm-password", "lightdm", "sddm", "kde")
    found = [pam.stack(service, "auth") for service in services if pam.has(service)]
    if not found:
        common = ("common-auth", "system-auth", "password-auth")
        found = [pam.stack(service, "auth") for service in common if pam.has(service)]
    return [stack for stack in found if stack]


def module(stack: Sequence[Entry], *names: str) -> Entry | None:
    """Return the first entry of one of the modules."""
    return next((entry for entry in stack if entry.module in names), None)


def password_rules(bundle: RawBundle, pam: Pam) -> Row:
    """Return what new passwords must look like, as columns of account_policy."""
    stack = password_stack(pam)
    if not stack:
        return {}
    quality = module(stack, "pam_pwquality.so", "pam_cracklib.so")
    if quality:
        return _quality_rules(bundle, quality)
    passwdqc = module(stack, "pam_passwdqc.so")
    if passwdqc:
        return _passwdqc_rules(bundle, passwdqc)
    unix = module(stack, "pam_unix.so")
    if unix is None:
        return {"mechanism": "none", "complexity_enforced": False} if not _foreign(stack) else {}
    # pam_unix alone: six characters unless told otherwise, and no demand about kinds of characters.
    length = whole(unix.option("minlen"))
    return _rules("pam_unix", 6 if length is None else length, 0, dict.fromkeys(_KINDS, False)) | {
        "complexity_enforced": False,
        "enforced_for_root": False,
    }


def _foreign(stack: Sequence[Entry]) -> bool:
    return module(stack, *DIRECTORY_MODULES) is not None


def _rules(mechanism: str, length: int, classes: int, kinds: dict[str, bool]) -> Row:
    asked = sum(kinds.values())
    if classes >= len(_KINDS):
        kinds = dict.fromkeys(_KINDS, True)
    return {
        "mechanism": mechanism,
        "minimum_length": length,
        "minimum_classes": max(classes, asked),
        "complexity_is_approximate": False,
        **kinds,
    }


def _quality_rules(bundle: RawBundle, entry: Entry) -> Row:
    modern = entry.module == "pam_pwquality.so"
    found = _quality_settings(bundle) if modern else {}
    for argument in entry.arguments:
        key, equals, value = argument.partition("=")
        found[key] = value if equals else "1"
    credits_ = {
        key: whole(found.get(key)) if key in found else (0 if modern else 1) for key in _CREDITS
    }
    length = whole(found.get("minlen")) if "minlen" in found else (8 if modern else 9)
    classes = whole(found.get("minclass")) if "minclass" in found else 0
    if length is None or classes is None or None in credits_.values():
        return {"mechanism": entry.module.removesuffix(".so")}
    # A positive credit shortens the password for each kind of character in it.
    gained = sum(value for value in credits_.values() if value and value > 0)
    kinds = {_CREDITS[key]: bool(value and value < 0) for key, value in credits_.items()}
    row = _rules(entry.module.removesuffix(".so"), max(length - gained, 1), classes, kinds)
    enforcing = entry.can_refuse and found.get("enforcing", "1") != "0"
    row["complexity_enforced"] = enforcing
    row["enforced_for_root"] = "enforce_for_root" in found
    return row


def _quality_settings(bundle: RawBundle) -> dict[str, str]:
    found = lines(bundle, "login_config", "*/pwquality.conf", "*/pwquality.conf.d/*.conf")
    # Drop-ins are read after the main file whatever their names.
    found.sort(key=lambda line: (not line.file.startswith("/usr/"), ".conf.d/" in line.file))
    return last_values(found)


def _passwdqc_rules(bundle: RawBundle, entry: Entry) -> Row:
    found = (
        last_values(lines(bundle, "login_config", "*/passwdqc.conf"))
        if any(a.startswith("config=") for a in entry.arguments)
        else {}
    )
    found.update(a.partition("=")[::2] for a in entry.arguments if "=" in a)
    parts = found.get("min", "disabled,24,11,8,7").split(",")
    lengths = {kind: whole(part) for kind, part in zip(_PASSWDQC_KINDS, parts, strict=False)}
    allowed = {kind: length for kind, length in lengths.items() if length is not None}
    if len(parts) != len(_PASSWDQC_KINDS) or not allowed:
        return {"mechanism": "pam_passwdqc"}
    fewest = min(classes for _, classes in allowed)
    all_four = fewest == len(_KINDS)
    row = _rules("pam_passwdqc", min(allowed.values()), fewest, dict.fromkeys(_KINDS, all_four))
    row["complexity_is_approximate"] = True
    row["complexity_enforced"] = entry.can_refuse and found.get("enforce", "everyone") != "none"
    row["enforced_for_root"] = found.get("enforce", "everyone") == "everyone"
    return row


# N0 one kind, N1 two kinds, N2 a passphrase, N3 three kinds, N4 four kinds.
_PASSWDQC_KINDS = (("n0", 1), ("n1", 2), ("n2", 1), ("n3", 3), ("n4", 4))


def history_size(bundle: RawBundle, pam: Pam) -> int | None:
    """Return how many old passwords may not come back."""
    stack = password_stack(pam)
    if not stack:
        return None
    entry = module(stack, "pam_pwhistory.so")
    if entry:
        conf = last_values(lines(bundle, "login_config", "*/pwhistory.conf"))
        return whole(entry.option("remember") or conf.get("remember", "10"))
    unix = module(stack, "pam_unix.so")
    return whole((unix.option("remember") if unix else None) or "0")


def lockout_rules(bundle: RawBundle, pam: Pam) -> Row:
    """Return after how many wrong passwords an account locks; the weakest way to log on decides."""
    stacks = login_stacks(pam)
    if not stacks:
        return {}
    conf = lines(bundle, "login_config", "*/faillock.conf")
    rules = [_lockout_of(stack, conf) for stack in stacks]
    open_ways = [rule for rule in rules if rule.get("lockout_threshold") == 0]
    if open_ways:
        return open_ways[0]
    unclear = [rule for rule in rules if rule.get("lockout_threshold") is None]
    return unclear[0] if unclear else max(rules, key=lambda r: int(str(r["lockout_threshold"])))


def _lockout_of(stack: Sequence[Entry], conf: Sequence[Line]) -> Row:
    entries = [entry for entry in stack if entry.module == "pam_faillock.so"]
    said = {argument for entry in entries for argument in entry.arguments}
    # Without preauth nobody is kept out, without authfail nothing is counted.
    if {"preauth", "authfail"} <= said:
        return _faillock(entries, conf)
    tally = module(stack, "pam_tally2.so", "pam_tally.so")
    if tally:
        return _tally(tally)
    return {"lockout_threshold": 0, "lockout_mechanism": "none"}


def _faillock(entries: Sequence[Entry], conf: Sequence[Line]) -> Row:
    found = last_values(conf)
    for entry in entries:
        for argument in entry.arguments:
            key, _, value = argument.partition("=")
            found[key] = value
    unlock = found.get("unlock_time", "600")
    return {
        "lockout_mechanism": "pam_faillock",
        "lockout_threshold": whole(found.get("deny", "3")),
        "lockout_duration_seconds": 0 if unlock == "never" else whole(unlock),
        "lockout_window_seconds": seconds(found.get("fail_interval", "900")),
        "lockout_for_root": "even_deny_root" in found,
    }


def _tally(entry: Entry) -> Row:
    return {
        "lockout_mechanism": entry.module.removesuffix(".so"),
        "lockout_threshold": whole(entry.option("deny") or "0"),
        "lockout_duration_seconds": whole(entry.option("unlock_time") or "0"),
        "lockout_for_root": "even_deny_root" in entry.arguments,
    }


_FACTORS = {
    "pam_google_authenticator.so": "google_authenticator",
    "pam_u2f.so": "u2f",
    "pam_yubico.so": "u2f",
    "pam_oath.so": "oath",
    "pam_duo.so": "duo",
    "pam_radius_auth.so": "radius",
    "pam_pkcs11.so": "smart_card",
}


def second_factor(stack: Sequence[Entry]) -> tuple[str | None, bool]:
    """Return the second factor in a stack and whether nobody can go around it."""
    for entry in stack:
        if entry.module in _FACTORS:
            strict = entry.control in ("required", "requisite") and not any(
                argument.startswith("nullok") for argument in entry.arguments
            )
            return _FACTORS[entry.module], strict
    return None, False
