"""The minutes of a case: what they say is frozen when they are made, and filed when they are signed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from khien.kernel.canonical import Json, canonical_bytes, sha256_hex
from khien.kernel.clock import iso_utc, parse_iso, said_day, said_moment
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.norms.wording import cited_by_anchor
from khien.registers.declarations import Field, register_by_code
from khien.registers.errors import InvalidRow
from khien.registers.filing import add_attachment
from khien.registers.models import Row
from khien.registers.references import reference_labels, register_of
from khien.registers.services import add_row
from khien.registers.values import read_row, said_text
from khien.workflows import events
from khien.workflows.declarations import Step, Workflow
from khien.workflows.doers import Doer
from khien.workflows.effects import carry_out
from khien.workflows.errors import StepRefused
from khien.workflows.models import CaseItem, FrozenMinutes
from khien.workflows.progress import checked, day_of
from khien.workflows.rules import rules_of
from khien.workflows.world import World

FORM = 1  # of the content below; a change of its shape gets a new number


class File(Protocol):
    """A file that a person gave."""

    @property
    def name(self) -> str:
        """Return the name it came under."""

    @property
    def content(self) -> bytes:
        """Return its bytes."""


def freeze(workflow: Workflow, world: World, values: Mapping[str, Json], doer: Doer) -> None:
    """Freeze what the minutes of a case say; from then on the file can be made again, the same to the bit."""
    case = world.case
    content = canonical_bytes(_content(workflow, world, values, doer.now))
    digest = sha256_hex(content)
    body: dict[str, Json] = {
        "unit": case.unit.code, "workflow": workflow.code, "title_vi": workflow.title.vi,
        "title_en": workflow.title.en, "number": case.number, "by": doer.by, "sha256": digest,
    }  # fmt: skip
    subject = f"{case.unit.code}/{workflow.code}/{case.number}"
    index = ledger.record(events.MINUTES_FROZEN, subject=subject, body=body, at=doer.now)
    FrozenMinutes.objects.create(
        case=case, content=content.decode(), sha256=digest, made_at=doer.now, made_by=doer.by,
        ledger_index=index,
    )  # fmt: skip


def content_of(minutes: FrozenMinutes) -> dict[str, Json]:
    """Return what frozen minutes say."""
    content: dict[str, Json] = json.loads(minutes.content)
    return content


def _content(
    workflow: Workflow, world: World, values: Mapping[str, Json], now: datetime
) -> dict[str, Json]:
    """Return everything the minutes say, in Vietnamese, so that nothing has to be looked up later."""
    case, unit = world.case, world.unit
    done = [workflow.steps[code] for code in world.steps if code in workflow.steps]
    order = {code: place for place, code in enumerate(workflow.order)}
    done.sort(key=lambda step: order[step.code])
    return {
        "form": FORM,
        "unit": {
            "code": unit.code,
            "name": unit.name_vi,
            "parent": unit.parent_name_vi,
            "place": unit.place,
        },
        "workflow": workflow.code,
        "digest": case.digest,
        "number": case.number,
        "about": workflow.minutes.about.vi,
        "title": case.title,
        "subject": workflow.subject.title.vi.partition(" (")[0],
        "basis": _basis(workflow, world),
        "began_at": values["began_at"],
        "ended_at": values["ended_at"],
        "place": values["place"],
        "people": str(values["people"]).splitlines(),
        "parts": [_part(step, world) for step in done],
        "conclusion": str(values["conclusion"]).splitlines(),
        "left": [workflow.minutes.left.vi, values["left_name"]],
        "right": [workflow.minutes.right.vi, values["right_name"]],
        "made_at": iso_utc(now),
    }


def _basis(workflow: Workflow, world: World) -> list[Json]:
    """Return the documents that demand the work of this unit, each with the paths of its clauses."""
    binding = rules_of(world.unit, world.now).documents
    paths: dict[str, list[Json]] = {}
    for anchor in workflow.clauses:
        document, _, path = anchor.partition("/")
        if document in binding:
            paths.setdefault(document, []).append(path)
    documents = load_library().documents
    return [[found, documents[document].title.vi] for document, found in paths.items()]


def _part(step: Step, world: World) -> dict[str, Json]:
    done = world.steps[step.code]
    pairs = [
        [_label(asked.field), said]
        for code, asked in step.fields.items()
        if (said := said_value(asked.field, done.values.get(code)))
    ]
    return {
        "title": step.title.vi,
        "done": f"{done.done_by}, {said_moment(done.done_at)}",
        "pairs": pairs,
        "tables": [
            table
            for table in (_conditions(step, world), _items(step, world), _lines(step, world))
            if table
        ],
    }


def said_value(field: Field, value: Json) -> str:
    """Return a value in Vietnamese words; what it refers to by its name, a paper by its number and day."""
    if value is None:
        return ""
    place = register_of(field)
    if place is not None and isinstance(value, int):
        row = Row.objects.filter(pk=value, register=place).first()
        return "" if row is None else _said_row(row)
    if field.type == "moment" and isinstance(value, str):
        return said_moment(parse_iso(value))
    if field.type == "boolean":
        return "Có" if value is True else "Không"
    return said_text(field, value)


def _said_row(row: Row) -> str:
    number, day = row.values.get("number"), day_of(row.values.get("issued_on"))
    if row.register != "document" or day is None:
        return row.name
    return f"số {number} ngày {said_day(day)}" if number else f"{row.name} ngày {said_day(day)}"


def _label(field: Field) -> str:
    """Return what a field is called, without what a form adds in brackets for who fills it in."""
    return field.title.vi.partition(" (")[0]


def _conditions(step: Step, world: World) -> dict[str, Json]:
    """Return the conditions of a step that only checks: they are what it says."""
    if step.fields or step.items or step.lines or not step.requires:
        return {}
    rows: list[Json] = [
        [str(place), _upper_first(met.requirement.title.vi), _cited(met.requirement.clause), "đạt"]
        for place, met in enumerate(checked(step.requires, world), start=1)
    ]
    return {
        "title": "Điều kiện",
        "heads": ["STT", "Điều kiện", "Điều khoản", "Kết quả"],
        "rows": rows,
    }


def _cited(clause: str | None) -> str:
    return cited_by_anchor(load_library(), clause).vi if clause else ""


def _items(step: Step, world: World) -> dict[str, Json]:
    if step.items is None:
        return {}
    items = step.items
    register = register_by_code(items.sources[0].register)
    listed = list(CaseItem.objects.filter(case=world.case, step=step.code).select_related("row"))
    labels = reference_labels(register, [item.values for item in listed])
    fields = [register.fields[code] for code in items.columns]
    rows: list[list[str]] = []
    for item in listed:
        decision = items.decisions.get(item.decision)
        note = " · ".join(
            part for part in (f"{item.on:%d/%m/%Y}" if item.on else "", item.note) if part
        )
        columns = [said_text(field, item.values.get(field.code), labels) for field in fields]
        rows.append([item.name, *columns, decision.title.vi if decision else "", note])
    heads = [_upper_first(register.row.vi), *(f.title.vi for f in fields), "Quyết định", "Ghi chú"]
    return _table(items.title.vi, heads, rows)


def _lines(step: Step, world: World) -> dict[str, Json]:
    if step.lines is None:
        return {}
    register = register_by_code(step.lines.register)
    fields = [register.fields[code] for code in step.lines.fields]
    found = world.rows_where(step.lines.register, step.lines.values)
    rows = [[said_value(field, row.values.get(field.code)) for field in fields] for row in found]
    return _table(step.lines.title.vi, [field.title.vi for field in fields], rows)


def _table(title: str, heads: list[str], rows: list[list[str]]) -> dict[str, Json]:
    """Return a numbered table without the columns in which nothing stands."""
    kept = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    return {
        "title": title,
        "heads": ["STT", *(heads[place] for place in kept)],
        "rows": [[str(n), *(row[place] for place in kept)] for n, row in enumerate(rows, start=1)],
    }


def file_signed(
    workflow: Workflow, world: World, values: Mapping[str, Json], file: File | None, doer: Doer
) -> None:
    """File signed minutes in the registers of documents and of minutes, and do what hangs on them."""
    case, plan = world.case, workflow.minutes
    made = FrozenMinutes.objects.get(case=case)
    title = f"Biên bản {plan.about.vi}: {case.title}"[:300]
    document = _filed("document", world, doer, {
        "kind": plan.document_kind, "title": title, "number": values["number"],
        "issuer": world.unit.name_vi, "issued_on": values["signed_on"], "is_approved": True,
        "signer": values["signer"], "system": _system_of(world),
    })  # fmt: skip
    if file is not None:
        add_attachment(document, file.content, name=file.name, act=doer.act)
    content = content_of(made)
    minutes = _filed("minutes", world, doer, {
        "title": title, "kind": plan.minutes_kind, "began_at": content["began_at"],
        "ended_at": content["ended_at"], "place": content["place"], "chair": values["signer"],
        "people": "\n".join(map(str, _texts(content["people"]))),
        "content": "\n".join(map(str, _texts(content["conclusion"]))), "document": document.pk,
    })  # fmt: skip
    case.rows["minutes_document"], case.rows["minutes"] = document.pk, minutes.pk
    try:
        carry_out(plan.effects, world, doer)
    except InvalidRow as refused:
        raise StepRefused(refused.problems) from refused


def _filed(register: str, world: World, doer: Doer, values: Mapping[str, Json]) -> Row:
    known = {code: value for code, value in values.items() if value is not None}
    draft = read_row(register_by_code(register), known, doer.references)
    if draft.problems:
        raise StepRefused(draft.problems)
    return add_row(draft, unit=world.unit, act=doer.act)


def _system_of(world: World) -> Json:
    subject = world.row(world.case.subject_id)
    return subject.pk if subject is not None and subject.register == "system" else None


def _texts(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) else ()


def _upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]
