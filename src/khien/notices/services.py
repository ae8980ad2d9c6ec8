"""The only writer of notices, of what people want by e-mail, and of mails to be sent."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from khien.kernel.clock import vietnam_date
from khien.kernel.language import Text
from khien.ledger import services as ledger
from khien.notices.errors import NoAddress, PreferenceRefused
from khien.notices.events import MAIL_RESENT
from khien.notices.kinds import KINDS
from khien.notices.models import Mail, Notice, Preference
from khien.org.models import Unit, User

TITLE_LENGTH: Final = 400
WHY_LENGTH: Final = 300
_BATCH: Final = 500
_KEPT: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a person is to be told: `source` makes it unique; `mail` is the title without person or weakness.

    place: the page, as a kind and keys of `khien.desk.targets`
    """

    user_id: int
    kind: str
    about: str
    source: str
    title: Text
    unit: Unit | None = None
    mail: Text | None = None
    why: Text = field(default_factory=lambda: Text("", ""))
    anchor: str = ""
    due_on: date | None = None
    place: Sequence[tuple[str, str | int]] = ()


@transaction.atomic
def tell(tellings: Iterable[Telling], *, now: datetime) -> int:
    """Tell people things they were not told yet; return how many notices are new."""
    wanted = {(one.user_id, one.source): one for one in tellings}
    told = _told(wanted)
    fresh = [_notice(one, now) for key, one in wanted.items() if key not in told]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=_BATCH)
    return len(fresh)


def _told(wanted: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    sources = sorted({source for _, source in wanted})
    found: set[tuple[int, str]] = set()
    for start in range(0, len(sources), _BATCH):
        known = Notice.objects.filter(source__in=sources[start : start + _BATCH])
        found.update(known.values_list("user_id", "source"))
    return found


def _notice(one: Telling, now: datetime) -> Notice:
    mail = one.mail or one.title
    return Notice(
        user_id=one.user_id,
        unit=one.unit,
        kind=one.kind,
        about=one.about,
        source=one.source,
        title_vi=one.title.vi[:TITLE_LENGTH],
        title_en=one.title.en[:TITLE_LENGTH],
        mail_vi=mail.vi[:TITLE_LENGTH],
        mail_en=mail.en[:TITLE_LENGTH],
        why_vi=one.why.vi[:WHY_LENGTH],
        why_en=one.why.en[:WHY_LENGTH],
        anchor=one.anchor,
        due_on=one.due_on,
        place=[list(pair) for pair in one.place],
        made_at=now,
    )


@transaction.atomic
def settle(abouts: Collection[str], *, now: datetime) -> int:
    """Put away unread notices about things that are done; return how many."""
    listed, count = sorted(abouts), 0
    for start in range(0, len(listed), _BATCH):
        open_ones = Notice.objects.filter(about__in=listed[start : start + _BATCH], read_at=None)
        count += open_ones.update(read_at=now, is_settled=True)
    return count


@transaction.atomic
def mark_read(user: User, *, now: datetime, numbers: Collection[int] | None = None) -> int:
    """Mark notices of a person as read, all of them where none are named; return how many were not."""
    unread = Notice.objects.filter(user=user, read_at=None)
    if numbers is not None:
        unread = unread.filter(pk__in=numbers)
    return unread.update(read_at=now)


@transaction.atomic
def clear_old(*, now: datetime) -> int:
    """Take away notices that were read long ago, and mails that left long ago; return how many notices."""
    Mail.objects.filter(made_at__lt=now - _KEPT).exclude(state=Mail.State.WAITING).delete()
    return Notice.objects.filter(read_at__lt=now - _KEPT).delete()[0]


@transaction.atomic
def set_preference(
    user: User, *, by_mail: bool, hour: int, muted: Collection[str], language: str, now: datetime
) -> Preference:
    """Save what a person wants by e-mail.

    Raises: PreferenceRefused: not an hour of the day, a kind there is not, another language
    """
    if not 0 <= hour <= 23:
        raise PreferenceRefused(Text("giờ phải từ 0 đến 23.", "the hour is from 0 to 23."))
    unknown = sorted(set(muted) - set(KINDS))
    if unknown or language not in ("vi", "en"):
        what = ", ".join(unknown) or language
        raise PreferenceRefused(Text(f"không có lựa chọn «{what}».", f"no such choice: “{what}”."))
    kept, _ = Preference.objects.update_or_create(
        user=user,
        defaults={
            "by_mail": by_mail,
            "hour": hour,
            "muted": sorted(set(muted)),
            "language": language,
            "changed_at": now,
        },
    )
    return kept


@transaction.atomic
def queue_test(user: User, *, now: datetime) -> Mail:
    """Put a mail that says nothing but that it is a test into the queue.

    Raises: NoAddress: the person has none
    """
    if not user.email:
        raise NoAddress(user=user.username)
    return Mail.objects.create(
        user=user,
        kind=Mail.Kind.TEST,
        day=vietnam_date(now),
        address=user.email,
        message=new_message(),
        made_at=now,
        next_at=now,
    )


@transaction.atomic
def send_again(users: Iterable[User], *, by: str, now: datetime) -> int:
    """Make mails to users due now: those that wait, and those a server refused; return how many."""
    stuck = Mail.objects.filter(user__in=users).filter(
        state__in=(Mail.State.WAITING, Mail.State.REFUSED)
    )
    count = stuck.update(state=Mail.State.WAITING, next_at=now, attempts=0)
    if count:
        ledger.record(MAIL_RESENT, subject="mail", body={"by": by, "count": count}, at=now)
    return count


def new_message() -> str:
    """Return the local part of a Message-ID."""
    return f"khien.{secrets.token_hex(16)}"
