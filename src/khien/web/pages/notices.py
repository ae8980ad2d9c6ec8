"""Notices as pages: a list with its kinds, the settings, where a notice leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from khien.desk.targets import Target
from khien.kernel.language import Text
from khien.notices.config import MailSettings, load_mail_settings
from khien.notices.errors import MailSettingsBroken
from khien.notices.kinds import KINDS
from khien.notices.models import Notice
from khien.notices.selectors import notices_of, preference_of, unread_count
from khien.org.models import User
from khien.org.roles import MANAGE
from khien.org.selectors import visible_to
from khien.web.desk_addresses import has_page

PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """One notice with its words and whether it leads somewhere."""

    notice: Notice
    kind: Text
    title: Text
    why: Text
    has_page: bool


@dataclass(frozen=True, slots=True)
class NoticeList:
    """One page of notices."""

    shown: Sequence[NoticeShown]
    kind: str
    only_unread: bool
    unread_count: int
    number: int
    page_count: int

    @property
    def kinds(self) -> Sequence[tuple[str, Text]]:
        """Return the kinds there are, for choosing among them."""
        return [(kind.code, kind.title) for kind in KINDS.values()]


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One kind and whether it comes by e-mail."""

    code: str
    title: Text
    about: Text
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What a person wants by e-mail, as the form shows it."""

    address: str
    by_mail: bool
    hour: str
    language: str
    kinds: Sequence[KindChoice]
    has_server: bool
    is_administrator: bool


def notice_list(user: User, *, kind: str, only_unread: bool, number: int) -> NoticeList:
    """Put one page of a person's notices together; three queries."""
    chosen = [kind] if kind in KINDS else []
    found = notices_of(user, only_unread=only_unread, kinds=chosen)
    page_count = max(1, -(-found.count() // PAGE_SIZE))
    number = min(max(1, number), page_count)
    rows = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return NoticeList(
        shown=[_shown(notice) for notice in rows],
        kind=chosen[0] if chosen else "",
        only_unread=only_unread,
        unread_count=unread_count(user),
        number=number,
        page_count=page_count,
    )


def _shown(notice: Notice) -> NoticeShown:
    kind = KINDS.get(notice.kind)
    target = target_of(notice)
    return NoticeShown(
        notice=notice,
        kind=kind.title if kind else Text(notice.kind, notice.kind),
        title=Text(notice.title_vi, notice.title_en),
        why=Text(notice.why_vi, notice.why_en),
        has_page=target is not None,
    )


def target_of(notice: Notice) -> Target | None:
    """Return what a notice leads to; None where it leads nowhere, or to a page that there is no more."""
    pairs: Mapping[str, str | int] = dict(notice.place)
    kind = str(pairs.get("kind", ""))
    target = Target(kind, tuple((key, value) for key, value in pairs.items() if key != "kind"))
    return target if kind and has_page(target) else None


def settings_page(user: User, *, typed: QueryDict | None) -> SettingsPage:
    """Put the settings of a person together; what was typed into a refused form stays."""
    chosen = preference_of(user)
    wanted = set(typed.getlist("loai")) if typed is not None else set(KINDS) - set(chosen.muted)
    return SettingsPage(
        address=typed.get("thu", "") if typed is not None else user.email,
        by_mail=typed.get("gui_thu") == "1" if typed is not None else chosen.by_mail,
        hour=typed.get("gio", "") if typed is not None else str(chosen.hour),
        language=typed.get("ngon_ngu", "vi") if typed is not None else chosen.language,
        kinds=[
            KindChoice(kind.code, kind.title, kind.about, kind.code in wanted)
            for kind in KINDS.values()
        ],
        has_server=server_settings()[0] is not None,
        is_administrator=visible_to(user, MANAGE).exists(),
    )


def server_settings() -> tuple[MailSettings | None, MailSettingsBroken | None]:
    """Return the mail server that is configured, or what is wrong with its settings."""
    try:
        return load_mail_settings(), None
    except MailSettingsBroken as broken:
        return None, broken
