"""Reading of norms/<document>/document.yaml and clauses.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from khien.kernel.language import Text
from khien.norms.field_reader import FieldReader
from khien.norms.located_yaml import Located, Problem
from khien.norms.model import (
    EVIDENCE_MODES,
    MARKS,
    MODALITIES,
    SIDES,
    TIERS,
    Amendment,
    Clause,
    Control,
    Document,
    Duty,
    LawCitation,
    Parameter,
    Value,
)
from khien.norms.read_schedule import read_schedule

_DOCUMENT_KEYS = (
    "id", "kind", "number", "title", "short", "issuer", "place", "issued_on", "in_force_from",
    "in_force_to", "in_force_note", "binds", "unit_kinds", "replaces", "cites", "amends",
    "tier", "mark", "note", "level", "binds_by_kind",
)  # fmt: skip
_DUTY_KEYS = (
    "id", "item", "modality", "actor", "vi", "en", "control", "parameters", "frequency", "deadline",
    "evidence", "output", "side", "repeat_of", "schedule",
)  # fmt: skip
CLAUSE_KINDS = (
    "phan",
    "chuong",
    "muc",
    "tieu_muc",
    "dieu",
    "khoan",
    "diem",
    "buoc",
    "gach",
    "doan",
)
AMENDINGS = ("replaced", "removed")
FREQUENCIES = (
    "continuous", "event", "once", "weekly", "monthly", "quarterly", "6-monthly", "yearly",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LawText:
    """A cited text of higher law as law.yaml knows it: until when, replaced by what, how sure."""

    reader: FieldReader
    ended_on: date | None
    successor: str | None
    mark: str


def read_law(source: Located, problems: list[Problem]) -> dict[str, LawText]:
    """Read law.yaml: the fate of the texts that regulations cite."""
    top = FieldReader(source, (), problems)
    result: dict[str, LawText] = {}
    for key in top.data:
        reader = top.child(key)
        reader.allow_only(("vi", "en", "ended_on", "successor", "mark", "note"))
        reader.bilingual()
        result[key] = LawText(
            reader=reader,
            ended_on=reader.day("ended_on"),
            successor=reader.text("successor", required=False) or None,
            mark=reader.choice("mark", ("A", "B", "C")),
        )
    return result


def read_document(
    head: Located,
    body: Located,
    problems: list[Problem],
    *,
    controls: Mapping[str, Control],
    law: Mapping[str, LawText],
) -> Document:
    """Turn the two files of a document's folder into a document."""
    reader = FieldReader(head, (), problems)
    reader.allow_only(_DOCUMENT_KEYS)
    document_id = reader.text("id")
    if document_id != head.path.parent.name:
        reader.note("phải trùng tên thư mục", "must equal the folder's name", at="id")
    mark = reader.choice("mark", tuple(MARKS), default="A")
    clauses = _read_clauses(document_id, FieldReader(body, (), problems), controls, mark)
    citations = tuple(_read_citation(item, law, clauses) for item in reader.children("cites"))
    return Document(
        id=document_id,
        kind=reader.text("kind"),
        number=reader.text("number", required=False) or None,
        title=reader.bilingual("title"),
        short=reader.bilingual("short"),
        issuer=reader.bilingual("issuer"),
        place=reader.text("place"),
        issued_on=reader.day("issued_on"),
        in_force_from=reader.day("in_force_from", required=True) or date.max,
        in_force_to=reader.day("in_force_to"),
        in_force_note=reader.optional_bilingual("in_force_note"),
        binds=reader.bilingual("binds"),
        unit_kinds=reader.words("unit_kinds"),
        replaces=reader.words("replaces"),
        citations=citations,
        clauses=clauses,
        folder=head.path.parent,
        amends=tuple(_read_amendment(item, document_id) for item in reader.children("amends")),
        tier=reader.choice("tier", TIERS, default="regulation"),
        mark=mark,
        note=reader.optional_bilingual("note"),
        level=reader.integer("level"),
        binds_by_kind=_read_binds_by_kind(reader, clauses),
    )


def _read_binds_by_kind(reader: FieldReader, clauses: Mapping[str, Clause]) -> tuple[str, ...]:
    named = reader.words("binds_by_kind")
    known = {duty.id for clause in clauses.values() for duty in clause.duties}
    for name in named:
        if name not in known:
            reader.note(
                f"văn bản không có nghĩa vụ {name}",
                f"the text has no duty {name}",
                at="binds_by_kind",
            )
    return named


def _read_amendment(reader: FieldReader, document_id: str) -> Amendment:
    reader.allow_only(("document", "clauses", "how"))
    amended = reader.text("document")
    if amended == document_id:
        reader.note(
            "văn bản không thể tự sửa đổi chính mình", "a text cannot amend itself", at="document"
        )
    return Amendment(amended, reader.words("clauses"), reader.choice("how", AMENDINGS))


