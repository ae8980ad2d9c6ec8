"""The head of a text: what it says of itself, what persons corrected, and what cannot be right about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.norms.law_fate import LawFate, fates_in
from khien.norms.text.cited import Cited
from khien.norms.text.model import Metadata

WORDS: Final = ("number", "symbol", "kind", "place", "issuer", "title", "signer", "position")
DAYS: Final = ("issued_on", "in_force_from")
FIELDS: Final = (*WORDS, *DAYS, "replaces")
OLDEST: Final = date(1945, 9, 2)
LABELS: Final[Mapping[str, Text]] = {
    "number": Text("Số", "Number"),
    "symbol": Text("Ký hiệu", "Symbol"),
    "kind": Text("Loại văn bản", "Kind of text"),
    "issuer": Text("Cơ quan ban hành", "Issuer"),
    "place": Text("Địa danh", "Place"),
    "title": Text("Trích yếu", "Title"),
    "signer": Text("Người ký", "Signer"),
    "position": Text("Chức vụ người ký", "The signer's office"),
    "issued_on": Text("Ngày ban hành", "Day of issue"),
    "in_force_from": Text("Có hiệu lực từ ngày", "In force from"),
    "replaces": Text("Thay thế văn bản", "Replaces"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """One legal basis (căn cứ), with the texts it cites and what became of each."""

    text: str
    line_start: int
    line_end: int
    cited: tuple[tuple[Cited, LawFate | None], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What a text says of itself (thông tin văn bản), with the corrections of persons.

    replaces: numbers of texts it replaces; corrected: fields that a person set; said: what the text itself says
    """

    number: str
    symbol: str
    kind: str
    issuer: str
    place: str
    title: str
    signer: str
    position: str
    issued_on: date | None
    in_force_from: date | None
    replaces: tuple[str, ...]
    recitals: tuple[Basis, ...] = ()
    corrected: frozenset[str] = frozenset()
    said: Mapping[str, Any] | None = None

    def value(self, field: str) -> Any:
        """Return one field by its name."""
        return getattr(self, field)


@dataclass(frozen=True, slots=True)
class HeadProblem:
    """Something about a head that cannot be right, or cannot be judged here.

    stops: the text must not come into force with it
    """

    code: str
    field: str
    sentence: Text
    stops: bool


def head_from(metadata: Metadata, corrections: Mapping[str, Any]) -> Head:
    """Return the head of a text: what was read, with what persons corrected over it."""
    said = said_by(metadata)
    merged = said | {name: value for name, value in corrections.items() if name in FIELDS}
    if "in_force_from" not in corrections:
        merged["in_force_from"] = _begins(metadata, merged["issued_on"])
    words = {name: str(merged[name] or "") for name in WORDS}
    return Head(
        number=words["number"],
        symbol=words["symbol"],
        kind=words["kind"],
        issuer=words["issuer"],
        place=words["place"],
        title=words["title"],
        signer=words["signer"],
        position=words["position"],
        issued_on=_day(merged["issued_on"]),
        in_force_from=_day(merged["in_force_from"]),
        replaces=tuple(merged["replaces"]),
        recitals=tuple(
            Basis(one.text, one.line_start, one.line_end, tuple(fates_in(one.text)))
            for one in metadata.recitals
        ),
        corrected=frozenset(corrections) & frozenset(FIELDS),
        said=said,
    )


def said_by(metadata: Metadata) -> dict[str, Any]:
    """Return what a text says of itself, as JSON values by field."""
    signer, validity = metadata.signer, metadata.validity
    return {
        "number": metadata.number,
        "symbol": metadata.symbol,
        "kind": metadata.attached_kind or metadata.kind,
        "issuer": metadata.issuer,
        "place": metadata.place,
        "title": metadata.title,
        "signer": signer.name if signer else None,
        "position": signer.position if signer else None,
        "issued_on": metadata.date,
        "in_force_from": validity.valid_from if validity else None,
        "replaces": list(validity.replaces) if validity else [],
    }


