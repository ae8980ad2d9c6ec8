"""Khiên as a machine and a system of its own: fact rows as a collector and an officer would give them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any

from khien.access import events
from khien.access.config import AccessSettings, load_access_settings
from khien.access.models import PasswordState, SignedIn, WrongTries
from khien.access.policy import policy_for
from khien.access.probes import Measured
from khien.access.self_files import installed_at, is_private, oldest_line_at
from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.clock import parse_iso, vietnam_date
from khien.ledger.selectors import entries_of_kind
from khien.org.models import Unit, User
from khien.org.roles import MANAGE
from khien.org.selectors import users_of, visible_to

HOST = "khien"
SYSTEM_ROW, EVIDENCE_ROW = "khien-system", "khien-measured"
_DEFAULT_NAMES = ("admin", "administrator", "root", "guest", "user", "test", "demo", "khien")
Rows = Mapping[str, list[dict[str, Any]]]


def facts_of_khien(unit: Unit, found: Measured, *, now: datetime) -> Rows:
    """Return the rows of every table that the self-check fills, by table."""
    settings = load_access_settings()
    return {
        "account_policy": [_policy_row(found, settings)],
        "account": [_account_row(user, now=now) for user in _users(unit)],
        "default_credential": _default_rows(),
        "mfa": [
            {
                "scope": "console",
                "enabled": True,
                "enforced": found.local_factor,
                "mechanism": "totp, webauthn",
            },
            {
                "scope": HOST,
                "enabled": True,
                "enforced": found.remote_factor,
                "mechanism": "totp, webauthn",
            },
        ],
        "remote_admin": [_door_row(found, settings)],
        "log_config": [_log_row()],
        "audit_rule": [
            {"category": name, "enabled": is_on, "audits_success": is_on, "audits_failure": is_on}
            for name, is_on in _recorded().items()
        ],
        "os_version": [{"name": "Khiên", "installed_at": installed_at()}],
        "backup_job": _backup_rows(),
        "reg_system": [_system_row(found, settings, now=now)],
        "reg_document": [_evidence_row(found, now=now)],
    }


def measured_as_json(found: Measured) -> dict[str, Json]:
    """Return what was measured in a form that can be kept and whose digest proves it."""
    told = {name: getattr(found, name) for name in found.__slots__}
    return told | {"demanded": sorted(found.demanded)}


def _evidence_row(found: Measured, *, now: datetime) -> dict[str, Any]:
    """Return the report of the settings: the measurement itself; its digest goes on record with the check."""
    return {
        "row_id": EVIDENCE_ROW,
        "kind": "other",
        "title": "khien self-check",
        "issued_on": vietnam_date(now),
        "has_file": True,
        "file_sha256": sha256_hex(canonical_bytes(measured_as_json(found))),
    }


def _policy_row(found: Measured, settings: AccessSettings) -> dict[str, Any]:
    return {
        "mechanism": "khien",
        "minimum_length": found.length,
        "minimum_classes": len(found.demanded),
        "requires_lower": "lower" in found.demanded,
        "requires_upper": "upper" in found.demanded,
        "requires_digit": "digit" in found.demanded,
        "requires_special": "special" in found.demanded,
        "complexity_enforced": found.is_refusal,
        "complexity_is_approximate": False,
        "enforced_for_root": found.is_refusal,
        "history_size": found.history,
        "maximum_age_days": found.age_days,
        "maximum_age_never": found.age_days is None,
        "lockout_threshold": found.lockout_tries or 0,
        "lockout_duration_seconds": found.lockout_seconds,
        "lockout_mechanism": "khien" if found.lockout_tries else "none",
        "lockout_for_root": bool(found.lockout_tries),
        "reversible_encryption": not found.is_one_way,
        "has_directory_accounts": settings.ldap is not None or settings.openid is not None,
    }


def _users(unit: Unit) -> list[User]:
    return list(users_of([unit]).order_by("pk"))


def _account_row(user: User, *, now: datetime) -> dict[str, Any]:
    has_password = user.has_usable_password()
    state = PasswordState.objects.filter(user=user).first()
    tries = WrongTries.objects.filter(user=user).first()
    days = policy_for(user).expiry_days.value
    return {
        "username": user.username,
        "uid": str(user.pk),
        "source": "local",
        "is_system": False,
        "is_admin": visible_to(user, MANAGE).exists(),
        "is_login_allowed": user.is_active,
        "enabled": user.is_active and has_password,
        "locked": bool(tries and tries.locked_until and tries.locked_until > now),
        "key_login_possible": False,
        "password_state": "hashed" if has_password else "none",
        "password_set": has_password,
        "empty_password": not user.password,
        "password_last_changed_at": state.set_at if state else None,
        "password_expires": has_password and days is not None,
        "maximum_age_days": days,
        "must_change": has_password and (state is None or state.must_change),
        "never_logged_in": not SignedIn.objects.filter(user=user).exists(),
        "is_default_account": user.username.lower() in _DEFAULT_NAMES,
        "is_shared_hint": False,
    }


def _default_rows() -> list[dict[str, Any]]:
    """Return the data folder as a sign of carelessness: open to others of the machine, its keys are known."""
    return (
        []
        if is_private()
        else [{"kind": "open_key", "subject": "KHIEN_DATA", "is_default": True, "source": "keys/"}]
    )


def _door_row(found: Measured, settings: AccessSettings) -> dict[str, Any]:
    serve = settings.serve
    return {
        "service": HOST,
        "address": serve.address,
        "is_loopback": serve.stays_on_machine,
        "encrypted": serve.has_tls,
        "root_login": False,
        "root_password_login": False,
        "password_authentication": True,
        "empty_passwords": False,
        "mfa": found.remote_factor and found.local_factor,
        "idle_timeout_seconds": (found.idle_minutes or 0) * 60,
    }


def _log_row() -> dict[str, Any]:
    handler = next(
        (h for h in logging.getLogger().handlers if isinstance(h, TimedRotatingFileHandler)), None
    )
    if handler is None:
        return {
            "service": "khien.log",
            "installed": False,
            "running": False,
            "is_forwarding": False,
        }
    days = handler.backupCount if handler.when == "MIDNIGHT" else 0
    return {
        "service": "khien.log",
        "installed": True,
        "running": logging.getLogger("khien.access").isEnabledFor(logging.INFO),
        "persistent": True,
        "retention_days": days,
        "is_forwarding": False,
        "oldest_entry_at": oldest_line_at(Path(handler.baseFilename)),
    }


def _recorded() -> dict[str, bool]:
    has_log = any(isinstance(h, TimedRotatingFileHandler) for h in logging.getLogger().handlers)
    is_told = has_log and logging.getLogger("khien.access").isEnabledFor(logging.WARNING)
    return {"login": is_told, "account_change": is_told, "config_change": is_told}


def _backup_rows() -> list[dict[str, Any]]:
    last = entries_of_kind(events.BACKED_UP).first()
    if last is None:
        return []
    return [
        {
            "dataset": "Khiên",
            "tool": "khien backup",
            "target_separate": None,
            "scheduled": None,
            "last_success_at": parse_iso(last.at.astimezone(UTC).isoformat()),
            "copies_count": 1,
        }
    ]


def _system_row(found: Measured, settings: AccessSettings, *, now: datetime) -> dict[str, Any]:
    return {
        "row_id": SYSTEM_ROW,
        "system_name": "Khiên",
        "stage": "operating",
        "went_live_on": vietnam_date(installed_at() or now),
        "login_transport": "encrypted" if settings.serve.has_tls else "plain",
        "sender_verification": "CSRF token, SameSite, Origin",
        "idle_minutes": found.idle_minutes or 0,
        "lockout_attempts": found.lockout_tries,
        "application_evidence": EVIDENCE_ROW,
    }
