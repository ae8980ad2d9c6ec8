"""Where a request comes from, and what its user must do before anything else."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from khien.access.config import load_access_settings
from khien.access.factors import factors_of
from khien.access.policy import policy_for
from khien.access.services import LDAP, LINK, OPENID, PASSWORD, must_change_password
from khien.access.sessions import HOLD_FACTOR, HOLD_PASSWORD
from khien.org.models import User

_LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
WAYS = (PASSWORD, LINK, OPENID, LDAP)


@dataclass(frozen=True, slots=True)
class Place:
    """The address and browser of a request, and whether it was made on the machine itself."""

    address: str
    agent: str
    is_local: bool


def where_from(request: HttpRequest) -> Place:
    """Return where a request comes from.

    Behind a declared proxy the address is the last one that the proxy added; such a request is never local.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    agent = str(request.META.get("HTTP_USER_AGENT") or "")[:300]
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR") or "")
    host = str(request.META.get("HTTP_HOST") or "localhost").rsplit(":", 1)[0]
    proxies = load_access_settings().serve.proxies
    if peer in proxies:
        last = forwarded.rsplit(",", 1)[-1].strip()
        return Place(_address(last) or peer, agent, is_local=False)
    is_local = _is_loopback(peer) and not forwarded and host in (*_LOCAL_HOSTS, "testserver")
    return Place(_address(peer) or "-", agent, is_local=is_local)


def hold_of(user: User, *, way: str, is_local: bool, now: datetime) -> str:
    """Return what a user must do before anything else: "password", "factor", or "" for nothing.

    Who came by a link on the machine itself holds the machine: that stands for a second factor.
    """
    if way == PASSWORD and must_change_password(user, now=now):
        return HOLD_PASSWORD
    if way == LINK and is_local:
        return ""
    if policy_for(user).second_factor.value and not factors_of(user).exists():
        return HOLD_FACTOR
    return ""


def needs_second_step(user: User, *, way: str, is_local: bool) -> bool:
    """Say whether a user who has a second factor must show it now."""
    if way == LINK and is_local:
        return False
    return factors_of(user).exists()


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def _is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
