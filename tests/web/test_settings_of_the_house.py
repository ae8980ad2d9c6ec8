"""The product obeys its own rulebook where settings decide it."""

from __future__ import annotations

import logging.handlers
from datetime import date

from django.conf import settings

from khien.norms.library import load_library
from khien.norms.rulebook import build_rulebook
from khien.project import settings as product

RULES = build_rulebook(load_library(), load_library().documents, on=date(2026, 11, 21)).rules


def test_a_session_ends_after_the_idle_minutes_of_the_rulebook() -> None:
    minutes = RULES["SES-02"].parameters["idle_minutes"].value
    assert isinstance(minutes, int)
    assert minutes * 60 >= product.SESSION_COOKIE_AGE


def test_own_logs_are_kept_as_long_as_the_rulebook_says() -> None:
    months = RULES["LOG-04"].parameters["log_retain_months"].value
    assert isinstance(months, int)
    handler = product.LOGGING["handlers"]["file"]
    assert (
        handler["class"] == f"logging.handlers.{logging.handlers.TimedRotatingFileHandler.__name__}"
    )
    assert (handler["when"], handler["backupCount"] >= months * 31) == ("midnight", True)


def test_cookies_and_frames_are_closed() -> None:
    assert product.SESSION_COOKIE_HTTPONLY
    assert product.CSRF_COOKIE_HTTPONLY
    assert product.SESSION_COOKIE_SAMESITE == "Lax"
    assert product.X_FRAME_OPTIONS == "DENY"
    assert not settings.DEBUG


def test_only_names_of_this_machine_are_answered() -> None:
    assert product.ALLOWED_HOSTS == ["127.0.0.1", "localhost", "[::1]"]


def test_passwords_would_be_hashed_with_argon2_alone() -> None:
    assert product.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