def _begins(metadata: Metadata, issued_on: str | None) -> str | None:
    """Return from when a text is in force, counted from a day of issue that a person may have set."""
    validity = metadata.validity
    if validity is None or not issued_on:
        return validity.valid_from if validity else None
    if validity.basis == "signature":
        return issued_on
    if validity.basis == "days-after" and validity.days is not None:
        return (date.fromisoformat(issued_on) + timedelta(days=validity.days)).isoformat()
    return validity.valid_from


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def head_problems(
    head: Head, *, today: date, known_numbers: Collection[str] = (), code: str = ""
) -> list[HeadProblem]:
    """Return what is wrong with a head: warnings while it is corrected, stops before it comes into force.

    Args: known_numbers: numbers (or codes) of the texts that could be replaced here; code: the text's own
    """
    return [
        *_missing(head),
        *_of_days(head, today),
        *_of_replaced(head, set(known_numbers), code),
        *_of_recitals(head),
    ]


def _missing(head: Head) -> list[HeadProblem]:
    needed = {
        "number": not head.number,
        "issuer": not head.issuer,
        "title": not head.title,
        "issued_on": head.issued_on is None,
        "in_force_from": head.in_force_from is None,
    }
    return [
        HeadProblem(
            f"missing-{field.replace('_', '-')}",
            field,
            Text(
                f"Chưa có «{LABELS[field].vi.lower()}»: đọc không thấy, hãy điền.",
                f"“{LABELS[field].en}” is missing: it was not found, fill it in.",
            ),
            stops=field in ("title", "in_force_from"),
        )
        for field, is_missing in needed.items()
        if is_missing
    ]


def _of_days(head: Head, today: date) -> list[HeadProblem]:
    found = []
    issued, begins = head.issued_on, head.in_force_from
    if issued and begins and begins < issued:
        found.append(
            HeadProblem(
                "in-force-before-issued",
                "in_force_from",
                Text(
                    f"Ngày có hiệu lực {said_day(begins)} trước ngày ban hành {said_day(issued)}.",
                    f"In force from {said_day(begins)}, before it was issued on {said_day(issued)}.",
                ),
                stops=True,
            )
        )
    if issued and issued > today:
        found.append(
            HeadProblem(
                "issued-in-the-future",
                "issued_on",
                Text(
                    f"Ngày ban hành {said_day(issued)} chưa tới: đây là dự thảo?",
                    f"Issued on {said_day(issued)}, a day still to come: is it a draft?",
                ),
                stops=True,
            )
        )
    for field, day in (("issued_on", issued), ("in_force_from", begins)):
        if day and day < OLDEST:
            found.append(
                HeadProblem(
                    "day-too-old",
                    field,
                    Text(
                        f"{LABELS[field].vi} {said_day(day)} quá xa: có thể gõ nhầm năm.",
                        f"{LABELS[field].en} {said_day(day)} is too long ago: a slip in the year?",
                    ),
                    stops=True,
                )
            )
    return found


def _of_replaced(head: Head, known: set[str], code: str) -> list[HeadProblem]:
    found = []
    for number in head.replaces:
        if number in (head.number, code) and number:
            found.append(
                HeadProblem(
                    "replaces-itself",
                    "replaces",
                    Text(
                        f"Văn bản ghi là thay thế chính nó ({number}).",
                        f"The text says that it replaces itself ({number}).",
                    ),
                    stops=True,
                )
            )
        elif number not in known:
            found.append(
                HeadProblem(
                    "replaced-unknown",
                    "replaces",
                    Text(
                        f"Văn bản bị thay thế {number} chưa có trong Khiên: không có gì để kết thúc ở đây.",
                        f"The replaced text {number} is not held here: there is nothing to end.",
                    ),
                    stops=False,
                )
            )
    return found


def _of_recitals(head: Head) -> list[HeadProblem]:
    day = head.issued_on or head.in_force_from
    found = []
    for basis in head.recitals:
        for cited, fate in basis.cited:
            if fate is None or day is None or not fate.has_ended_on(day):
                continue
            successor_vi = f"; nay là {fate.successor}" if fate.successor else ""
            successor_en = f"; now {fate.successor}" if fate.successor else ""
            ended = said_day(fate.ended_on) if fate.ended_on else ""
            found.append(
                HeadProblem(
                    "recital-ended",
                    "recitals",
                    Text(
                        f"Dòng {basis.line_start}: căn cứ {cited.text} đã hết hiệu lực từ {ended}{successor_vi}.",
                        f"Line {basis.line_start}: the basis {cited.text} ended on {ended}{successor_en}.",
                    ),
                    stops=False,
                )
            )
    return found
