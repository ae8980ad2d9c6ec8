"""How a clause gives the value of a parameter: words for its codes, where its numbers stand; data, not code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from khien.norms.field_reader import FieldReader
from khien.norms.located_yaml import Problem, read_located
from khien.norms.model import Control, Parameter
from khien.norms.suggest.phrases import Phrases
from khien.norms.suggest.signs import Sign, empty_sign, no_control, sign_of
from khien.norms.suggest.words import words

# What else than words for codes, or a number with its unit, gives a value.
TAKES = (
    "law", "laws", "documents", "recipients", "form", "step", "due", "day", "replaces", "ordinal", "count",
    "reference", "files", "roles", "range_low", "quantity",
)  # fmt: skip
_KEYS = ("when", "near", "codes", "take", "unit", "borrows", "part", "children")


@dataclass(frozen=True, slots=True)
class Spec:
    """How the value of one parameter of one control is found in a clause.

    when: signs of which one must hold; without them the control must be among those suggested
    near: words that stand near the number; part: words of the sentence that is read
    borrows: a sign by which the clause takes the value that another clause of the same text gives
    """

    control: str
    parameter: Parameter
    when: tuple[Sign, ...] = ()
    near: tuple[str, ...] = ()
    codes: Mapping[str, tuple[Sign, ...]] | None = None
    take: str = ""
    unit: str = ""
    borrows: tuple[Sign, ...] = ()
    part: tuple[str, ...] = ()
    children: bool = False

    @property
    def signs(self) -> Iterator[Sign]:
        """Yield every sign of the spec."""
        yield from (*self.when, *self.borrows)
        for signs in (self.codes or {}).values():
            yield from signs


class ValueBook:
    """All specs, with the phrases that must be looked for in a clause."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self.specs = tuple(specs)
        self._named = {(spec.control, spec.parameter.name) for spec in self.specs}
        self.phrases = Phrases(
            {phrase for spec in self.specs for sign in spec.signs for phrase in sign.phrases}
        )
        self._by_key: dict[str, list[int]] = {}
        self._by_control: dict[str, list[int]] = {}
        for place, spec in enumerate(self.specs):
            if not spec.when and not spec.codes:
                self._by_control.setdefault(spec.control, []).append(place)
            first = spec.when or tuple(spec.signs)
            for sign in (*first, *spec.borrows):
                for phrase in sign.keys:
                    self._by_key.setdefault(phrase, []).append(place)

    def has_other(self, spec: Spec, name: str) -> bool:
        """Say whether a spec is of this name and its control also has the other name for receivers."""
        other = {"recipient": "recipients", "recipients": "recipient"}[name]
        return spec.parameter.name == name and (spec.control, other) in self._named

    def worth_a_look(self, phrases: Iterable[str], controls: Iterable[str]) -> list[Spec]:
        """Return the specs that may hold, in the order of the library.

        Args: phrases: those found in a clause or above it; controls: those suggested for it
        """
        places = {place for phrase in phrases for place in self._by_key.get(phrase, ())}
        for control in controls:
            places.update(self._by_control.get(control, ()))
        return [self.specs[place] for place in sorted(places)]


def read_values(
    path: Path, controls: Mapping[str, Control]
) -> tuple[tuple[Spec, ...], list[Problem]]:
    """Return how values of parameters are found, and what is wrong in the file, with its lines."""
    source = read_located(path)
    if isinstance(source, Problem):
        return (), [source]
    problems, found = list[Problem](), list[Spec]()
    top = FieldReader(source, (), problems)
    for control_id in top.data:
        control = controls.get(control_id)
        if control is None:
            problems.append(no_control(path, source.line(control_id), control_id))
            continue
        reader = top.child(control_id)
        for name in reader.data:
            parameter = control.parameters.get(name)
            if parameter is None:
                reader.note("không có tham số này", "no such parameter", at=name)
                continue
            found.append(_spec(reader.child(name), control_id, parameter))
    return tuple(found), problems


def _spec(reader: FieldReader, control: str, parameter: Parameter) -> Spec:
    reader.allow_only(_KEYS)
    codes = None
    if "codes" in reader.data:
        listed = reader.child("codes")
        codes = {code: _signs(listed, code, listed.words(code)) for code in listed.data}
    borrows = reader.text("borrows", required=False)
    return Spec(
        control=control,
        parameter=parameter,
        when=_signs(reader, "when", reader.words("when")),
        near=_phrases(reader.text("near", required=False)),
        codes=codes,
        take=reader.choice("take", TAKES, default=""),
        unit=reader.text("unit", required=False),
        borrows=_signs(reader, "borrows", (borrows,) if borrows else ()),
        part=_phrases(reader.text("part", required=False)),
        children=bool(reader.data.get("children")),
    )


def _signs(reader: FieldReader, name: str, lines: Iterable[str]) -> tuple[Sign, ...]:
    found = []
    for line in lines:
        sign = sign_of(line)
        if sign is None:
            reader.problems.append(
                empty_sign(reader.source.path, reader.source.line(*reader.place, name), line)
            )
        else:
            found.append(sign)
    return tuple(found)


def _phrases(written: str) -> tuple[str, ...]:
    return tuple(words(one) for one in written.split("|") if one.strip())
