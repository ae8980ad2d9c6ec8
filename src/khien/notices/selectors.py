"""The only door through which notices, preferences and the queue of mails are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, Min, Q, QuerySet

from khien.notices.errors import UnknownNotice
from khien.notices.models import Mail, Notice, Preference
from khien.org.models import User


@dataclass(frozen=True, slots=True)
class QueueState:
    """How the queue of mails stands: how many wait, since when, when the next try is, what the last answer was."""

    waiting_count: int
    failed_count: int
    refused_count: int
    oldest_at: datetime | None
    next_at: datetime | None
    last_answer: str
    sent_at: datetime | None

    @property
    def is_stuck(self) -> bool:
        """Say whether something waits that was tried in vain, or was refused."""
        return bool(self.failed_count or self.refused_count)


def unread_count(user: User | AnonymousUser) -> int:
    """Return how many notices a person has not read; nobody's for a stranger."""
    if not isinstance(user, User):
        return 0
    return Notice.objects.filter(user=user, read_at=None).count()


def notices_of(
    user: User, *, only_unread: bool = False, kinds: Collection[str] = ()
) -> QuerySet[Notice]:
    """Return the notices of a person, newest first."""
    found = Notice.objects.filter(user=user).select_related("unit")
    if only_unread:
        found = found.filter(read_at=None)
    return found.filter(kind__in=kinds) if kinds else found


def notice_at(user: User, number: int) -> Notice:
    """Return one notice of a person.

    Raises: UnknownNotice: there is none, or it is another person's
    """
    found = Notice.objects.filter(user=user, pk=number).select_related("unit").first()
    if found is None:
        raise UnknownNotice(number=number)
    return found


def preference_of(user: User) -> Preference:
    """Return what a person wants by e-mail; what is usual where nothing was chosen."""
    chosen = Preference.objects.filter(user=user).first()
    return chosen or Preference(user=user)


def preferences_of(users: Iterable[User]) -> dict[int, Preference]:
    """Return what persons chose, by user id; who chose nothing is absent."""
    return {chosen.user_id: chosen for chosen in Preference.objects.filter(user__in=users)}


def queue_state(users: Iterable[User] | None = None) -> QueueState:
    """Return how the queue stands for users, for all by default; three queries."""
    mails = Mail.objects.all() if users is None else Mail.objects.filter(user__in=users)
    waiting = Q(state=Mail.State.WAITING)
    found = mails.aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=waiting & Q(attempts__gt=0)),
        refused=Count("pk", filter=Q(state=Mail.State.REFUSED)),
        oldest=Min("made_at", filter=waiting),
        next=Min("next_at", filter=waiting),
        sent=Max("tried_at", filter=Q(state=Mail.State.SENT)),
    )
    last = mails.exclude(answer="").filter(waiting | Q(state=Mail.State.REFUSED))
    answer = last.order_by("-tried_at").values_list("answer", flat=True).first()
    return QueueState(
        waiting_count=found["waiting"],
        failed_count=found["failed"],
        refused_count=found["refused"],
        oldest_at=found["oldest"],
        next_at=found["next"],
        last_answer=answer or "",
        sent_at=found["sent"],
    )


def mails_of(users: Iterable[User]) -> QuerySet[Mail]:
    """Return the mails to users, newest first."""
    return Mail.objects.filter(user__in=users).select_related("user")
