"""What a task or a hit leads to, as an address of a page."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from khien.desk.targets import Target

_PAGES: Mapping[str, str] = {
    "unit": "unit",
    "known_unit": "units",
    "control": "control",
    "control_everywhere": "control-everywhere",
    "register": "register-show",
    "row": "row-show",
    "machine": "machine",
    "case": "workflow-case",
    "own_tasks": "my-tasks",
    "requests": "account-requests",
    "document": "library-document",
    "clause": "library-document",
}


def url_of(target: Target) -> str:
    """Return the address of what a task or a hit leads to."""
    keys = dict(target.keys)
    part = keys.pop("clause", "")
    values = [] if target.kind == "known_unit" else list(keys.values())
    address = reverse(_PAGES[target.kind], args=values)
    return f"{address}#{part}" if part else address
