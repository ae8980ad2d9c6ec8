"""What the head and tail of a text say about it: number, date, issuer, title, validity, signer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khien.kernel.vietnamese import search_key
from khien.norms.text.anomalies import anomaly
from khien.norms.text.assemble import Section
from khien.norms.text.dates import BLANK_DATE, SPOKEN_DATE, iso_date
from khien.norms.text.head import Head, left_of_state
from khien.norms.text.letters import vietnamese
from khien.norms.text.lines import Line
from khien.norms.text.model import Anomaly, IssuedWith, Metadata, Node, Recital
from khien.norms.text.phrases import (
    ADDRESSEES,
    ADOPTED,
    KINDS,
    POSITION_LINE,
    SUBJECT,
    SYMBOL_KINDS,
    is_caps,
)
from khien.norms.text.signature import recipients_of, signer_of
from khien.norms.text.validity import validity_of

_AFTER_NUMBER_WORD = re.compile(r"(?:Số|SỐ|số) ?[:.]?\s*(.*)$")
_FULL = re.compile(
    r"(\d{1,6}[a-zA-Z]?)\s?/\s?(?:((?:19|20)\d\d)\s?/\s?)?([A-ZĐ][\wĐđ]*(?:\s?[-–/]\s?[A-ZĐ][\wĐđ.&]*)*)"
)
_PARTY = re.compile(r"(\d{1,6})\s?[-–]\s?([A-ZĐ][\wĐđ]*\s?/\s?[A-ZĐ][\wĐđ]*(?:-[A-ZĐ]\w*)*)")
_BLANK = re.compile(
    r"[\s.…_/]*/\s?(?:((?:19|20)\d\d)\s?/\s?)?([A-ZĐ][\wĐđ]*(?:\s?[-–/]\s?[A-ZĐ][\wĐđ.&]*)*)"
)
# Letters OCR takes for digits, between digits and the stroke of a number.
_MISREAD_DIGITS = re.compile(r"^[\dlIO]*\d[\dlIO]*(?=\s?/)|^[lIO](?=\d[\d]*\s?/)")
_OF_WHOM = vietnamese(r"của ([A-ZĐÀ-Ỹ].*?)\)?\s*$")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_PLACE = vietnamese(r"((?:[A-ZĐÀ-Ỹ][\w.\-]*\s?(?:[-–]\s)?){1,7}),\s*$")
_ISSUER_GOES_ON = re.compile(
    r"(?:VÀ|(?:TỈNH|HUYỆN|QUẬN|XÃ|PHƯỜNG)(?! ỦY)|THÀNH PHỐ|TP|THỊ|ĐẶC KHU|NƯỚC|CỦA|NHÂN DÂN|DÂN)\b"
)

EMPTY = Metadata(
    kind=None, number=None, symbol=None, issuer=None, superior=None, place=None, date=None, title=None,
    validity=None, signer=None,
)  # fmt: skip


def read_metadata(
    sections: Sequence[Section], nodes: Sequence[Node], lines: Sequence[Line]
) -> tuple[Metadata, list[Anomaly]]:
    """Return what the text says about itself, and what is blank or missing in it."""
    anomalies: list[Anomaly] = []
    if not sections:
        return EMPTY, anomalies
    head = sections[0].head
    number, symbol = _number(head, anomalies)
    issued_with = _issued_with(sections, anomalies)
    kind = _kind(head, symbol)
    place, date = _place_and_date(sections, anomalies, issued_with)
    superior, issuer = _issuer(sections, issued_with)
    recitals = _recitals(sections, anomalies)
    metadata = Metadata(
        kind=kind,
        number=number,
        symbol=symbol,
        issuer=issuer,
        superior=superior,
        place=place,
        date=date,
        title=_title(head),
        validity=validity_of(nodes, [section.tail for section in sections], date),
        signer=signer_of([section.tail for section in sections]),
        recipients=recipients_of([section.tail for section in sections]),
        addressees=_addressees(head),
        recitals=recitals,
        issued_with=issued_with,
        attached_kind=sections[1].head.kind if len(sections) > 1 else None,
    )
    return metadata, anomalies


# -- number and kind ------------------------------------------------------------------------------


def _number(head: Head, anomalies: list[Anomaly]) -> tuple[str | None, str | None]:
    if not head.numbers:
        titled = _FULL.search(head.title[0].text) if head.title else None
        if titled and re.search(r"(?:số|SỐ)\s*$", head.title[0].text[: titled.start()]):
            return _tight(titled.group()), _tight(titled[3])
        if head.kind not in (None, "quy chế", "quy định", "điều lệ", "nội quy"):
            anomalies.append(anomaly(head.kind_line or 1, "number-missing"))
        return None, None
    first = head.numbers[0]
    printed = " ".join(line.text for line in head.numbers)
    match = _AFTER_NUMBER_WORD.search(printed)
    rest = match[1] if match else printed
    rest = _MISREAD_DIGITS.sub(_digits, _PLACEHOLDER.sub(" ", rest))
    blank = _BLANK.match(rest)
    full = _FULL.match(rest) or _PARTY.match(rest)
    split = None if full else _FULL.search(rest)
    if split and not (blank and blank.end() >= split.end()):
        number = _tight(split.group())
        anomalies.append(anomaly(first.number, "number-split", number))
        return number, _tight(split[3])
    if full:
        if len(head.numbers) > 1:
            anomalies.append(anomaly(first.number, "number-split", _tight(full.group())))
        return _tight(full.group()), _tight(full.groups()[-1] or "")
    anomalies.append(anomaly(first.number, "number-blank"))
    return None, _tight(blank[2]) if blank else None


def _digits(match: re.Match[str]) -> str:
    return match.group().translate({0x6C: "1", 0x49: "1", 0x4F: "0"})


def _tight(text: str) -> str:
    return re.sub(r"\s*([-/])\s*", r"\1", text.replace("–", "-")).strip(" .")


def _kind(head: Head, symbol: str | None) -> str | None:
    if head.kind is not None:
        return head.kind
    if symbol:
        first = re.split(r"[-/]", symbol)[0]
        found = SYMBOL_KINDS.get(first) or ("luật" if first.startswith("QH") else None)
        if found:
            return found
    first = head.title[0].text if head.title else ""
    titled = next((kind for kind in KINDS if first.upper().startswith(f"{kind} ")), None)
    if titled and first[:1].isupper() and not head.addressees:
        return KINDS[titled]
    if head.subject or head.addressees or head.numbers:
        return "công văn"
    return None


# -- place, date, issuer, title -------------------------------------------------------------------


def _place_and_date(
    sections: Sequence[Section], anomalies: list[Anomaly], issued_with: IssuedWith | None
) -> tuple[str | None, str | None]:
    head = sections[0].head
    place: str | None = None
    if head.dates:
        line, text = head.dates[0], _whole_date(head.dates)
        start = text.find("ngày")
        before = re.sub(_FULL, " ", text[:start])
        before = re.sub(r"^.*(?:Số|SỐ) ?:?[\s./]*", "", before)
        match = _PLACE.search(before)
        place = _place_name(match[1]) if match else place
        found = SPOKEN_DATE.search(text)
        if found:
            day = iso_date(found[1], found[2], found[3])
            if day is None:
                anomalies.append(anomaly(line.number, "date-invalid", found.group()))
            return place, day
        anomalies.append(anomaly(line.number, "date-blank"))
        return place, None
    for section in sections:
        for line in section.tail:
            found = SPOKEN_DATE.search(line.text)
            if found and (ADOPTED.search(line.text) or "thông qua" in line.text):
                return place, iso_date(found[1], found[2], found[3])
    if head.kind is not None and not (issued_with and head.kind != "quyết định"):
        anomalies.append(anomaly(head.kind_line or 1, "date-missing"))
    return place, None


def _place_name(printed: str) -> str:
    """Return the place without the issuer that stands left of it: "HUYỆN ỦY MẪU  Mẫu"."""
    words = printed.split()
    beside = next((at for at, word in enumerate(words) if not word.isupper()), 0)
    return " ".join(words[beside:] if beside > 1 else words)


def _whole_date(lines: Sequence[Line]) -> str:
    """Return the place and date, put together when they stand on more than one line."""
    text = lines[0].text
    for line in lines[1:]:
        if SPOKEN_DATE.search(text):
            break
        text += " " + line.text
    return text


def _issuer(
    sections: Sequence[Section], issued_with: IssuedWith | None
) -> tuple[str | None, str | None]:
    for section in sections:
        names = _issuer_names(section.head.issuer)
        if names:
            return (" ".join(names[:-1]) or None), _full_issuer(names[-1], section.head)
    for section in sections:
        if section.head.authority:
            return None, section.head.authority[0].text
    if issued_with is not None:
        match = _OF_WHOM.search(issued_with.text)
        if match:
            return None, match[1].strip(" .)")
    return None, None


def _full_issuer(name: str, head: Head) -> str:
    """Return the issuer as it is named above the recitals when the header breaks it off."""
    named = head.authority[0].text.rstrip(" .,:") if head.authority else ""
    place = named.find(f"{name} ")
    # "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …" names the office first.
    return named[place:] if place == 0 or (place > 0 and POSITION_LINE.match(named)) else name


def _issuer_names(lines: Sequence[Line]) -> list[str]:
    names: list[str] = []
    for line in lines:
        text = left_of_state(line.text)
        if not is_caps(text) or text in KINDS or len(names) > 4:
            continue
        joins = names and (
            _ISSUER_GOES_ON.match(text)
            or names[-1].endswith((" VÀ", " CỦA", ","))
            or len(names[-1]) < 4
        )
        if joins:
            names[-1] += " " + text
        else:
            names.append(text)
    return names


def _title(head: Head) -> str | None:
    lines = head.title or head.subject
    text = " ".join(line.text for line in lines)
    text = SUBJECT.sub("", text, count=1).strip()
    for kind in sorted(KINDS, key=len, reverse=True):
        if text.startswith(kind + " "):
            text = text[len(kind) :].strip()
            break
    return text.rstrip(" .;") or None


def _addressees(head: Head) -> tuple[str, ...]:
    found: list[str] = []
    for line in head.addressees:
        text = ADDRESSEES.sub("", line.text, count=1).strip(" :")
        item = re.sub(r"^[-–—•+*]\s*", "", text)
        if item and item == text and found and line.text[0].islower():
            found[-1] += " " + item
        elif item:
            found.append(item)
    return tuple(item.rstrip(" .;,") for item in found)


# -- recitals and the issuing text ----------------------------------------------------------------


def _recitals(sections: Sequence[Section], anomalies: list[Anomaly]) -> tuple[Recital, ...]:
    result: list[Recital] = []
    seen: set[str] = set()
    for section in sections:
        for group in section.head.recitals:
            text = " ".join(line.text for line in group)
            key = search_key(text).rstrip(" ;.,")
            if key in seen:
                anomalies.append(anomaly(group[0].number, "recital-repeated"))
            seen.add(key)
            result.append(Recital(text, group[0].number, group[-1].number))
    return tuple(result)


def _issued_with(sections: Sequence[Section], anomalies: list[Anomaly]) -> IssuedWith | None:
    for section in sections:
        lines = section.head.issued_with
        if not lines:
            continue
        text = " ".join(line.text for line in lines)
        start = text.find("(")
        text = text[start if start > 0 else 0 :].strip("() ")
        kinds = [kind for kind in SYMBOL_KINDS.values() if re.search(rf"(?i)\b{kind}\b", text)]
        full = _FULL.search(text)
        spoken = SPOKEN_DATE.search(text)
        slashed = re.search(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})", text)
        found = spoken or slashed
        day = iso_date(found[1], found[2], found[3]) if found else None
        number = None if _is_blank_number(text) or full is None else _tight(full.group())
        if number is None and re.search(r"số", text):
            anomalies.append(anomaly(lines[0].number, "number-blank"))
        if day is None and BLANK_DATE.search(text):
            place = next((line for line in lines if "ngày" in line.text), lines[0])
            anomalies.append(anomaly(place.number, "date-blank"))
        kind = kinds[0] if kinds else None
        return IssuedWith(text, kind, number, day, lines[0].number)
    return None


def _is_blank_number(text: str) -> bool:
    match = re.search(r"số\s*[:.…_\s]*/", text)
    return match is not None
