"""The mail server an administrator names: mail.toml in the data folder, beside access.toml."""

from __future__ import annotations

import stat
import tomllib
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from khien.kernel.language import Text
from khien.notices.errors import MailSettingsBroken

FILE: Final = "mail.toml"
SECURITIES: Final = ("tls", "starttls", "none")
_PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_KEYS: Final = (
    "server", "port", "security", "username", "password", "password_file", "certificates", "sender",
    "address", "seconds", "allow_plain",
)  # fmt: skip
_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves; `address` is where people open Khiên, for the links in mails."""

    server: str
    port: int
    security: str
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)
    certificates: Path | None = None
    address: str = ""
    seconds: int = _SECONDS


def mail_file() -> Path:
    """Return where the settings stand."""
    return Path(settings.KHIEN_DATA) / FILE


def load_mail_settings(path: Path | None = None) -> MailSettings | None:
    """Return the settings of the data folder; None where no mail server is configured.

    Raises: MailSettingsBroken: names the key and what is wrong
    """
    file = path or mail_file()
    if not file.exists():
        return None
    return _Reader(file).all()


class _Reader:
    """Reads the one table of the file; an unknown key is a mistake, never passed over."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            with file.open("rb") as source:
                whole = tomllib.load(source)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise self._wrong(f"không đọc được ({error})", f"cannot be read ({error})") from error
        self.data: dict[str, Any] = whole.get("smtp", {})
        if set(whole) != {"smtp"} or not isinstance(self.data, dict):
            raise self._wrong("cần đúng một bảng [smtp]", "needs one table [smtp]")
        for key in self.data:
            if key not in _KEYS:
                raise self._wrong(f"không có khóa «{key}»", f"unknown key “{key}”")

    def all(self) -> MailSettings:
        server, security = self._text("server"), self._text("security", "starttls")
        if not server:
            raise self._wrong("thiếu «server»", "“server” is missing")
        if security not in SECURITIES:
            words = ", ".join(SECURITIES)
            raise self._wrong(f"«security» là một trong: {words}", f"“security” is one of: {words}")
        may_be_plain = server in _LOOPBACK or self.data.get("allow_plain") is True
        if security == "none" and not may_be_plain:
            raise self._wrong(
                "thư không mã hóa chỉ gửi tới máy này; nếu máy chủ nội bộ không có TLS thì ghi allow_plain = true",
                "unencrypted mail goes to this machine only; if the server has no TLS write allow_plain = true",
            )
        return MailSettings(
            server=server,
            port=self._number("port", _PORTS[security], 65535),
            security=security,
            sender=self._sender(),
            username=self._text("username", ""),
            password=self._password(security),
            certificates=self._certificates(),
            address=self._address(),
            seconds=self._number("seconds", _SECONDS, 120),
        )

    def _sender(self) -> str:
        sender = self._text("sender")
        if "@" not in parseaddr(sender)[1] or not sender.isprintable():
            raise self._wrong(
                "«sender» phải là địa chỉ thư, ví dụ Khiên <khien@tinh.gov.vn>",
                "“sender” must be an address such as Khiên <khien@province.gov.vn>",
            )
        return sender

    def _password(self, security: str) -> str:
        if "password" in self.data and "password_file" in self.data:
            raise self._wrong(
                "chỉ ghi một trong «password», «password_file»",
                "give “password” or “password_file”, not both",
            )
        password = self._text("password", "")
        if "password_file" in self.data:
            place = self.file.parent / self._text("password_file")
            self._must_be_private(place)
            try:
                password = place.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise self._wrong(
                    f"không đọc được «password_file» ({error.strerror})",
                    f"“password_file” cannot be read ({error.strerror})",
                ) from error
        elif password:
            self._must_be_private(self.file)
        if password and security == "none" and self._text("server") not in _LOOPBACK:
            raise self._wrong(
                "không gửi mật khẩu qua đường không mã hóa",
                "no password is sent over an unencrypted line",
            )
        return password

    def _must_be_private(self, place: Path) -> None:
        if place.exists() and place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise self._wrong(
                f"tệp {place.name} có mật khẩu mà người khác trên máy đọc được; đặt quyền 600",
                f"the file {place.name} holds a password and others on the machine may read it; set mode 600",
            )

    def _certificates(self) -> Path | None:
        if "certificates" not in self.data:
            return None
        place = self.file.parent / self._text("certificates")
        if not place.is_file():
            raise self._wrong("không có tệp «certificates»", "there is no file “certificates”")
        return place

    def _address(self) -> str:
        address = self._text("address", "").rstrip("/")
        if address and urlsplit(address).scheme not in ("http", "https"):
            raise self._wrong("«address» phải là https://…", "“address” must be https://…")
        return address

    def _text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None:
            raise self._wrong(f"thiếu «{key}»", f"“{key}” is missing")
        if not isinstance(value, str):
            raise self._wrong(f"«{key}» phải là chữ", f"“{key}” must be text")
        return value.strip()

    def _number(self, key: str, default: int, most: int) -> int:
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
            raise self._wrong(
                f"«{key}» phải là số từ 1 đến {most}", f"“{key}” must be a number from 1 to {most}"
            )
        return value

    def _wrong(self, vi: str, en: str) -> MailSettingsBroken:
        return MailSettingsBroken(self.file.name, Text(vi, en))
