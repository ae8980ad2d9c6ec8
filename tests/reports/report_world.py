"""A unit with a machine that was read and assessed, in a data folder of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import normalise_samples as samples
from django.db import connection

from khien.checks.models import Assessment, Finding
from khien.checks.services import assess
from khien.facts.models import Host
from khien.facts.services import take_in
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit

MONDAY = datetime(2026, 11, 16, 1, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 1, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 1, tzinfo=UTC)


def bundle(at: datetime, minimum: int) -> dict[str, Any]:
    """What a machine says whose passwords may be as short as `minimum`."""
    classes = "lcredit=-1 ucredit=-1 dcredit=-1 ocredit=-1"
    rule = f"password requisite pam_pwquality.so minlen={minimum} {classes} enforce_for_root"
    stack = f"{rule}\npassword [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt"
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    made = samples.bundle(pam=samples.settings({"/etc/pam.d/common-password": stack}))
    return made | {"started_at": stamp, "finished_at": stamp}


def make_unit() -> Unit:
    unit = register_unit(
        "tram-mau",
        name_vi="Trạm Y tế phường Mẫu",
        name_en="Model health station",
        kind="hospital",
        place="Mẫu",
        parent_name_vi="Sở Y tế tỉnh Mẫu",
        now=MONDAY,
    )
    bind_document(unit, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=MONDAY)
    return unit


def read_and_assess(unit: Unit, at: datetime, minimum: int) -> Assessment:
    take_in(
        bundle(at, minimum), unit=unit, now=at, actor="test", channel="local", kind="workstation"
    )
    return assess([unit], library=load_library(), now=at)


def add_findings(unit: Unit, assessment: Assessment, count: int) -> None:
    """Add many failing machines under one control, each with a sentence of its own.

    A server's database takes no NUL; there another control character stands for it.
    """
    unseen = "\x00" if connection.vendor == "sqlite" else "\x01"
    hosts = [
        Host(
            host_uid=f"{n:032x}",
            unit=unit,
            name=f'#panic("{n}") may{unseen}-{n} ' + "dài" * 40,
            kind="workstation",
            os_family="linux",
            first_seen_at=assessment.as_of,
            last_seen_at=assessment.as_of,
        )
        for n in range(count)
    ]
    Host.objects.bulk_create(hosts)
    Finding.objects.bulk_create(
        Finding(
            unit=unit,
            control="PWD-01",
            subject_kind="host",
            subject=host.host_uid,
            verdict="fail",
            reason="too_short",
            detail={"found": n},
            known="measured",
            from_at=assessment.as_of,
            opened_by=assessment,
        )
        for n, host in enumerate(hosts)
    )
