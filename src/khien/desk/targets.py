"""What a task or a hit leads to, named by its kind and keys; a screen makes an address of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to open: its kind, and the keys that find it, in a fixed order for each kind."""

    kind: str
    keys: tuple[tuple[str, str | int], ...] = ()

    def as_dict(self) -> dict[str, str | int]:
        """Return kind and keys for JSON."""
        return {"kind": self.kind, **dict(self.keys)}


def unit_target(unit: str) -> Target:
    """Return a unit."""
    return Target("unit", (("unit", unit),))


def known_unit_target(unit: str) -> Target:
    """Return a unit of which one knows no more than that it is there."""
    return Target("known_unit", (("unit", unit),))


def control_target(unit: str, control: str) -> Target:
    """Return a control as it stands at a unit."""
    return Target("control", (("unit", unit), ("control", control)))


def control_everywhere_target(control: str) -> Target:
    """Return a control as it stands at all units."""
    return Target("control_everywhere", (("control", control),))


def register_target(unit: str, register: str) -> Target:
    """Return a register of a unit."""
    return Target("register", (("unit", unit), ("register", register)))


def row_target(unit: str, register: str, number: int) -> Target:
    """Return a row of a register."""
    return Target("row", (("unit", unit), ("register", register), ("number", number)))


def machine_target(unit: str, host: str) -> Target:
    """Return a machine."""
    return Target("machine", (("unit", unit), ("host", host)))


def case_target(unit: str, number: int) -> Target:
    """Return a case of a process."""
    return Target("case", (("unit", unit), ("number", number)))


def duty_target(unit: str, number: int) -> Target:
    """Return one time at which a duty of a unit is due."""
    return Target("duty", (("unit", unit), ("number", number)))


def own_tasks_target() -> Target:
    """Return the list of what waits for the person alone."""
    return Target("own_tasks")


def requests_target(unit: str) -> Target:
    """Return the requests for accounts at a unit."""
    return Target("requests", (("unit", unit),))


def document_target(document: str) -> Target:
    """Return a regulation."""
    return Target("document", (("document", document),))


def clause_target(document: str, clause: str) -> Target:
    """Return a clause of a regulation."""
    return Target("clause", (("document", document), ("clause", clause)))
