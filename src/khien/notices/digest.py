"""One digest a day: who gets one, and its words; nothing new, no mail; quiet on days off unless due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from khien.duties.holidays import working_days
from khien.kernel.clock import VIETNAM, said_day, vietnam_date
from khien.kernel.language import Language, Text
from khien.norms.library import load_library
from khien.norms.wording import cited
from khien.notices.config import MailSettings
from khien.notices.kinds import KINDS
from khien.notices.models import Mail, Notice, Preference
from khien.notices.selectors import preferences_of
from khien.notices.services import new_message
from khien.org.models import User

LINES_MAX: Final = 20
# Where a notice is opened; it leads on to what it is about.
NOTICES_PATH: Final = "/thong-bao/"
_SUBJECT = Text("Khiên: {count} việc cần biết, {day}", "Khiên: {count} things to know, {day}")
_HELLO = Text(
    "Tổng hợp trong ngày {day}. Mỗi ngày nhiều nhất một thư, không có gì mới thì không gửi.",
    "The digest of {day}. One mail a day at most, none where nothing is new.",
)
_DUE = Text("hạn {day}", "due {day}")
_MORE = Text(
    "… và {count} việc khác trên trang thông báo.", "… and {count} more on the page of notices."
)
_END = Text(
    "Bỏ bớt loại nhắc, đổi giờ gửi hoặc thôi nhận thư: {link}",
    "Leave kinds out, change the hour, or get no more mail: {link}",
)
_NO_ADDRESS = Text("mở Khiên, mục Thông báo", "open Khiên, page Notices")
_TEST_SUBJECT = Text("Khiên: thư thử", "Khiên: a test mail")
_TEST_BODY = Text(
    "Thư này chỉ để thử máy chủ thư. Nhận được nghĩa là nhắc việc qua thư đã chạy.",
    "This mail only tries the mail server. If you read it, reminders by mail work.",
)


@dataclass(frozen=True, slots=True)
class Words:
    """A mail in words."""

    subject: str
    body: str


def queue_digests(*, now: datetime) -> int:
    """Queue a digest for everybody who has something new and whose hour has come; return how many.

    Who still has a digest waiting gets what is new in that one: a server that is down for days makes no flood.
    """
    new = Notice.objects.filter(mail=None, read_at=None)
    ids = new.order_by().values_list("user_id", flat=True).distinct()
    users = list(User.objects.filter(pk__in=list(ids), is_active=True).exclude(email=""))
    chosen = preferences_of(users)
    return sum(
        _queue(user, chosen.get(user.pk) or Preference(user=user), now=now) for user in users
    )


@transaction.atomic
def _queue(user: User, preference: Preference, *, now: datetime) -> bool:
    local = now.astimezone(VIETNAM)
    if not preference.by_mail or local.hour < preference.hour:
        return False
    new = Notice.objects.filter(user=user, mail=None, read_at=None).exclude(
        kind__in=preference.muted
    )
    listed = list(new.values_list("pk", "due_on"))
    if not listed or not _may_disturb((due for _, due in listed), local.date()):
        return False
    mail = Mail.objects.select_for_update().filter(
        user=user, kind=Mail.Kind.DIGEST, state=Mail.State.WAITING
    ).first()  # fmt: skip
    is_new = mail is None
    if mail is None:
        mail = _new_mail(user, now)
    if mail is None:  # today's has left already: tomorrow's will tell
        return False
    Notice.objects.filter(pk__in=[pk for pk, _ in listed]).update(mail=mail)
    return is_new


def _may_disturb(days: Iterable[date | None], today: date) -> bool:
    """Say whether a mail may leave today: on a day off only for what is due that day or was before."""
    return working_days().is_working(today) or any(due and due <= today for due in days)


def _new_mail(user: User, now: datetime) -> Mail | None:
    mail, is_made = Mail.objects.get_or_create(
        user=user,
        day=vietnam_date(now),
        kind=Mail.Kind.DIGEST,
        defaults={
            "address": user.email,
            "message": new_message(),
            "made_at": now,
            "next_at": now,
        },
    )
    return mail if is_made else None


def words_of(
    mail: Mail, notices: Sequence[Notice], language: Language, settings: MailSettings
) -> Words:
    """Put a mail into words: title, clause, day and link of each notice, nothing else."""
    if mail.kind == Mail.Kind.TEST:
        return Words(_TEST_SUBJECT.in_language(language), _TEST_BODY.in_language(language) + "\n")
    day = said_day(mail.day)
    lines = [_HELLO.in_language(language).format(day=day), ""]
    for kind, members in _by_kind(notices[:LINES_MAX]).items():
        lines += [f"{kind.in_language(language)}:"]
        lines += [_line(one, language, settings) for one in members]
        lines += [""]
    if len(notices) > LINES_MAX:
        lines += [_MORE.in_language(language).format(count=len(notices) - LINES_MAX), ""]
    link = f"{settings.address}{NOTICES_PATH}cai-dat/" if settings.address else ""
    lines += [_END.in_language(language).format(link=link or _NO_ADDRESS.in_language(language))]
    subject = _SUBJECT.in_language(language).format(count=len(notices), day=day)
    return Words(subject, "\n".join(lines) + "\n")


def _by_kind(notices: Iterable[Notice]) -> Mapping[Text, list[Notice]]:
    order = {code: place for place, code in enumerate(KINDS)}
    sorted_ones = sorted(notices, key=lambda n: (order.get(n.kind, 99), n.due_on or date.max, n.pk))
    found: dict[Text, list[Notice]] = {}
    for one in sorted_ones:
        kind = KINDS.get(one.kind)
        found.setdefault(kind.title if kind else Text(one.kind, one.kind), []).append(one)
    return found


def _line(notice: Notice, language: Language, settings: MailSettings) -> str:
    title = notice.mail_vi if language == "vi" else notice.mail_en
    parts = [" ".join(title.split())]
    if notice.due_on is not None:
        parts.append(_DUE.in_language(language).format(day=said_day(notice.due_on)))
    if notice.anchor:
        parts.append(_cited(notice.anchor, language))
    said = f"- {' · '.join(parts)}"
    return f"{said}\n  {settings.address}{NOTICES_PATH}{notice.pk}/" if settings.address else said


def _cited(anchor: str, language: Language) -> str:
    document, _, path = anchor.partition("/")
    known = load_library().documents.get(document)
    return cited(known, path).in_language(language) if known else anchor