def _read_citation(
    reader: FieldReader, law: Mapping[str, LawText], clauses: Mapping[str, Clause]
) -> LawCitation:
    reader.allow_only(("key", "clauses"))
    key = reader.text("key")
    places = reader.words("clauses")
    for path in places:
        if path not in clauses and path != "recital":
            reader.note(f"không có mục {path}", f"there is no clause {path}", at="clauses")
    if key not in law:
        reader.note("không có trong law.yaml", "is not in law.yaml", at="key")
        return LawCitation(key, Text(vi=key, en=key), None, None, "C", None, places)
    text = law[key]
    title = text.reader.bilingual()
    note = text.reader.optional_bilingual("note")
    return LawCitation(key, title, text.ended_on, text.successor, text.mark, note, places)


def _read_clauses(
    document: str, reader: FieldReader, controls: Mapping[str, Control], mark: str
) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}
    seen: set[str] = set()
    for item in reader.children("clauses"):
        item.allow_only(("path", "kind", "vi", "en", "none", "duties", "mark"))
        clause = _read_clause(document, item, controls, mark)
        if clause.path in clauses:
            item.note(
                f"mục {clause.path} có hai lần", f"clause {clause.path} stands twice", at="path"
            )
        for duty in clause.duties:
            if duty.id in seen:
                item.note(f"nghĩa vụ {duty.id} có hai lần", f"duty {duty.id} stands twice")
            seen.add(duty.id)
        clauses[clause.path] = clause
    return clauses


def _read_clause(
    document: str, reader: FieldReader, controls: Mapping[str, Control], document_mark: str
) -> Clause:
    text = reader.bilingual()
    # A clause is never surer than its text: where the text's validity is to be checked, so is every clause.
    mark = max(document_mark, reader.choice("mark", tuple(MARKS), default="A"))
    duties = tuple(
        replace(_read_duty(item, number, reader, controls), mark=mark)
        for number, item in enumerate(reader.children("duties"), start=1)
    )
    none = reader.text("none", required=False) or None
    if bool(duties) == bool(none):
        reader.note(
            "phải có «duties», hoặc «none» nói vì sao không có nghĩa vụ",
            "needs «duties», or «none» that says why it has no duty",
        )
    return Clause(
        document=document,
        path=reader.text("path"),
        kind=reader.choice("kind", CLAUSE_KINDS),
        text=text,
        duties=duties,
        none=none,
        mark=mark,
    )


def _read_duty(
    reader: FieldReader, number: int, clause: FieldReader, controls: Mapping[str, Control]
) -> Duty:
    reader.allow_only(_DUTY_KEYS)
    control_id = reader.text("control")
    control = controls.get(control_id)
    if control is None:
        reader.note("không có biện pháp này", "there is no such control", at="control")
    own_words = "vi" in reader.data
    return Duty(
        id=reader.text("id"),
        item=number,
        modality=reader.choice("modality", MODALITIES),
        actor=reader.bilingual("actor"),
        text=reader.bilingual() if own_words else clause.bilingual(),
        control=control_id,
        parameters=_read_values(reader, control),
        frequency=reader.choice("frequency", FREQUENCIES),
        evidence=reader.choice("evidence", EVIDENCE_MODES),
        side=reader.choice("side", SIDES, default="unit"),
        deadline=reader.optional_bilingual("deadline"),
        output=reader.optional_bilingual("output"),
        repeat_of=reader.text("repeat_of", required=False) or None,
        schedule=read_schedule(reader.child("schedule")) if "schedule" in reader.data else None,
    )


def _read_values(reader: FieldReader, control: Control | None) -> dict[str, Value]:
    if "parameters" not in reader.data:
        return {}
    group = reader.child("parameters")
    known = control.parameters if control else {}
    values: dict[str, Value] = {}
    for name, value in group.data.items():
        parameter = known.get(name)
        if parameter is None:
            group.note(
                "biện pháp không có tham số này", "the control has no such parameter", at=name
            )
            continue
        values[name] = _read_value(group, parameter, value)
    return values


def _read_value(group: FieldReader, parameter: Parameter, value: object) -> Value:
    name = parameter.name
    if value is None:
        return None
    if parameter.type == "integer":
        return group.integer(name)
    if parameter.type == "date":
        return group.day(name)
    if parameter.type == "set":
        return group.words(name)
    text = group.text(name)
    if parameter.order and text not in parameter.order:
        words = ", ".join(parameter.order)
        group.note(f"phải là một trong: {words}", f"must be one of: {words}", at=name)
    return text
