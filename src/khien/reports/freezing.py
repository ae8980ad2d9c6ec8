"""The frozen content of a report: everything the document will say, apart from what people write in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from khien.kernel.canonical import Json
from khien.norms.library import load_library
from khien.norms.rulebook import is_amended
from khien.norms.selectors import documents_binding
from khien.registers.declarations import NUMBERS, Register, register_by_code
from khien.reports import figures as said_figures
from khien.reports.clause_lists import clause_list
from khien.reports.cleaning import plain
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import IN_WORDS, NONE, SOME, Figure, Part, Section, TableColumn
from khien.reports.errors import ReportNotForUnit
from khien.reports.figures import NOT_KNOWN, FigureValue, figure_of_rows, share_of
from khien.reports.legal_basis import cited
from khien.reports.models import Report
from khien.reports.other_sources import Verdicts, cases_figure, duties_figure
from khien.reports.periods import ONCE
from khien.reports.recipients import Recipient, recipients_of
from khien.reports.reports_below import ReportsBelow, UnitBelow, applies
from khien.reports.row_sources import RowSource, SeenRow
from khien.reports.row_words import RowWords
from khien.reports.standpoints import Stand

FORM = 1  # of the content; a change of its shape gets a new number and keeps the composer of the old one
_WORDS_LENGTH_MAX = 4_000
STATES: Mapping[str, str] = {
    "": "chưa lập",
    "draft": "chưa gửi",
    "reviewed": "chưa gửi",
    "signed": "chưa gửi",
    "sent": "đã gửi, chưa tiếp nhận",
    "received": "đã tiếp nhận",
    "returned": "đã trả lại",
}


class Freezer:
    """Builds the content of one report from what the registers say now."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.definition = stand.definition
        documents = documents_binding([stand.unit], on=stand.today)[stand.unit.pk]
        kind = stand.state.kind if stand.state is not None else stand.unit.kind
        if not applies(stand.definition, documents, kind, stand.today):
            raise ReportNotForUnit(report=stand.definition.title.vi, unit=stand.unit.name_vi)
        self._documents = documents
        self._heirs = _counting_heirs(stand)
        self._rows = RowSource(stand, self.definition.registers, self._heirs)
        self._below = ReportsBelow(stand)
        self.figures: dict[str, FigureValue] = {}
        for code, figure in self.definition.figures.items():
            self.figures[code] = self._figure(figure)

    @cached_property
    def _verdicts(self) -> Verdicts:
        return Verdicts(self.stand)

    def _figure(self, figure: Figure) -> FigureValue:
        match figure.source:
            case "share":
                return share_of(figure, self.figures)
            case "findings":
                return self._verdicts.figure(figure)
            case "duties":
                return duties_figure(figure, self.stand)
            case "cases":
                return cases_figure(figure, self.stand)
            case "reports":
                return self._below.figure(figure)
            case _:
                return figure_of_rows(figure, self._rows)

    def content(self) -> dict[str, Json]:
        """Return the content as plain values."""
        stand, definition = self.stand, self.definition
        return {
            "form": FORM,
            "report": {
                "code": definition.code,
                "digest": definition.digest,
                "kind": definition.kind,
                "title": definition.title.vi,
                "title_en": definition.title.en,
                "files_as": definition.files_as,
                "minutes_as": definition.minutes_as,
            },
            "library_sha256": load_library().digest,
            "unit": self._unit(),
            "period": self._period(),
            "about": self._about(),
            "about_words": stand.title,
            "takes_all": stand.takes_all,
            "made_at": stand.made_at,
            "made_on": stand.today.isoformat(),
            "title": plain(self._filled(definition.subject.vi)),
            "to": [one.frozen() for one in self._recipients],
            "basis": self._basis(),
            "signer": definition.signer,
            "signer_title": definition.signer_title,
            "urgency": definition.urgency,
            "parties": [party.vi for party in definition.parties],
            "opening": self._filled(definition.opening),
            "closing": self._filled(definition.closing),
            "notes": self._notes(),
            "figures": {c: self._frozen_figure(c, v) for c, v in self.figures.items()},
            "figure_codes": list(self.figures),
            "sections": [self._section(section) for section in definition.sections],
        }

    @cached_property
    def _recipients(self) -> list[Recipient]:
        return recipients_of(self.stand, self._documents)

    def _unit(self) -> dict[str, Json]:
        stand = self.stand
        state = stand.state
        division = stand.division
        return {
            "code": stand.unit.code,
            "name": plain(stand.unit_name, 200),
            "speaker": plain(stand.speaker, 200),
            "head": division.head if division is not None else "",
            "stands_alone": division is not None and division.stands_alone,
            "parent": plain(stand.parent_name, 200),
            "kind": state.kind if state is not None else stand.unit.kind,
            "place": plain(state.place if state is not None else stand.unit.place, 100),
            "is_demonstration": stand.unit.is_demonstration,
        }

    def _period(self) -> dict[str, Json]:
        period = self.stand.period
        is_once = self.definition.rhythm.every == ONCE
        return {
            "key": period.key,
            "begins": None if is_once else period.begins.isoformat(),
            "ends": None if is_once else period.ends.isoformat(),
            "until": self.stand.until.isoformat(),
            "label": period.label.vi,
        }

    def _about(self) -> Json:
        row = self.stand.subject
        if row is None:
            return None
        return {
            "register": row.register,
            "number": row.number,
            "row": [row.pk, row.version],
            "name": row.name,
        }

    def _basis(self) -> list[Json]:
        """Return the texts that demand the report of this unit today, each with its clauses."""
        library = load_library()
        held = (library.documents.get(name) for name in self._documents)
        acting = [text for text in held if text is not None and text.in_force_on(self.stand.today)]
        paths: dict[str, list[str]] = {}
        for anchor in self.definition.clauses:
            document, _, path = anchor.partition("/")
            if document in self._documents and not is_amended(acting, document, path):
                paths.setdefault(document, []).append(path)
        found: list[Json] = [
            {
                "words": f"{clause_list(listed, 'vi')} {cited(library.documents[document])}",
                "clauses": [f"{document}/{path}" for path in listed],
                "mark": "",
            }
            for document, listed in paths.items()
        ]
        day = self.stand.today
        found.extend(
            {"words": law.title.vi, "clauses": [], "mark": law.mark}
            for law in self.definition.law
            if law.begins <= day and (law.ends is None or day < law.ends)
        )
        return found

    def _notes(self) -> list[Json]:
        """Return what has to be known about whose figures these are."""
        return [
            f"Số liệu gồm cả {heir.unit.name_vi} đến trước ngày {heir.until:%d/%m/%Y} (ngày sáp nhập)."
            for heir in self.stand.heirs
            if heir.unit.pk in self._heirs
        ]

    def _frozen_figure(self, code: str, value: FigureValue) -> dict[str, Json]:
        figure = self.definition.figures[code]
        return {
            "title": figure.title.vi,
            "said": self._said(code),
            "value": value.value,
            "unsure_count": value.unsure_count,
            "missing_units": value.missing_units,
            "is_confirmed": value.is_confirmed,
            "register": figure.of if figure.source in ("count", "sum", "list") else "",
            "rows": [list(row) for row in value.rows],
            "unsure": [list(row) for row in value.unsure],
            "items": [list(item) for item in value.items],
        }

    def _said(self, code: str, *, in_sentence: bool = False) -> str:
        unit = self.definition.figures[code].unit
        value = self.figures[code]
        return said_figures.said(value, unit.vi if unit else "", in_sentence=in_sentence)

    def _filled(self, words: str) -> str:
        """Return a sentence with its figures, words and fields of the row."""
        known = self.stand.words()

        def meaning(word: str) -> str:
            if word.startswith("row."):
                return self._row_value(word.partition(".")[2]) or NOT_KNOWN
            if word == "addressee":
                named = (one.name for one in self._recipients if not one.is_copy)
                return next(named, "") or NOT_KNOWN
            if word in self.figures:
                return self._said(word, in_sentence=True)
            return known[word] or NOT_KNOWN

        return IN_WORDS.sub(lambda found: meaning(found[1]), words)

    def _row_value(self, code: str) -> str:
        row = self.stand.subject
        return self._subject_words.said(row.values, code) if row is not None else ""

    @cached_property
    def _subject_words(self) -> RowWords:
        row = self.stand.subject
        register = register_by_code(str(self.definition.about))
        return RowWords(register, [row.values] if row else [], self.definition.paths_of_row)

    def _section(self, section: Section) -> dict[str, Json]:
        shown = [part for part in section.parts if self._is_shown(part)]
        return {
            "title": section.title.vi if section.title else "",
            "is_annex": section.is_annex,
            "parts": [self._part(part) for part in shown],
        }

    def _is_shown(self, part: Part) -> bool:
        return all(self._stands(code) == how for code, how in part.only_if.items())

    def _stands(self, code: str) -> str:
        if code.startswith("row."):
            return SOME if self._row_value(code.partition(".")[2]) else NONE
        return _stands(self.figures[code])

    def _part(self, part: Part) -> dict[str, Json]:
        match part.kind:
            case "text":
                return {
                    "kind": "text",
                    "code": part.code,
                    "prompt": part.title.vi,
                    "label": part.label,
                    "is_required": part.is_required,
                    "initial": self._filled(part.words),
                }
            case "figure":
                titles = self.definition.figures
                lines: list[Json] = [[titles[c].title.vi, self._said(c)] for c in part.figures]
                return {"kind": "lines", "lines": lines}
            case "fields":
                pairs: list[Json] = [
                    [column.title.vi, self._cell(column) or NOT_KNOWN]
                    for column in part.columns
                    if not column.if_known or self._cell(column)
                ]
                return {"kind": "lines", "lines": pairs}
            case "table":
                return self._table(part)
            case "units":
                return self._units(part)
            case "heading":
                return {"kind": "heading", "words": part.title.vi}
            case _:
                return {"kind": "sentence", "words": self._filled(part.words)}

    def _cell(self, column: TableColumn) -> str:
        row = self.stand.subject
        words = self._subject_words
        return words.together(row.values, column.fields) if row is not None else ""

    def _table(self, part: Part) -> dict[str, Json]:
        register = register_by_code(part.register)
        found = self._rows.rows(part.register, part.where, part.within)
        rows = _in_order([*found.rows, *found.unsure], part.order)
        codes = [code for column in part.columns for code in column.fields]
        words = RowWords(register, [row.values for row in rows], codes, is_cell=True)
        lines: list[Json] = []
        for place, row in enumerate(rows, start=1):
            said = [
                words.together(row.values, column.fields)
                or (NOT_KNOWN if words.is_asked(column.field) else "")
                for column in part.columns
            ]
            lines.append([str(place), *said])
        is_confirmed = self._rows.is_confirmed(part.register, is_dated=part.within is not None)
        empty = self._filled(part.words) or "Không có."
        return {
            "kind": "table",
            "title": part.title.vi,
            "heads": ["STT", *(column.title.vi for column in part.columns)],
            "numbers": [_is_number(register, column) for column in part.columns],
            "rows": lines,
            "empty": empty if is_confirmed else f"{NOT_KNOWN[0].upper()}{NOT_KNOWN[1:]}.",
            "counted": [[row.pk, row.version] for row in rows],
            "register": part.register,
        }

    def _units(self, part: Part) -> dict[str, Json]:
        below = self._below.units(part.report)
        from_definition = _figures_of(part.report)
        totals: list[Json] = []
        for code in part.figures:
            known = [v.value for one in below if (v := one.figures.get(code)) is not None]
            numbers = [value for value in known if isinstance(value, int)]
            totals.append(sum(numbers) if numbers else None)
        return {
            "kind": "units",
            "title": part.title.vi,
            "report": part.report,
            "heads": [from_definition[code].title.vi for code in part.figures],
            "rows": [self._unit_line(one, part.figures) for one in below],
            "totals": totals,
            "missing": [_missing(o, self.stand) for o in below if not self._is_counted(o)],
        }

    def _is_counted(self, below: UnitBelow) -> bool:
        return bool(below.reports) and all(self._below.counts(r) for r in below.reports)

    def _unit_line(self, below: UnitBelow, figures: Sequence[str]) -> dict[str, Json]:
        values: list[Json] = [
            value.value if (value := below.figures.get(code)) is not None else None
            for code in figures
        ]
        return {
            "code": below.unit.code,
            "name": below.name,
            "state": below.state,
            "said": STATES[below.state],
            "is_late": below.is_late(self.stand.today),
            "sent_on": below.sent_on.isoformat() if below.sent_on else "",
            "versions": [list(version) for version in below.versions],
            "values": values,
        }


