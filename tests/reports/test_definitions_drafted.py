"""Every report of the library is drafted for the demonstration agency, and reads as a Vietnamese paper."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from definition_cases import KEPT
from django.db import transaction
from django.test import override_settings
from page_measures import outside, overlapping

from khien.cli import demonstration
from khien.norms.library import load_library
from khien.org.models import Unit
from khien.org.roles import CAPABILITIES
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.reports.blocks import OfficialDocument, Paragraph, Table, text_of
from khien.reports.definition_reading import load_definitions
from khien.reports.definitions import Definition
from khien.reports.docx_layout import render_docx
from khien.reports.errors import ReportNeedsRow, ReportNotForUnit
from khien.reports.gaps import gaps_of
from khien.reports.models import ReportVersion
from khien.reports.pdf_layout import render_pdf
from khien.reports.rendering import document_of, report_file
from khien.reports.written_services import Order, draft_report, version_of, write_texts
from khien.reports.written_texts import prompts_of
from khien.workflows.doers import Doer

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"
ENGLISH = re.compile(
    r"\b(the|and|of|is|are|report|incident|system|unknown|true|false|none|null|to be)\b", re.I
)
WRITTEN = "Nội dung do đơn vị ghi"
WARD_FIRST = ("annual_law_2026",)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Drafted:
    """What a definition gave: the paper empty, the paper written, its file and what it lacks."""

    empty: OfficialDocument
    written: OfficialDocument
    file: bytes
    gaps: tuple[str, ...]


@pytest.fixture(scope="module")
def drafted(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Drafted]]:
    """Every definition drafted for the first unit of the agency that makes it."""
    agency = {**demonstration.read_agency(), "assessed": []}
    with django_db_blocker.unblock(), transaction.atomic():
        with (
            override_settings(KHIEN_DATA=tmp_path_factory.mktemp("agency")),
            pytest.MonkeyPatch.context() as patch,
        ):
            # Neither verdicts nor checkpoints are what is looked at, and a checkpoint wants no rollback.
            patch.setattr(demonstration, "assess", lambda *_, **__: None)
            patch.setattr(demonstration, "publish", lambda *_: None)
            demonstration.build(agency, now=NOW)
            found = {code: first_draft(one) for code, one in load_definitions().items()}
        yield {code: one for code, one in found.items() if one is not None}
        transaction.set_rollback(True)


def first_draft(definition: Definition) -> Drafted | None:
    for unit in Unit.objects.exclude(code__startswith="vp-").order_by("pk"):
        if definition.code in WARD_FIRST and unit.kind != "ward":
            continue
        rows = Row.objects.filter(unit=unit, register=definition.about).order_by("number")
        for subject in rows if definition.about else [None]:
            doer = Doer(
                "test", NOW, frozenset(CAPABILITIES), None, VisibleReferences([unit], home=unit)
            )
            try:
                report = draft_report(Order(definition, subject=subject), unit, doer)
            except (ReportNotForUnit, ReportNeedsRow):
                continue
            return both(version_of(report, report.latest), doer)
    return None


def both(version: ReportVersion, doer: Doer) -> Drafted:
    empty = document_of(version)
    prompts = prompts_of(json.loads(version.snapshot.content))
    written = write_texts(version.report, dict.fromkeys(prompts, WRITTEN), seen=1, doer=doer)
    _, _, data = report_file(written, "docx")
    gaps = tuple(gap.sentence.vi for gap in gaps_of(written) if gap.is_blocking)
    return Drafted(empty, document_of(written), data, gaps)


def lines(document: OfficialDocument) -> Iterator[str]:
    yield from (document.parent, *document.issuer, document.number, document.kind)
    yield from (*document.subject, *document.addressee_lines())
    for blocks in (document.blocks, *(annex.blocks for annex in document.annexes)):
        for block in blocks:
            if isinstance(block, Paragraph):
                yield text_of(block)
            elif isinstance(block, Table):
                yield " | ".join(column.title for column in block.columns)
                yield from (" | ".join(row.cells) for row in block.rows)
    yield from (*document.recipients, *document.signer, *(role for role, _ in document.parties))


def test_each_definition_is_drafted_for_some_unit_with_a_row_of_its_own(drafted) -> None:
    assert set(load_definitions()) - set(drafted) == set()


def test_once_written_a_paper_lacks_nothing_that_keeps_it_from_being_signed(drafted) -> None:
    assert {code: one.gaps for code, one in drafted.items() if one.gaps} == {}


def test_no_placeholder_stays_and_no_english_word_stands_in_a_paper(drafted) -> None:
    found = [
        (code, line)
        for code, one in drafted.items()
        for line in lines(one.written)
        if ENGLISH.search(line.replace("example.vn", ""))
        or re.search(r"[{}]|\bNone\b|: \.|: ;|\(\)| ,|“”", line)
    ]
    assert found == []


def test_what_a_person_must_write_has_room_in_the_empty_paper(drafted) -> None:
    for code, one in drafted.items():
        wanted = sum(part.is_required for part in load_definitions()[code].texts())
        dots = [b for b in one.empty.blocks if isinstance(b, Paragraph) and b.style == "dots"]
        assert len(dots) >= wanted, code


def test_each_paper_is_a_word_file_and_a_pdf(drafted) -> None:
    for code, one in drafted.items():
        word = docx.Document(io.BytesIO(one.file))
        words = " ".join(paragraph.text for paragraph in word.paragraphs)
        assert WRITTEN in words or code == "quarterly_summary", code
        assert render_pdf(one.written).startswith(b"%PDF-"), code


def test_nothing_of_a_paper_stands_in_the_margins_or_over_another(drafted) -> None:
    """KHIEN_PAPERS=folder keeps the files, to be printed and looked at."""
    wrong = {}
    for code, one in drafted.items():
        for name, document in (("empty", one.empty), ("written", one.written)):
            content = render_pdf(document)
            wrong[f"{code} {name}"] = [*outside(content), *overlapping(content)]
            if folder := os.environ.get("KHIEN_PAPERS"):
                (Path(folder) / f"{code}-{name}.pdf").write_bytes(content)
                (Path(folder) / f"{code}-{name}.docx").write_bytes(render_docx(document))
    assert {code: found for code, found in wrong.items() if found} == {}


def test_each_paper_names_the_texts_it_rests_on(drafted) -> None:
    shorts = [document.issuer.vi for document in load_library().documents.values()]
    for code, one in drafted.items():
        basis = [line for line in lines(one.written) if line.startswith("Căn cứ ")]
        assert basis, code
        assert any(
            word in line for line in basis for word in (*shorts, "phường Đồ Sơn", "331/2026")
        ), code


@pytest.mark.parametrize("code", KEPT)
def test_a_paper_reads_as_it_did(drafted, code: str) -> None:
    """UPDATE_GOLDEN=1 accepts a change."""
    path = GOLDEN / f"{code}.txt"
    text = "\n".join(lines(drafted[code].written)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
