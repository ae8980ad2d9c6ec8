"""Passwords that a directory (LDAP, Active Directory) keeps: found by a search, proven by a bind, never stored."""

from __future__ import annotations

import logging
import ssl

from ldap3 import (
    AUTO_BIND_NO_TLS,
    AUTO_BIND_TLS_BEFORE_BIND,
    NONE,
    SUBTREE,
    Connection,
    Server,
    Tls,
)
from ldap3.core.exceptions import LDAPBindError, LDAPException, LDAPInvalidCredentialsResult
from ldap3.utils.conv import escape_filter_chars

from khien.access.config import LdapSettings, load_access_settings
from khien.access.errors import DirectoryUnreachable

logger = logging.getLogger("khien.access")


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
    try:
        with _connection(config, person, password):
            return True
    except (LDAPBindError, LDAPInvalidCredentialsResult):
        return False
    except (LDAPException, OSError, ssl.SSLError) as error:
        raise _unreachable(config, error) from error


def _name_of(config: LdapSettings, username: str) -> str | None:
    """Return the distinguished name of a person; None for none, or for more than one."""
    asked = config.user_filter.replace("{username}", escape_filter_chars(username))
    try:
        with _connection(config, config.bind_dn, config.bind_password) as link:
            link.search(config.base, asked, SUBTREE, attributes=[], size_limit=2)
            found = [e["dn"] for e in link.response or [] if e.get("type") == "searchResEntry"]
    except (LDAPException, OSError, ssl.SSLError) as error:
        raise _unreachable(config, error) from error
    return str(found[0]) if len(found) == 1 else None


def _connection(config: LdapSettings, who: str, password: str) -> Connection:
    trust = Tls(
        validate=ssl.CERT_REQUIRED,
        version=ssl.PROTOCOL_TLS_CLIENT,
        ca_certs_file=str(config.certificates) if config.certificates else None,
    )
    server = Server(config.server, tls=trust, get_info=NONE, connect_timeout=config.seconds)
    return Connection(
        server,
        user=who or None,
        password=password or None,
        auto_bind=AUTO_BIND_TLS_BEFORE_BIND if config.start_tls else AUTO_BIND_NO_TLS,
        receive_timeout=config.seconds,
        auto_referrals=False,
        read_only=True,
    )


def _unreachable(config: LdapSettings, error: Exception) -> DirectoryUnreachable:
    logger.error("directory server=%s error=%s", config.server, error)
    return DirectoryUnreachable(server=config.server, why=type(error).__name__)
