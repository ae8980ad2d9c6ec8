"""Machines suggest rows of registers; what a machine has by itself is nobody's to register."""

from __future__ import annotations

from typing import Any

import pytest

from khien.registers.declarations import load_registers, register_by_code
from khien.registers.proposals import HostReadings, proposals_among


def suggested(register: str, table: str, *rows: dict[str, Any]) -> list[str]:
    readings = [
        HostReadings("h1", "may-1", {table: rows}),
        HostReadings("h2", "may-2", {table: rows}),
    ]
    return [p.name for p in proposals_among(register_by_code(register), [], readings)]


def test_accounts_of_people_are_suggested_those_of_the_system_are_not() -> None:
    rows = ({"username": "an", "is_system": False}, {"username": "daemon", "is_system": True})
    assert set(suggested("account", "account", *rows)) == {"an"}


def test_administrative_shares_are_not_suggested() -> None:
    rows = (
        {"name": "C$", "path": "C:\\", "is_administrative": True},
        {"name": "VanBan", "path": "D:\\VanBan", "is_administrative": False},
    )
    assert suggested("share", "share", *rows) == ["VanBan · h1", "VanBan · h2"]


def test_a_security_tool_on_two_machines_is_suggested_once() -> None:
    rows = ({"name": "aide", "installed": True}, {"name": "tripwire", "installed": False})
    assert suggested("security_tool", "integrity_tool", *rows) == ["aide"]


def test_software_is_suggested_for_the_licence_register_once() -> None:
    assert suggested("licence", "program", {"name": "Office", "publisher": "X"}) == ["Office"]


@pytest.mark.parametrize(
    "register", ["endpoint", "account", "share", "licence", "security_tool", "backup_run"]
)
def test_registers_that_machines_can_fill_are_marked(register: str) -> None:
    assert any(field.host_fact for field in load_registers()[register].fields.values())
