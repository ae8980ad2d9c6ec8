"""Khiên obeys its own controls on a default installation, and each verdict turns when a setting is loosened."""

from __future__ import annotations

import logging
import logging.handlers
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from access_cast import GOOD, People
from django.conf import settings
from django.test import override_settings

from khien.access import arrival, events, lockout, passwords, policy, services, sessions
from khien.access.models import PasswordState, SignedIn, WrongTries
from khien.access.self_check import CONTROLS, SelfCheck, check_khien, record_check
from khien.kernel.clock import now_utc
from khien.ledger.models import LedgerEntry
from khien.ledger.services import record
from khien.org.models import User

pytestmark = pytest.mark.django_db
# What Khiên cannot know of itself, and why: who holds an account, what a log store holds, backups nobody made yet.
HONEST_UNKNOWN = {"ACC-01", "LOG-02", "BAK-03", "PWD-03"}


def verdicts(people: People) -> dict[str, str]:
    return {one.control: one.verdict for one in check_khien(people.ward, now=now_utc()).verdicts}


@pytest.fixture(autouse=True)
def log_of_its_own(people: People, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product's log handler writes into the data folder of the test."""
    handler = settings.LOGGING["handlers"]["file"]
    made = logging.handlers.TimedRotatingFileHandler(
        settings.KHIEN_DATA / "khien.log",
        when=handler["when"],
        backupCount=handler["backupCount"],
        delay=True,
    )
    made.setFormatter(logging.Formatter(settings.LOGGING["formatters"]["line"]["format"]))
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [made])
    logging.getLogger("khien.access").warning("bắt đầu")
    yield
    made.close()


def test_a_default_installation_is_clean(people: People) -> None:
    done = check_khien(people.ward, now=now_utc())
    found = {one.control: one.verdict for one in done.verdicts}
    assert done.is_clean, [
        (o.control, str(o.sentence)) for o in done.verdicts if o.verdict == "fail"
    ]
    assert {control for control, verdict in found.items() if verdict == "unknown"} <= HONEST_UNKNOWN
    assert {"PWD-01", "PWD-02", "SES-01", "SES-02", "ACC-08", "ACC-09", "LOG-04", "SRV-07"} <= {
        control for control, verdict in found.items() if verdict == "pass"
    }
    assert set(found) <= set(CONTROLS)


def test_every_verdict_names_its_clause_and_speaks_both_languages(people: People) -> None:
    for one in check_khien(people.ward, now=now_utc()).verdicts:
        assert one.clauses
        assert one.sentence.vi != one.sentence.en
        assert "{" not in one.sentence.vi


def weak_length(patch: pytest.MonkeyPatch, people: People) -> None:
    patch.setattr(passwords, "_shape_faults", lambda text, rules: iter(()))


def no_lock(patch: pytest.MonkeyPatch, people: People) -> None:
    patch.setattr(
        services.lockout,
        "take_a_try",
        lambda *a, **k: WrongTries.objects.get_or_create(user=a[0]) and True,
    )
    patch.setattr(lockout, "give_back", lambda user: None)


def late_lock(patch: pytest.MonkeyPatch, people: People) -> None:
    patch.setattr(policy, "LOCKOUT_TRIES", 9)
    rules = policy.policy_for
    patch.setattr(lockout, "policy_for", lambda user: loosened(rules(user), lockout_tries=9))


def loosened(rules: Any, **values: Any) -> Any:
    return replace(rules, **{name: policy.Ruled(value) for name, value in values.items()})


def long_idle(patch: pytest.MonkeyPatch, people: People) -> None:
    rules = policy.policy_for
    patch.setattr(sessions, "policy_for", lambda user: loosened(rules(user), idle_minutes=30))


def endless_session(patch: pytest.MonkeyPatch, people: People) -> None:
    patch.setattr(sessions, "is_over", lambda mark, now: False)


def no_expiry(patch: pytest.MonkeyPatch, people: People) -> None:
    patch.setattr(services, "password_expires_at", lambda user: None)


def no_factor(patch: pytest.MonkeyPatch, people: People) -> None:
    patch.setattr(arrival, "factors_of", lambda user: _Some())


class _Some:
    def exists(self) -> bool:
        return True


