"""Reading of controls/<theme>/<ID>/control.yaml."""

from __future__ import annotations

import re
from string import Formatter

from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.located_yaml import Located, Problem
from khien.norms.model import (
    EVIDENCE_MODES,
    VERDICTS,
    WAITS,
    CheckSpec,
    Control,
    Parameter,
    Reason,
)

_ID = re.compile(r"[A-Z]{3}-\d{2,3}")
_KEYS = (
    "id", "theme", "subject", "evidence", "severity", "title", "why", "parameters", "check", "fix",
    "supply", "waits_for", "aliases",
)  # fmt: skip
_PARAMETER_KEYS = ("type", "sense", "unit", "vi", "en", "order", "implied_by")
_WAYS = ("measured", "recorded", "stated")
_SENSES = {
    "integer": ("max", "min"),
    "set": ("union", "intersection"),
    "date": ("earliest",),
    "choice": ("exact", "ranked"),
}


def read_control(source: Located, problems: list[Problem]) -> Control | None:
    """Turn one control.yaml into a control; None if not even its id can be read."""
    reader = FieldReader(source, (), problems)
    reader.allow_only(_KEYS)
    control_id = reader.text("id")
    folder = source.path.parent
    if not _ID.fullmatch(control_id) or control_id != folder.name:
        reader.note(
            f"phải trùng tên thư mục «{folder.name}», dạng ABC-01",
            f"must equal the folder's name «{folder.name}», like ABC-01",
            at="id",
        )
        return None
    theme = reader.text("theme")
    if theme != folder.parent.name:
        reader.note(
            f"phải là «{folder.parent.name}»", f"must be «{folder.parent.name}»", at="theme"
        )
    return Control(
        id=control_id,
        theme=theme,
        subject=reader.text("subject"),
        evidence=reader.choice("evidence", EVIDENCE_MODES),
        severity=reader.choice("severity", ("low", "medium", "high")),
        title=reader.bilingual("title"),
        why=reader.bilingual("why"),
        fix=reader.bilingual("fix"),
        supply=reader.bilingual("supply"),
        parameters=_read_parameters(reader),
        check=_read_check(reader.child("check")) if "check" in reader.data else None,
        folder=folder,
        waits_for=_read_waits(reader),
    )


def _read_waits(reader: FieldReader) -> tuple[str, ...]:
    waits = reader.words("waits_for")
    strange = sorted(set(waits) - set(WAITS))
    if strange:
        known = ", ".join(WAITS)
        reader.note(f"chỉ gồm: {known}", f"only: {known}", at="waits_for")
    return tuple(wait for wait in waits if wait in WAITS)


def _read_parameters(reader: FieldReader) -> dict[str, Parameter]:
    if "parameters" not in reader.data:
        return {}
    group = reader.child("parameters")
    return {name: _read_parameter(name, group.child(name)) for name in group.data}


def _read_parameter(name: str, reader: FieldReader) -> Parameter:
    reader.allow_only(_PARAMETER_KEYS)
    kind = reader.choice("type", tuple(_SENSES))
    sense = reader.choice("sense", _SENSES.get(kind, ()))
    order = reader.words("order")
    if sense == "ranked" and not order:
        reader.note("«ranked» cần «order»", "«ranked» needs «order»", at="sense")
    implied: dict[str, tuple[str, ...]] = {}
    if "implied_by" in reader.data:
        group = reader.child("implied_by")
        implied = {item: group.words(item) for item in group.data}
    return Parameter(
        name=name,
        type=kind,
        sense=sense,
        title=reader.bilingual(),
        unit=reader.text("unit", required=False) or None,
        order=order,
        implied_by=implied,
    )


def _read_check(reader: FieldReader) -> CheckSpec:
    reader.allow_only(
        ("subject", "applies", "evidence", "whole", "reasons", "decided", "statement")
    )
    evidence: dict[str, int | None] = {}
    if "evidence" in reader.data:
        group = reader.child("evidence")
        evidence = {table: group.integer(table) for table in group.data}
    reasons: dict[str, Reason] = {}
    if "reasons" in reader.data:
        group = reader.child("reasons")
        reasons = {code: _read_reason(code, group.child(code)) for code in group.data}
    whole = frozenset(reader.words("whole"))
    if not whole <= set(evidence):
        reader.note(
            "mỗi bảng phải có trong «evidence»", "each table must be under «evidence»", at="whole"
        )
    verdicts = {reason.verdict for reason in reasons.values()}
    if not {"pass", "fail"} <= verdicts:
        reader.note(
            "phải có ít nhất một lý do «pass» và một lý do «fail»: kiểm tra không thể sai thì vô nghĩa",
            "needs at least one «pass» and one «fail» reason: a check that cannot fail says nothing",
            at="reasons",
        )
    return CheckSpec(
        applies=reader.text("applies", required=False) or None,
        evidence=evidence,
        reasons=reasons,
        whole=whole,
        subject=reader.text("subject", required=False) or "host",
        statement=reader.text("statement", required=False) or None,
        decided=reader.choice("decided", _WAYS, default="measured"),  # type: ignore[arg-type]  # the choice is checked just here
    )


def _read_reason(code: str, reader: FieldReader) -> Reason:
    reader.allow_only(("verdict", "decided", "vi", "en"))
    verdict = reader.choice("verdict", VERDICTS)
    text = reader.bilingual()
    if _places(text.vi) != _places(text.en):
        reader.note(
            "hai ngôn ngữ phải dùng cùng các {chỗ điền}", "both languages need the same {places}"
        )
    decided = reader.choice("decided", _WAYS) if "decided" in reader.data else None
    return Reason(code, verdict, text, decided)  # type: ignore[arg-type]  # checked by choice


def _places(template: str) -> set[str]:
    try:
        return {name or "?" for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:
        return {"?"}


def places_of(text: Text) -> set[str]:
    """Return the names of the places a sentence fills."""
    return _places(text.vi)
