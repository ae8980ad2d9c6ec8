"""Mails leave through a real server, wait when it is down, and are lost by nothing; no secret in what is said."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mail_server import NOW, MailServer, certificate_of, nobody_listens, serving

from khien.kernel.language import Text
from khien.notices.config import load_mail_settings
from khien.notices.digest import NOTICES_PATH, queue_digests
from khien.notices.errors import MailSettingsBroken
from khien.notices.models import Mail, Notice
from khien.notices.selectors import queue_state
from khien.notices.sending import LONGEST_WAIT, send_waiting, wait_after
from khien.notices.services import Telling, mark_read, queue_test, send_again, tell
from khien.org.models import Unit, User

pytestmark = pytest.mark.django_db


def told(user: User, number: int = 1, **more: Any) -> Telling:
    given: dict[str, Any] = {
        "user_id": user.pk, "kind": "reminder", "about": f"duty:{number}", "source": f"duty:{number}:ahead",
        "title": Text(f"Báo cáo {number}: máy của Trần Thị C bị lộ", f"Report {number}"),
        "mail": Text(f"Báo cáo quý {number}", f"Quarterly report {number}"), "anchor": "do-son/D26.g2",
        "due_on": NOW.date(),
    }  # fmt: skip
    return Telling(**(given | more))


def digest(user: User, *, count: int = 1, now: datetime = NOW) -> Mail:
    tell([told(user, n) for n in range(1, count + 1)], now=now)
    queue_digests(now=now)
    return Mail.objects.get(user=user, day=now.date())


def test_a_digest_arrives_with_title_clause_day_and_link_only(server: MailServer, an: User) -> None:
    digest(an)
    assert send_waiting(now=NOW) == 1
    sender, to, message = server.taken[0]
    assert (sender, to) == ("khien@mau.gov.vn", ["an@mau.gov.vn"])
    body = message.get_content()
    notice = Notice.objects.get()
    assert "Báo cáo quý 1 · hạn 20/11/2026 · gạch đầu dòng thứ 2 Điều 26" in body
    assert f"https://khien.mau.gov.vn{NOTICES_PATH}{notice.pk}/" in body
    assert "Trần Thị C" not in body
    assert "Nguyễn An" not in body
    assert message["Subject"] == "Khiên: 1 việc cần biết, 20/11/2026"
    assert message["Auto-Submitted"] == "auto-generated"
    assert Mail.objects.get().state == Mail.State.SENT


def test_a_server_that_is_down_loses_nothing(
    configure: Callable[..., Path], an: User, caplog: pytest.LogCaptureFixture
) -> None:
    configure(nobody_listens())
    digest(an)
    assert send_waiting(now=NOW) == 0
    state = queue_state()
    assert (state.waiting_count, state.failed_count) == (1, 1)
    assert state.next_at == NOW + timedelta(minutes=2)
    assert "ConnectionRefusedError" in state.last_answer
    with serving() as server:
        configure(server.port)
        assert send_waiting(now=NOW + timedelta(minutes=1)) == 0
        assert send_waiting(now=NOW + timedelta(minutes=2)) == 1
        assert len(server.taken) == 1
    assert not queue_state().is_stuck


def test_a_server_that_is_down_is_asked_once_for_the_whole_batch(server: MailServer, ward: Unit) -> None:  # fmt: skip
    for n in range(6):
        digest(User.objects.create_user(f"u{n}", unit=ward, email=f"u{n}@mau.gov.vn"))
    server.answers["MAIL"] = "drop"
    send_waiting(now=NOW)
    assert server.connection_count == 1
    assert queue_state().failed_count == 6
    server.answers.clear()
    assert send_waiting(now=NOW + timedelta(minutes=2)) == 6
    assert sorted(to[0] for _, to, _ in server.taken) == [f"u{n}@mau.gov.vn" for n in range(6)]


def test_an_address_that_is_refused_for_ever_holds_up_nobody(server: MailServer, an: User) -> None:
    digest(an)
    server.answers["RCPT"] = "550 5.1.1 no such user"
    assert send_waiting(now=NOW) == 0
    mail = Mail.objects.get()
    assert (mail.state, mail.answer) == (Mail.State.REFUSED, "550 5.1.1 no such user")
    server.answers.clear()
    assert send_again([an], by="quan.tri", now=NOW) == 1
    assert send_waiting(now=NOW) == 1


def test_a_no_for_now_is_tried_again(server: MailServer, an: User) -> None:
    digest(an)
    server.answers["RCPT"] = "451 4.7.1 greylisted"
    send_waiting(now=NOW)
    assert Mail.objects.get().state == Mail.State.WAITING
    server.answers.clear()
    assert send_waiting(now=NOW + timedelta(minutes=2)) == 1


def test_a_repetition_carries_the_same_message_id(server: MailServer, an: User) -> None:
    """The server took it and its answer was lost: sent again, but it can be told."""
    digest(an)
    server.answers["END"] = "451 4.3.0 try later"
    send_waiting(now=NOW)
    server.answers.clear()
    send_waiting(now=NOW + timedelta(minutes=2))
    first, second = (message["Message-ID"] for _, _, message in server.taken)
    assert first == second


def test_a_worker_that_died_leaves_its_mails_due_again(server: MailServer, an: User) -> None:
    mail = digest(an)
    Mail.objects.filter(pk=mail.pk).update(next_at=NOW + timedelta(minutes=5), attempts=1)
    assert send_waiting(now=NOW) == 0
    assert send_waiting(now=NOW + timedelta(minutes=5)) == 1


def test_waits_grow_and_stay_below_a_working_day() -> None:
    waits = [wait_after(n) for n in range(1, 30)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=2), LONGEST_WAIT)


def test_what_was_read_meanwhile_is_not_sent(server: MailServer, an: User) -> None:
    digest(an)
    mark_read(an, now=NOW)
    assert send_waiting(now=NOW) == 0
    assert (server.taken, Mail.objects.get().state) == ([], Mail.State.DROPPED)


def test_who_left_gets_no_mail(server: MailServer, an: User) -> None:
    digest(an)
    User.objects.filter(pk=an.pk).update(is_active=False)
    assert send_waiting(now=NOW) == 0
    assert server.taken == []


def test_without_a_server_mails_wait(data: Path, an: User) -> None:
    del data
    digest(an)
    assert send_waiting(now=NOW) == 0
    assert (Mail.objects.get().state, Mail.objects.get().attempts) == (Mail.State.WAITING, 0)


def test_a_password_travels_only_encrypted_and_to_a_server_that_is_known(
    configure: Callable[..., Path], data: Path, an: User
) -> None:
    context, trusted = certificate_of(data)
    secret = data / "smtp.txt"
    secret.write_text("bi-mat-lam\n")
    secret.chmod(0o600)
    with serving(tls=context, password="bi-mat-lam") as server:  # noqa: S106
        more = {"username": "khien", "password_file": "smtp.txt"}
        configure(server.port, "starttls", **more)
        queue_test(an, now=NOW)
        assert send_waiting(now=NOW) == 0  # nobody vouches for its certificate
        assert "CERTIFICATE_VERIFY_FAILED" in queue_state().last_answer
        configure(server.port, "starttls", certificates=trusted.name, **more)
        assert send_waiting(now=NOW + timedelta(minutes=2)) == 1
        assert server.taken[0][2]["Subject"] == "Khiên: thư thử"


def test_a_wrong_password_is_said_and_not_shown(
    configure: Callable[..., Path], data: Path, an: User, caplog: pytest.LogCaptureFixture
) -> None:
    context, trusted = certificate_of(data)
    caplog.set_level(logging.DEBUG)
    with serving(tls=context, password="dung") as server:  # noqa: S106
        configure(server.port, "starttls", certificates=trusted.name, username="khien", password="sai-mat-khau")  # noqa: S106  # fmt: skip
        queue_test(an, now=NOW)
        assert send_waiting(now=NOW) == 0
    assert queue_state().last_answer == "535 5.7.8 wrong password"
    assert "sai-mat-khau" not in caplog.text
    assert "sai-mat-khau" not in repr(load_mail_settings())


def test_a_title_cannot_write_headers_or_lines_of_its_own(server: MailServer, an: User) -> None:
    evil = Text("Việc\r\nBcc: ai-do@noi-khac\r\n\r\n.\r\nMAIL FROM:<x>", "x")
    tell([told(an, mail=evil)], now=NOW)
    queue_digests(now=NOW)
    assert send_waiting(now=NOW) == 1
    _, to, message = server.taken[0]
    assert to == ["an@mau.gov.vn"]
    assert message["Bcc"] is None
    assert "- Việc Bcc: ai-do@noi-khac . MAIL FROM:<x>" in message.get_content()


BROKEN = {
    "server = 5": "server",
    'server = "a"\nsecurity = "ssl"\nsender = "a@b"': "security",
    'server = "a"\nsecurity = "none"\nsender = "a@b"': "allow_plain",
    'server = "a"\nsender = "khong-co-a-cong"': "sender",
    'server = "a"\nsender = "a@b"\nport = 70000': "port",
    'server = "a"\nsender = "a@b"\nwhat = 1': "what",
    'server = "a"\nsender = "a@b"\npassword = "x"\npassword_file = "y"': "password_file",
    'server = "a"\nsender = "a@b"\npassword_file = "khong-co"': "password_file",
    'server = "a"\nsender = "a@b"\ncertificates = "khong-co"': "certificates",
    'server = "a"\nsender = "a@b"\naddress = "ftp://x"': "address",
    'server = "a"\nsecurity = "none"\nallow_plain = true\npassword = "x"\nsender = "a@b"': "mật khẩu",
}


@pytest.mark.parametrize(("text", "named"), BROKEN.items())
def test_settings_that_cannot_be_meant_are_named(data: Path, text: str, named: str) -> None:
    file = data / "mail.toml"
    file.write_text(f"[smtp]\n{text}\n", encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(MailSettingsBroken, match=named):
        load_mail_settings()


def test_a_password_that_others_may_read_is_refused(data: Path) -> None:
    file = data / "mail.toml"
    file.write_text('[smtp]\nserver = "a"\nsender = "a@b"\npassword = "x"\n')
    file.chmod(0o644)
    with pytest.raises(MailSettingsBroken, match="600"):
        load_mail_settings()


def test_no_file_is_no_server(data: Path) -> None:
    del data
    assert load_mail_settings() is None