def default_account(patch: pytest.MonkeyPatch, people: People) -> None:
    user = User.objects.create_user("admin", unit=people.ward)
    services.set_password(user, GOOD, by="admin", now=now_utc())


def issued_and_not_forced(patch: pytest.MonkeyPatch, people: People) -> None:
    services.issue_password(people.lan, by="hien", now=now_utc())
    PasswordState.objects.update(must_change=False)
    SignedIn.objects.all().delete()


def open_folder(patch: pytest.MonkeyPatch, people: People) -> None:
    settings.KHIEN_DATA.chmod(0o755)
    (settings.KHIEN_DATA / "keys").chmod(0o755)


def short_log(patch: pytest.MonkeyPatch, people: People) -> None:
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.handlers.TimedRotatingFileHandler):
            patch.setattr(handler, "backupCount", 30)


def no_log(patch: pytest.MonkeyPatch, people: People) -> None:
    patch.setattr(logging.getLogger(), "handlers", [logging.NullHandler()])


def clear_text(patch: pytest.MonkeyPatch, people: People) -> None:
    (settings.KHIEN_DATA / "access.toml").write_text('[serve]\naddress = "0.0.0.0"\n')


@pytest.mark.parametrize(
    ("loosen", "control"),
    [
        (weak_length, "PWD-01"),
        (no_expiry, "PWD-02"),
        (issued_and_not_forced, "PWD-03"),
        (no_lock, "SES-01"),
        (late_lock, "SES-01"),
        (long_idle, "SES-02"),
        (endless_session, "SES-02"),
        (default_account, "ACC-08"),
        (open_folder, "ACC-08"),
        (no_factor, "ACC-09"),
        (no_lock, "SRV-07"),
        (clear_text, "NET-04"),
        (clear_text, "APP-01"),
        (short_log, "LOG-04"),
        (no_log, "LOG-01"),
    ],
)
def test_a_loosened_setting_turns_the_verdict(
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    loosen: Callable[[pytest.MonkeyPatch, People], None],
    control: str,
) -> None:
    loosen(monkeypatch, people)
    assert verdicts(people)[control] == "fail"


def test_another_way_of_keeping_passwords_is_not_trusted(people: People) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        assert verdicts(people)["PWD-01"] == "fail"


def test_a_directory_with_rules_of_its_own_makes_passwords_unknown_not_passed(
    people: People,
) -> None:
    (settings.KHIEN_DATA / "access.toml").write_text(
        '[ldap]\nserver = "ldaps://dc"\nbase = "dc=x"\n'
    )
    found = verdicts(people)
    assert (found["PWD-01"], found["SES-01"]) == ("unknown", "unknown")


def test_trying_out_leaves_nothing_behind(people: People) -> None:
    def state() -> tuple[int, ...]:
        kinds = (User, LedgerEntry, WrongTries, PasswordState, SignedIn)
        return tuple(kind.objects.count() for kind in kinds)

    before = state()
    check_khien(people.ward, now=now_utc())
    assert state() == before


def test_where_no_text_binds_there_is_nothing_to_judge_by(people: People) -> None:
    assert check_khien(people.bare, now=now_utc()).verdicts == ()


def test_the_check_is_on_record(people: People) -> None:
    done: SelfCheck = check_khien(people.ward, now=now_utc())
    record_check(done, now=now_utc())
    told = LedgerEntry.objects.get(kind=events.SELF_CHECKED)
    assert told.body["failed"] == 0
    assert told.body["passed"] == done.count("pass")
    assert told.body["measured_sha256"] == done.measured_sha256
    assert done.measured["idle_minutes"] == 10


def test_an_administrator_runs_it_as_a_page(people: People) -> None:
    client = people.client(people.hien)
    assert "Kiểm tra ngay" in client.get("/tu-kiem-tra/").content.decode()
    page = client.post("/tu-kiem-tra/").content.decode()
    assert "PWD-01" in page
    assert "Điều 19" in page


def test_old_backups_are_seen(people: People) -> None:
    long_ago = now_utc() - timedelta(days=400)
    record(events.BACKED_UP, subject="khien", body={"files": 1, "sha256": "0" * 64}, at=long_ago)
    assert verdicts(people)["BAK-03"] == "fail"