def _is_number(register: Register, column: TableColumn) -> bool:
    field = register.fields.get(column.field)
    return field is not None and not column.more and field.type in NUMBERS


def _stands(value: FigureValue) -> str:
    if value.value is None:
        return "unknown"
    return NONE if value.value in (0, "", "không có") and not value.unsure_count else SOME


def _counting_heirs(stand: Stand) -> list[int]:
    """Return the merged units whose rows count: those that did not report on the period themselves."""
    merged = [heir.unit.pk for heir in stand.heirs]
    if not merged:
        return []
    reports = Report.objects.filter(
        unit__in=merged, definition=stand.definition.code, period=stand.period.key
    )
    done = reports.filter(state__in=("sent", "received")).values_list("unit_id", flat=True)
    return [pk for pk in merged if pk not in set(done)]


def _in_order(rows: Iterable[SeenRow], order: str | None) -> list[SeenRow]:
    """Return rows by a field; those that lack it come last, in the order of their numbers."""
    listed = sorted(rows, key=lambda row: row.number)
    if order is None:
        return listed
    code, is_turned = order.removeprefix("-"), order.startswith("-")
    known = [row for row in listed if row.values.get(code) is not None]
    known.sort(key=lambda row: _sortable(row.values[code]), reverse=is_turned)
    return [*known, *(row for row in listed if row.values.get(code) is None)]


def _sortable(value: Json) -> tuple[int, int | float, str]:
    if isinstance(value, (int, float)):
        return (0, value, "")
    return (1, 0, str(value))


def _figures_of(report: str) -> Mapping[str, Figure]:
    return load_definitions()[report].figures


def _missing(below: UnitBelow, stand: Stand) -> dict[str, Json]:
    return {
        "code": below.unit.code,
        "name": below.name,
        "said": STATES[below.state],
        "is_late": below.is_late(stand.today),
        "due_on": below.due_on.isoformat() if below.due_on else "",
    }
