"""An impact in words: its first line, and its parts as pages, the command line and the document say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from khien.adoption.impact.model import ADDED, DROPPED, Group, Impact, Turn
from khien.checks.sentences import said_value
from khien.kernel.language import Text
from khien.norms.difference import ParameterChange
from khien.norms.model import Library
from khien.norms.wording import cited

_COUNTED: Mapping[str, Text] = {
    "units": Text("{n} đơn vị", "{n} units"),
    "controls_added": Text("{n} biện pháp thêm", "{n} controls added"),
    "controls_dropped": Text("{n} biện pháp bớt", "{n} controls dropped"),
    "parameters_tightened": Text("{n} tham số chặt hơn", "{n} parameters tighter"),
    "parameters_loosened": Text("{n} tham số lỏng hơn", "{n} parameters looser"),
    "findings_failing": Text("{n} kết quả chuyển thành không đạt", "{n} findings turn to fail"),
    "findings_passing": Text("{n} kết quả chuyển thành đạt", "{n} findings turn to pass"),
    "duties_new": Text("{n} nghĩa vụ có hạn mới", "{n} dated duties new"),
    "duties_gone": Text("{n} nghĩa vụ có hạn hết", "{n} dated duties gone"),
    "reports_new": Text("{n} mẫu báo cáo thêm", "{n} reports new"),
    "reports_gone": Text("{n} mẫu báo cáo bớt", "{n} reports gone"),
}
DIRECTIONS: Mapping[str, Text] = {
    "tightened": Text("chặt hơn", "tighter"),
    "loosened": Text("lỏng hơn", "looser"),
    "changed": Text("đổi", "changed"),
    "added": Text("thêm", "added"),
    "dropped": Text("bớt", "dropped"),
}
VERDICTS: Mapping[str, Text] = {
    "": Text("chưa xét", "not judged"),
    "pass": Text("đạt", "pass"),
    "fail": Text("không đạt", "fail"),
    "unknown": Text("chưa rõ", "unknown"),
    "not_applicable": Text("không áp dụng", "not applicable"),
}
NOT_ASKED = Text(
    "Sẽ đánh giá lại khi văn bản có hiệu lực (chưa thể hỏi trước): {controls}.",
    "Judged once the text is in force (cannot be asked before): {controls}.",
)
NOTHING = Text("không thay đổi gì", "nothing changes")


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter that changes: of which control, from what to what, by which clauses."""

    control: str
    title: Text
    name: Text
    old: Text
    new: Text
    direction: str
    said: Text
    old_clauses: Text
    new_clauses: Text


def summary_line(impact: Impact) -> Text:
    """Return the first line: "3 đơn vị, 14 biện pháp thêm, …"; what is none is left out."""
    counts = impact.summary()
    said = [word.fill({"n": counts[code]}) for code, word in _COUNTED.items() if counts[code]]
    if len(said) <= 1:
        said.append(NOTHING)
    return Text(", ".join(one.vi for one in said), ", ".join(one.en for one in said))


def parameter_lines(group: Group, library: Library) -> list[ParameterLine]:
    """Return the parameters that change for a group, of controls that stay; the tighter ones first."""
    return [
        _line(direction, control, change, library)
        for direction in ("tightened", "loosened", "changed")
        for control, change in group.directions(direction)
    ]


def _line(side: str, control: str, change: ParameterChange, library: Library) -> ParameterLine:
    held = library.controls[control]
    parameter = held.parameters[change.name]
    unit = library.label(parameter.unit) if parameter.unit else None
    return ParameterLine(
        control=control,
        title=held.title,
        name=parameter.title,
        old=_valued(change.old, library, unit, is_there=bool(change.old_clauses)),
        new=_valued(change.new, library, unit, is_there=bool(change.new_clauses)),
        direction=side,
        said=DIRECTIONS[side],
        old_clauses=cited_list(change.old_clauses, library),
        new_clauses=cited_list(change.new_clauses, library),
    )


def _valued(value: object, library: Library, unit: Text | None, *, is_there: bool) -> Text:
    if not is_there:
        return Text("–", "–")
    vi, en = (said_value(value, library, language) for language in ("vi", "en"))  # type: ignore[arg-type]  # a value of a parameter
    if unit is None or value is None:
        return Text(vi, en)
    return Text(f"{vi} {unit.vi}", f"{en} {unit.en}")


def cited_list(anchors: Iterable[str], library: Library, most: int = 3) -> Text:
    """Return clauses as people cite them, a few of many."""
    listed = list(anchors)
    found = []
    for anchor in listed[:most]:
        document, _, path = anchor.partition("/")
        held = library.documents.get(document)
        found.append(cited(held, path) if held is not None else Text(anchor, anchor))
    more = " …" if len(listed) > most else ""
    return Text("; ".join(t.vi for t in found) + more, "; ".join(t.en for t in found) + more)


def control_names(controls: Iterable[str], library: Library) -> list[Text]:
    """Return controls with their titles, in the library's order."""
    chosen = set(controls)
    return [
        Text(f"{code} {control.title.vi}", f"{code} {control.title.en}")
        for code, control in library.controls.items()
        if code in chosen
    ]


def turn_words(turn: Turn, library: Library) -> Text:
    """Return how findings of a control turn."""
    control = library.controls.get(turn.control)
    title = control.title if control is not None else Text(turn.control, turn.control)
    before, after = VERDICTS[turn.before], VERDICTS[turn.after]
    return Text(
        f"{turn.control} {title.vi}: {turn.count} kết quả, {before.vi} → {after.vi}",
        f"{turn.control} {title.en}: {turn.count} findings, {before.en} → {after.en}",
    )


def unit_names(group: Group, most: int = 6) -> str:
    """Return the names of the units of a group, a few of many."""
    names = [name for _, _, name in group.units[:most]]
    more = f" … ({len(group.units)})" if len(group.units) > most else ""
    return ", ".join(names) + more


def lines_of(impact: Impact, library: Library) -> Iterator[str]:
    """Yield an impact line by line, for the command line."""
    for group in impact.groups:
        yield f"{unit_names(group)}:"
        yield from _group_lines(group, library)
        for pk, _, name in group.units:
            for turn in impact.turns.get(pk, ()):
                if turn.before and turn.after:
                    yield f"  ! {name}: {turn_words(turn, library)}"
    if impact.unevaluated:
        yield str(NOT_ASKED.fill({"controls": ", ".join(impact.unevaluated)}))


def _group_lines(group: Group, library: Library) -> Iterator[str]:
    for kind, mark in ((ADDED, "+"), (DROPPED, "-")):
        for name in control_names((c.control for c in group.of_kind(kind)), library):
            yield f"  {mark} {name}"
    for line in parameter_lines(group, library):
        clauses = line.new_clauses if line.new_clauses.vi else line.old_clauses
        change = f"{line.old} → {line.new} ({line.said}; {clauses})"
        yield f"  ~ {line.control} {line.name}: {change}"
    for mark, duties in (("+", group.duties_new), ("-", group.duties_gone)):
        yield from (f"  {mark} {duty.title} ({duty.when})" for duty in duties)
    for mark, reports in (("+", group.reports_new), ("-", group.reports_gone)):
        yield from (f"  {mark} {report.title}" for report in reports)
