"""The worker of mails: sends what is due through the configured server, tries again, loses nothing."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db.models import F

from khien.kernel.language import Language
from khien.notices.config import MailSettings, load_mail_settings
from khien.notices.digest import words_of
from khien.notices.models import Mail, Notice
from khien.notices.selectors import preferences_of

logger = logging.getLogger(__name__)

AT_ONCE: Final = 50
FIRST_WAIT: Final = timedelta(minutes=2)
LONGEST_WAIT: Final = timedelta(hours=6)
_LEASE: Final = timedelta(minutes=5)
_ANSWER_LENGTH: Final = 300
Opener = Callable[[MailSettings], EmailBackend]


class MailServer(EmailBackend):
    """Django's way to a mail server, with the authority of the house where one is named."""

    def __init__(self, config: MailSettings) -> None:
        super().__init__(
            host=config.server,
            port=config.port,
            username=config.username,
            password=config.password,
            use_tls=config.security == "starttls",
            use_ssl=config.security == "tls",
            timeout=config.seconds,
        )
        self._certificates = config.certificates

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """Return what checks the server's certificate; it is always checked."""
        place = self._certificates
        return ssl.create_default_context(cafile=str(place) if place else None)


def send_waiting(*, now: datetime, opener: Opener = MailServer) -> int:
    """Send the mails that are due; return how many the server took.

    Without a configured server nothing is tried and nothing is lost. One that cannot be reached is asked once
    for the whole batch.
    Raises: MailSettingsBroken: the settings are wrong; the mails wait
    """
    config = load_mail_settings()
    if config is None:
        return 0
    mails = _leased(now)
    if not mails:
        return 0
    server = opener(config)
    try:
        server.open()
        return _send_all(server, mails, config, now)
    except (smtplib.SMTPException, OSError) as error:
        _postpone(mails, _said(error), now=now)
        return 0
    finally:
        _close(server)


def _leased(now: datetime) -> list[Mail]:
    """Take mails that are due for this worker; if it dies, they are due again after the lease."""
    due = Mail.objects.filter(state=Mail.State.WAITING, next_at__lte=now)
    mine = []
    for mail in due.select_related("user").order_by("next_at", "pk")[:AT_ONCE]:
        same = Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING, next_at=mail.next_at)
        if same.update(next_at=now + _LEASE, attempts=F("attempts") + 1):
            mail.attempts += 1
            mine.append(mail)
    return mine


def _send_all(
    server: EmailBackend, mails: Sequence[Mail], config: MailSettings, now: datetime
) -> int:
    chosen = preferences_of(mail.user for mail in mails)
    notices = _notices_of(mails)
    sent = 0
    for place, mail in enumerate(mails):
        listed = notices.get(mail.pk, [])
        if not _is_wanted(mail, listed):
            _note(mail, Mail.State.DROPPED, "", now=now)
            continue
        language: Language = (
            "en" if mail.user_id in chosen and chosen[mail.user_id].language == "en" else "vi"
        )
        try:
            server.send_messages([_message(mail, listed, language, config)])
        except smtplib.SMTPResponseException as error:
            _answer(mail, error.smtp_code, _said(error), now=now)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()), (0, b""))
            _answer(mail, code, f"{code} {said.decode(errors='replace')}", now=now)
        except (smtplib.SMTPException, OSError) as error:
            # The line is gone: the rest of the batch waits with this one.
            _postpone(mails[place:], _said(error), now=now)
            break
        else:
            _note(mail, Mail.State.SENT, "", now=now)
            sent += 1
    return sent


def _is_wanted(mail: Mail, notices: Sequence[Notice]) -> bool:
    """Say whether a mail still tells something to somebody."""
    if not mail.user.is_active or not mail.user.email:
        return False
    return mail.kind == Mail.Kind.TEST or bool(notices)


def _notices_of(mails: Sequence[Mail]) -> Mapping[int, list[Notice]]:
    """Return what each mail tells, without what was read or done meanwhile; one query."""
    found: dict[int, list[Notice]] = {}
    for one in Notice.objects.filter(mail__in=mails, read_at=None).order_by("due_on", "pk"):
        if one.mail_id is not None:
            found.setdefault(one.mail_id, []).append(one)
    return found


def _message(
    mail: Mail, notices: Sequence[Notice], language: Language, config: MailSettings
) -> EmailMessage:
    words = words_of(mail, notices, language, config)
    domain = config.sender.rpartition("@")[2].strip("<> ")
    headers: dict[str, Any] = {
        "Message-ID": f"<{mail.message}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(
        subject=words.subject,
        body=words.body,
        from_email=config.sender,
        to=[mail.user.email],
        headers=headers,
    )


def _answer(mail: Mail, code: int, said: str, *, now: datetime) -> None:
    """Note a server's no: for ever where it says 5xx, for now where it says 4xx."""
    if 500 <= code < 600:
        _note(mail, Mail.State.REFUSED, said, now=now)
    else:
        _postpone([mail], said, now=now)


def _note(mail: Mail, state: str, said: str, *, now: datetime) -> None:
    Mail.objects.filter(pk=mail.pk).update(
        state=state, tried_at=now, answer=said[:_ANSWER_LENGTH], address=mail.user.email
    )
    logger.info("mail.tried mail=%d state=%s attempts=%d", mail.pk, state, mail.attempts)


def _postpone(mails: Sequence[Mail], said: str, *, now: datetime) -> None:
    for mail in mails:
        waiting = Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING)
        waiting.update(
            tried_at=now, next_at=now + wait_after(mail.attempts), answer=said[:_ANSWER_LENGTH]
        )
    logger.warning("mail.postponed count=%d", len(mails))


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after a number of tries: 2, 4, 8 minutes … at most six hours."""
    doubled: timedelta = FIRST_WAIT * (1 << min(max(tries, 1) - 1, 20))
    return min(doubled, LONGEST_WAIT)


def _said(error: Exception) -> str:
    """Return what went wrong in one line; a server's words, never our password."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        return f"{error.smtp_code} {' '.join(text.split())}"
    return " ".join(f"{type(error).__name__}: {error}".split())


def _close(server: EmailBackend) -> None:
    try:
        server.close()
    except (smtplib.SMTPException, OSError):
        logger.info("mail.close_failed")
