"""The only writer of imported texts and of their heads: from a file or pasted words to a text to correct."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction

from khien.adoption import events as text_events
from khien.adoption.changing import mark_changed, open_text
from khien.adoption.importing import events
from khien.adoption.importing.codes import RESERVED, checked_code, free_code, proposed_code
from khien.adoption.importing.errors import (
    AlreadyImported,
    AlreadyInLibrary,
    CodeTaken,
    NotARegulation,
    NothingPasted,
    TooManyClauses,
)
from khien.adoption.importing.head import head_from, said_by
from khien.adoption.importing.head_form import read_corrections
from khien.adoption.importing.selectors import START_LENGTH, heads_of, start_of
from khien.adoption.models import ImportedText, Publication
from khien.adoption.structure import structure_of
from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.kernel.vietnamese import search_key
from khien.ledger import services as ledger
from khien.norms.law_fate import numbers_in_library
from khien.norms.library import load_library
from khien.norms.text.model import Anomaly, ParsedDocument
from khien.norms.text.parser import parse_text
from khien.norms.text.reading import read_content
from khien.norms.text.source import SourceText
from khien.org.models import Unit
from khien.registers.files import TEXT_MEDIA_TYPE, LookedAt, clean_name, keep, looked_at
from khien.registers.services import Act

NODES_MAX: Final = 30_000
PASTED_NAME: Final = "dan-vao.txt"
_NAME_LENGTH: Final = 200
_SAME_FILE: Final = Text("nội dung giống hệt", "with the very same words")
_SAME_NUMBER: Final = Text("cùng số và cơ quan ban hành", "with the same number and issuer")


def import_text(
    unit: Unit, content: bytes, file_name: str, *, act: Act, code: str = "", again: bool = False
) -> ImportedText:
    """Read a file of a regulation and keep both as they came; nothing is kept of one that is refused.

    Args:   code: the text's id to be; proposed from issuer and number where empty
            again: a new version of a text that is held already, on purpose
    Raises: KhienError: it cannot be read, is no regulation, or is held already; the code cannot be used
    """
    name = clean_name(file_name)[-_NAME_LENGTH:]
    source = read_content(name, content)
    document = _regulation(source, name)
    chosen = _code(unit, document, source, given=code, again=again)
    keep(_as_filed(content, name, source))
    return _take_in(unit, source, name, hashlib.sha256(content).hexdigest(), code=chosen, act=act)


def import_pasted(
    unit: Unit, words: str, *, act: Act, code: str = "", again: bool = False
) -> ImportedText:
    """Take in a regulation that somebody pasted; the words are kept as they came.

    Raises: NothingPasted: only blank; else as `import_text`
    """
    if not words.strip():
        raise NothingPasted()
    return import_text(unit, words.encode(), PASTED_NAME, act=act, code=code, again=again)


@transaction.atomic
def correct_head(
    text: ImportedText, values: Mapping[str, Any], *, expected_version: int, act: Act
) -> ImportedText:
    """Set fields of a text's head; a field that says what the text says is no correction.

    Args:   values: by field of `head.FIELDS`, as people write them; fields that are not given stay
    Raises: HeadRefused: a day or number that cannot be; TextChangedMeanwhile; TextSettled
    """
    current = open_text(text, expected_version=expected_version)
    said = said_by(structure_of(current).metadata)
    corrections = read_corrections(values, said=said, before=current.head)
    if corrections == current.head:
        return current
    changed = sorted(
        name
        for name in {*corrections, *current.head}
        if corrections.get(name) != current.head.get(name)
    )
    current.head = corrections
    mark_changed(current, act, "head")
    body: dict[str, Json] = {
        "by": act.by,
        "fields": ", ".join(changed),
        "values": corrections,
    }
    ledger.record(events.HEAD_CORRECTED, subject=current.code, body=body, at=act.now)
    return current


@transaction.atomic
def drop_text(text: ImportedText, *, act: Act) -> ImportedText:
    """Give an imported text up; it stays to be seen, with its corrections.

    Raises: TextSettled: it is submitted or in force
    """
    current = open_text(text, expected_version=None)
    current.state = ImportedText.State.DROPPED
    mark_changed(current, act, "state")
    ledger.record(events.TEXT_DROPPED, subject=current.code, body={"by": act.by}, at=act.now)
    return current


def taken_codes() -> set[str]:
    """Return every code that no new text may have."""
    return {
        *RESERVED,
        *load_library().documents,
        *ImportedText.objects.values_list("code", flat=True),
        *Publication.objects.values_list("code", flat=True),
    }


@transaction.atomic
def _take_in(
    unit: Unit, source: SourceText, name: str, file_sha256: str, *, code: str, act: Act
) -> ImportedText:
    words = storable(source.text)
    text = ImportedText(
        unit=unit,
        code=code,
        file_name=name,
        file_sha256=file_sha256,
        source=words,
        source_sha256=_digest(words),
        read_notes=[_note(one) for one in source.anomalies],
        made_at=act.now,
        made_by=act.by,
        changed_at=act.now,
        changed_by=act.by,
    )
    try:
        with transaction.atomic():
            text.save()
    except IntegrityError as error:
        raise CodeTaken(given=code, free=free_code(code, taken_codes())) from error
    body = {
        "file": name,
        "unit": unit.name_vi,
        "by": act.by,
        "file_sha256": file_sha256,
        "source_sha256": text.source_sha256,
        "read_as": source.kind,
    }
    ledger.record(text_events.TEXT_IMPORTED, subject=code, body=body, at=act.now)
    return text


def _regulation(source: SourceText, name: str) -> ParsedDocument:
    document = parse_text(storable(source.text))
    if all(node.kind == "doan" for node in document.nodes):
        raise NotARegulation(file=name, lines=document.lines)
    if len(document.nodes) > NODES_MAX:
        raise TooManyClauses(file=name, count=len(document.nodes), limit=NODES_MAX)
    return document


def _code(
    unit: Unit, document: ParsedDocument, source: SourceText, *, given: str, again: bool
) -> str:
    head = head_from(document.metadata, {})
    if not again:
        _must_be_new(unit, storable(source.text))
    taken = taken_codes()
    return checked_code(given, taken) if given.strip() else proposed_code(head, taken)


def _must_be_new(unit: Unit, words: str) -> None:
    """Refuse a text that the unit brought in before, or that the library holds."""
    head, digest = head_from(start_of(words[:START_LENGTH]), {}), _digest(words)
    held = ImportedText.objects.filter(unit=unit).exclude(state=ImportedText.State.DROPPED)
    for other, theirs in heads_of(held):
        same_number = bool(head.number) and head.number == theirs.number
        same_issuer = search_key(head.issuer) == search_key(theirs.issuer)
        if other.source_sha256 == digest or (same_number and same_issuer):
            why = _SAME_FILE if other.source_sha256 == digest else _SAME_NUMBER
            title = theirs.title or other.file_name
            raise AlreadyImported(text=other.code, title=title, why_vi=why.vi, why_en=why.en)
    library = load_library()
    for name in numbers_in_library().get(head.number, ()) if head.number else ():
        issuer = library.documents[name].issuer.vi
        if search_key(issuer) == search_key(head.issuer):
            raise AlreadyInLibrary(number=head.number, issuer=issuer, document=name)


def _as_filed(content: bytes, name: str, source: SourceText) -> LookedAt:
    """Return the file to keep; plain text in an old encoding was read, so it may be kept as it is."""
    if source.kind == "txt":
        return LookedAt(name, hashlib.sha256(content).hexdigest(), TEXT_MEDIA_TYPE, content)
    return looked_at(content, name)


def storable(words: str) -> str:
    """Return words that every database keeps: no null character, no half of a surrogate pair."""
    return words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _note(one: Anomaly) -> dict[str, Any]:
    return {"line": one.line, "code": one.code, "vi": one.message.vi, "en": one.message.en}
