"""Passwords that a directory (LDAP, Active Directory) keeps: found by a search, proven by a bind, never stored."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ldap3 import (
    NONE,
    SUBTREE,
    Connection,
    Server,
    Tls,
)
from ldap3.core.exceptions import LDAPBindError, LDAPException
from ldap3.utils.conv import escape_filter_chars

from khien.access.config import LdapSettings, load_access_settings
from khien.access.errors import DirectoryUnreachable

logger = logging.getLogger("khien.access")


class CheckedTls(Tls):  # type: ignore[misc]
    """TLS whose certificate and name Python itself checks; the library's own comparison left with Python 3.12."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        """Put TLS on the connection, or fail."""
        context = ssl.create_default_context(cafile=self.ca_certs_file)
        connection.socket = context.wrap_socket(
            connection.socket,
            server_hostname=connection.server.host,
            do_handshake_on_connect=do_handshake,
        )


def settings_of_directory() -> LdapSettings | None:
    """Return the directory's settings, None where there is no directory."""
    return load_access_settings().ldap


def accepts(config: LdapSettings, username: str, password: str) -> bool:
    """Say whether the directory holds exactly one such person and takes the password.

    An empty password is never tried: servers take it as an anonymous bind.
    Raises: DirectoryUnreachable: no answer, no trusted TLS, or the searching account is refused
    """
    if not password:
        return False
    person = _name_of(config, username)
    if person is None:
        return False
    with _opened(config, person, password) as link:
        return bool(link.bind())


def _name_of(config: LdapSettings, username: str) -> str | None:
    """Return the distinguished name of a person; None for none, or for more than one."""
    asked = config.user_filter.replace("{username}", escape_filter_chars(username))
    with _opened(config, config.bind_dn, config.bind_password) as link:
        if not link.bind():
            raise LDAPBindError("the searching account is refused")
        link.search(config.base, asked, SUBTREE, attributes=[], size_limit=2)
        found = [e["dn"] for e in link.response or [] if e.get("type") == "searchResEntry"]
    return str(found[0]) if len(found) == 1 else None


@contextmanager
def _opened(config: LdapSettings, who: str, password: str) -> Iterator[Connection]:
    """Hold a connection under TLS, not yet bound; whatever goes wrong on it is the directory's trouble."""
    trust = CheckedTls(
        validate=ssl.CERT_REQUIRED,
        ca_certs_file=str(config.certificates) if config.certificates else None,
    )
    server = Server(config.server, tls=trust, get_info=NONE, connect_timeout=config.seconds)
    link = Connection(
        server,
        user=who or None,
        password=password or None,
        receive_timeout=config.seconds,
        auto_referrals=False,
        read_only=True,
    )
    try:
        link.open()
        if config.start_tls:
            link.start_tls()
        yield link
    except (LDAPException, OSError) as error:
        raise _unreachable(config, error) from error
    finally:
        with suppress(LDAPException, OSError):
            link.unbind()
        if link.socket is not None:
            link.socket.close()


def _unreachable(config: LdapSettings, error: Exception) -> DirectoryUnreachable:
    logger.error("directory server=%s error=%s", config.server, error)
    return DirectoryUnreachable(server=config.server, why=type(error).__name__)
