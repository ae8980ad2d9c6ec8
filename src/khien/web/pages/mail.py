"""The page of the queue of mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khien.kernel.errors import KhienError
from khien.notices.config import FILE, MailSettings
from khien.notices.models import Mail
from khien.notices.selectors import QueueState, mails_of, queue_state
from khien.org.models import Unit
from khien.org.selectors import users_of
from khien.web.pages.notices import server_settings

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class MailPage:
    """The server, how the whole queue stands, and the mails one may see."""

    server: MailSettings | None
    broken: KhienError | None
    file: str
    state: QueueState
    mails: Sequence[Mail]
    number: int
    page_count: int


def mail_page(units: Iterable[Unit], *, number: int) -> MailPage:
    """Put the page together: counts of the whole instance, single mails only of users of units one administers."""
    server, broken = server_settings()
    found = mails_of(users_of(units))
    page_count = max(1, -(-found.count() // PAGE_SIZE))
    number = min(max(1, number), page_count)
    return MailPage(
        server=server,
        broken=broken,
        file=FILE,
        state=queue_state(),
        mails=list(found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]),
        number=number,
        page_count=page_count,
    )
