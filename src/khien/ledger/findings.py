"""What a verification can say: codes, sentences in two languages, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from khien.kernel.language import Text
from khien.ledger.inspector import CATALOG

LISTED_MAX = 50
Severity = Literal["failure", "warning"]

# What only the instance itself can find, with its database at hand.
DATABASE_CATALOG: dict[str, Text] = {
    "row.changed": Text(
        vi="Bản ghi {index} trong sổ cái khác bản ghi trong cơ sở dữ liệu.",
        en="Entry {index} in the ledger differs from the database.",
    ),
    "row.dropped": Text(
        vi="Bản ghi {index} có trong cơ sở dữ liệu, đã công bố, nhưng không còn trong sổ cái.",
        en="Entry {index} is in the database and was published, but is no longer in the ledger.",
    ),
    "row.inserted": Text(
        vi="Trước bản ghi {index}, sổ cái có bản ghi mà cơ sở dữ liệu không có.",
        en="Before entry {index} the ledger holds an entry that the database does not have.",
    ),
    "row.moved": Text(
        vi="Vị trí {index} của sổ cái chứa một bản ghi khác của cơ sở dữ liệu.",
        en="Place {index} of the ledger holds another entry of the database.",
    ),
    "row.missing": Text(
        vi="Cơ sở dữ liệu thiếu bản ghi {index}.",
        en="The database lacks entry {index}.",
    ),
    "row.leaf": Text(
        vi="Trong cơ sở dữ liệu, giá trị băm của bản ghi {index} không khớp nội dung của nó.",
        en="In the database the hash of entry {index} does not fit its content.",
    ),
    "row.waiting": Text(
        vi="Các bản ghi từ {index} trong cơ sở dữ liệu chưa được công bố vào sổ cái.",
        en="The entries from {index} on in the database are not published to the ledger yet.",
    ),
}
_STATED = {"row.waiting"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found: its code, the entry it concerns when there is one, and its sentence."""

    code: str
    index: int | None
    message: Text
    severity: Severity = "failure"


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What a verification found; `ok` means that there is no failure (warnings may be stated).

    `size` and `root` are those of the last valid checkpoint, `entries` counts the complete lines,
    `trusted_size` is how far a trusted checkpoint vouches, `limits` says what cannot be found.
    """

    ok: bool
    size: int
    root: str
    problems: tuple[Problem, ...]
    entries: int = 0
    checkpoints: int = 0
    trusted_size: int = 0
    limits: tuple[Text, ...] = ()


@dataclass(slots=True)
class Findings:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, index: int | None = None, **values: object) -> None:
        """Note a problem by its code."""
        failure, template = _sentence(code)
        message = template.fill({"index": index, **values})
        severity: Severity = "failure" if failure else "warning"
        self.problems.append(Problem(code, index, message, severity))

    def add_places(self, places: list[tuple[str, int]]) -> None:
        """Note problems at entries; a long list is cut and the rest counted."""
        for code, index in places[:LISTED_MAX]:
            self.add(code, index)
        if len(places) > LISTED_MAX:
            self.add("problems.more", count=len(places) - LISTED_MAX)

    @property
    def failed(self) -> bool:
        """Say whether anything found is a failure."""
        return any(problem.severity == "failure" for problem in self.problems)


def limit(code: str, values: Mapping[str, object]) -> Text:
    """Return the sentence on what a verification of this kind cannot find."""
    return _sentence(code)[1].fill(values)


def _sentence(code: str) -> tuple[bool, Text]:
    if code in DATABASE_CATALOG:
        return code not in _STATED, DATABASE_CATALOG[code]
    failure, vi, en = CATALOG[code]
    return failure, Text(vi=vi, en=en)
