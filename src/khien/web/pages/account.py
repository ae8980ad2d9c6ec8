"""One's own account as a page: password, factors, this session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import qrcode

from khien.access import factors, services, sessions
from khien.access.models import SecondFactor, SignedIn
from khien.access.policy import SignInPolicy, policy_for
from khien.org.models import User

_QUIET = 4


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What stands on the page of one's own account."""

    user: User
    rules: SignInPolicy
    way: str
    has_password: bool
    password_until: datetime | None
    days_left: int | None
    factors: Iterable[SecondFactor]
    codes_left: int
    session_count: int

    @classmethod
    def of(cls, user: User, mark: Mapping[str, Any], *, now: datetime) -> AccountPage:
        """Gather the page of a user."""
        return cls(
            user=user,
            rules=policy_for(user),
            way=str(mark["way"]),
            has_password=user.has_usable_password(),
            password_until=services.password_expires_at(user),
            days_left=services.days_until_expiry(user, now=now),
            factors=list(factors.factors_of(user)),
            codes_left=factors.recovery_codes_left(user),
            session_count=sessions.open_sessions(user, now=now).count(),
        )


def sessions_of(user: User, *, now: datetime) -> list[SignedIn]:
    """Return the live sessions of a user."""
    return list(sessions.open_sessions(user, now=now))


def qr_squares(text: str) -> dict[str, Any]:
    """Return a QR code as the size of its square and one path of dark modules, for inline SVG."""
    code = qrcode.QRCode(border=0)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return {"size": len(rows) + 2 * _QUIET, "path": path}
