"""The settings an administrator may write: access.toml in the data folder (directory, provider, TLS)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from khien.access.errors import NotBeyondLoopback, SettingsBroken
from khien.kernel.language import Text

FILE = "access.toml"


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where pages are served: address, TLS files, names that are answered, proxies that have TLS."""

    address: str = "127.0.0.1"
    hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    private_key: Path | None = None
    proxies: tuple[str, ...] = ()

    @property
    def has_tls(self) -> bool:
        """Say whether pages leave encrypted: by our own TLS, or a proxy's."""
        return self.certificate is not None or bool(self.proxies)

    @property
    def is_loopback(self) -> bool:
        """Say whether pages are for this machine only."""
        return self.address in ("127.0.0.1", "::1", "localhost")

    @property
    def stays_on_machine(self) -> bool:
        """Say whether nobody from outside reaches the pages, by a proxy either."""
        return self.is_loopback and not self.proxies

    def require_safe(self) -> None:
        """Make sure that pages leave the machine encrypted only.

        Raises: NotBeyondLoopback: another address than loopback, and no TLS
        """
        if not self.is_loopback and not self.has_tls:
            raise NotBeyondLoopback(address=self.address)


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """An OpenID Connect provider, and the claim that names our user."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    username_claim: str = "preferred_username"
    scopes: tuple[str, ...] = ("openid", "profile")


@dataclass(frozen=True, slots=True)
class LdapSettings:
    """A directory whose passwords are taken: LDAPS or STARTTLS only."""

    server: str
    base: str
    user_filter: str
    start_tls: bool = True
    bind_dn: str = ""
    bind_password: str = field(default="", repr=False)
    certificates: Path | None = None
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """All of access.toml; without the file: this machine only, own passwords only."""

    serve: ServeSettings = ServeSettings()
    openid: OpenIdSettings | None = None
    ldap: LdapSettings | None = None


def settings_file() -> Path:
    """Return where the settings stand."""
    return Path(settings.KHIEN_DATA) / FILE


def load_access_settings(path: Path | None = None) -> AccessSettings:
    """Return the settings of the data folder; read again whenever the file changes.

    Raises: SettingsBroken: names the table, the key and what is wrong
    """
    file = path or settings_file()
    try:
        stamp = file.stat().st_mtime_ns
    except FileNotFoundError:
        return _NOTHING
    known = _read.get(file)
    if known is None or known[0] != stamp:
        known = (stamp, _Reader(file).all())
        _read[file] = known
    return known[1]


_NOTHING = AccessSettings()
_read: dict[Path, tuple[int, AccessSettings]] = {}


class _Reader:
    """Reads one file, key by key; an unknown key is a mistake, never passed over."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.data: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise self.wrong("", "", Text(str(error), str(error))) from error

    def all(self) -> AccessSettings:
        """Return the whole."""
        self._only("", self.data, ("serve", "openid", "ldap"))
        return AccessSettings(
            serve=self._serve(self._table("serve")),
            openid=self._openid(self._table("openid")) if "openid" in self.data else None,
            ldap=self._ldap(self._table("ldap")) if "ldap" in self.data else None,
        )

    def wrong(self, table: str, key: str, why: Text) -> SettingsBroken:
        """Return the error that names the place."""
        return SettingsBroken(file=self.file, table=table or "-", key=key or "-", why=why)

    def _serve(self, given: Mapping[str, Any]) -> ServeSettings:
        self._only("serve", given, ("address", "hosts", "certificate", "private_key", "proxies"))
        serve = ServeSettings(
            address=self._text("serve", given, "address", "127.0.0.1"),
            hosts=self._texts("serve", given, "hosts"),
            certificate=self._file("serve", given, "certificate"),
            private_key=self._file("serve", given, "private_key"),
            proxies=self._texts("serve", given, "proxies"),
        )
        if (serve.certificate is None) != (serve.private_key is None):
            both = Text(
                "certificate và private_key đi cùng nhau", "certificate and private_key go together"
            )
            raise self.wrong("serve", "private_key", both)
        return serve

    def _openid(self, given: Mapping[str, Any]) -> OpenIdSettings:
        keys = ("name", "issuer", "client_id", "client_secret", "username_claim", "scopes")
        self._only("openid", given, keys)
        issuer = self._text("openid", given, "issuer")
        address = urlsplit(issuer)
        is_local = address.hostname in ("127.0.0.1", "localhost", "::1")
        if address.scheme != "https" and not (address.scheme == "http" and is_local):
            must = Text("phải là địa chỉ https://", "must be an https:// address")
            raise self.wrong("openid", "issuer", must)
        return OpenIdSettings(
            name=self._text("openid", given, "name", "OpenID"),
            issuer=issuer.rstrip("/"),
            client_id=self._text("openid", given, "client_id"),
            client_secret=self._text("openid", given, "client_secret", ""),
            username_claim=self._text("openid", given, "username_claim", "preferred_username"),
            scopes=self._texts("openid", given, "scopes") or ("openid", "profile"),
        )

    def _ldap(self, given: Mapping[str, Any]) -> LdapSettings:
        keys = (
            "server",
            "base",
            "user_filter",
            "start_tls",
            "bind_dn",
            "bind_password",
            "certificates",
            "seconds",
        )
        self._only("ldap", given, keys)
        server = self._text("ldap", given, "server")
        start_tls = given.get("start_tls", not server.startswith("ldaps://"))
        if not server.startswith(("ldap://", "ldaps://")) or not isinstance(start_tls, bool):
            must = Text("phải là ldap://… hoặc ldaps://…", "must be ldap://… or ldaps://…")
            raise self.wrong("ldap", "server", must)
        if server.startswith("ldap://") and not start_tls:
            clear = Text("mật khẩu sẽ đi không mã hóa", "passwords would travel in the clear")
            raise self.wrong("ldap", "start_tls", clear)
        user_filter = self._text("ldap", given, "user_filter", "(uid={username})")
        if "{username}" not in user_filter:
            must = Text("phải có {username}", "must contain {username}")
            raise self.wrong("ldap", "user_filter", must)
        return LdapSettings(
            server=server,
            base=self._text("ldap", given, "base"),
            user_filter=user_filter,
            start_tls=start_tls and not server.startswith("ldaps://"),
            bind_dn=self._text("ldap", given, "bind_dn", ""),
            bind_password=self._text("ldap", given, "bind_password", ""),
            certificates=self._file("ldap", given, "certificates"),
            seconds=self._seconds(given),
        )

    def _seconds(self, given: Mapping[str, Any]) -> int:
        value = given.get("seconds", 5)
        if not isinstance(value, int) or not 0 < value <= 60:
            raise self.wrong("ldap", "seconds", Text("phải là số từ 1 đến 60", "must be 1 to 60"))
        return value

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self.data.get(name, {})
        if not isinstance(found, dict):
            raise self.wrong(name, "", Text("phải là một mục", "must be a table"))
        return found

    def _only(self, table: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in given:
            if key not in known:
                names = ", ".join(known)
                raise self.wrong(
                    table,
                    key,
                    Text(f"không có khóa này; có: {names}", f"no such key; there are: {names}"),
                )

    def _text(
        self, table: str, given: Mapping[str, Any], key: str, default: str | None = None
    ) -> str:
        value = given.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(table, key, Text("thiếu hoặc không phải chữ", "missing, or not text"))
        return value

    def _texts(self, table: str, given: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = given.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(table, key, Text("phải là danh sách chữ", "must be a list of texts"))
        return tuple(value)

    def _file(self, table: str, given: Mapping[str, Any], key: str) -> Path | None:
        name = self._text(table, given, key, "")
        if not name:
            return None
        place = (self.file.parent / name).resolve()
        if not place.is_file():
            raise self.wrong(table, key, Text(f"không có tệp {place}", f"there is no file {place}"))
        return place
