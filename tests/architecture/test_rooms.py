"""One direction: a room imports only rooms below it, in code and in foreign keys."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [
    "kernel",
    "ledger",
    "signatures",
    "org",
    "norms",
    "registers",
    "facts",
    "checks",
    "access",
    "workflows",
    "duties",
    "notices",
    "plans",
    "reports",
    "exchange",
    "adoption",
    "desk",
    "api",
    "web",
    "cli",
    "project",
]


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": "src", "PATH": ""}, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_foreign_keys_point_to_the_same_room_or_a_lower_one() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("khien.")
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and field.related_model.__module__.startswith("khien.")
        and ROOMS.index(field.related_model._meta.app_label) > ROOMS.index(model._meta.app_label)
    ]
    assert upward == []


def test_every_room_is_in_the_contract() -> None:
    folders = {p.name for p in (ROOT / "src" / "khien").iterdir() if (p / "__init__.py").exists()}
    assert folders == set(ROOMS)
