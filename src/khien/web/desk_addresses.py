"""What a task or a hit leads to, as an address of a page."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse

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
    "duty": "duty",
    "duties": "duties",
    "suppliers": "suppliers",
    "bundles": "bundles",
    "plan": "plan",
    "reports": "reports",
    "report": "report-show",
    "document": "library-document",
    "text_approval": "text-approval",
    "clause": "library-document",
}

# Pages that an instance may be without lead to the unit.
_OF_DUTIES = ("duty", "duties")


def url_of(target: Target) -> str:
    """Return the address of what a task or a hit leads to."""
    keys = dict(target.keys)
    part = keys.pop("clause", "")
    values = [] if target.kind == "known_unit" else list(keys.values())
    try:
        address = reverse(_PAGES[target.kind], args=values)
    except NoReverseMatch:
        if target.kind not in _OF_DUTIES:
            raise
        address = reverse("unit", args=[keys["unit"]])
    return f"{address}#{part}" if part else address


def has_page(target: Target) -> bool:
    """Say whether there is a page for a target."""
    try:
        url_of(target)
    except (KeyError, NoReverseMatch):
        return False
    return True
