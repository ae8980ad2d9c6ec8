"""Documents in a unit's own Word template: the data it is given, and the process that fills it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lxml import etree

from khien.kernel.clock import parse_iso
from khien.reports import blocks, docx_styles, measures
from khien.reports.blocks import Block, OfficialDocument, Paragraph, Run
from khien.reports.cleaning import printable
from khien.reports.definitions import Definition
from khien.reports.docx_layout import add_blocks, fixed_package
from khien.reports.docx_styles import blank_document
from khien.reports.errors import TemplateRefused
from khien.reports.template_sentences import said_problem

SECONDS_MAX: Final = 20
_SOURCE = Path(__file__).resolve().parents[2]
_BLOCKS: Final = "\x02"


def fill_template(
    template: bytes,
    document: OfficialDocument,
    content: Mapping[str, Any],
    texts: Mapping[str, str],
) -> bytes:
    """Return a document in a unit's own template; the same template and document give the same bytes.

    Raises: TemplateRefused: the file or a placeholder may not stand, or filling it takes too long
    """
    made = _asked(template, data_of(document, content, texts))
    return fixed_package(made, parse_iso(document.made_at))


def check_template(template: bytes, definition: Definition) -> None:
    """Fill a template with an example of its report, so that every mistake is told before it is kept.

    Raises: TemplateRefused: each problem names the placeholder, the statement or the part of the file
    """
    sections = [part for section in definition.sections for part in section.parts]
    content = {
        "figures": {
            code: {"title": f.title.vi, "said": "00"} for code, f in definition.figures.items()
        },
        "period": {"label": "……", "begins": "", "ends": ""},
        "unit": {"name": "……", "code": "……", "parent": "……"},
        "title": definition.subject.vi,
    }
    texts = {part.code: "……" for part in sections if part.kind == "text"}
    _asked(template, data_of(_example(definition), content, texts))


def data_of(
    document: OfficialDocument, content: Mapping[str, Any], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return what a template may name: words, lists of words, and ready-made paragraphs; nothing else."""
    return {
        "don_vi": _plain(
            {"ten": content["unit"]["name"], "cap_tren": content["unit"].get("parent", "")}
        ),
        "co_quan_chu_quan": printable(document.parent),
        "co_quan_ban_hanh": printable(" ".join(measures.issuer_lines(document))),
        "so_ky_hieu": printable(document.number),
        "dia_danh_ngay": printable(document.place_and_day),
        "ten_loai": printable(document.kind),
        "trich_yeu": printable(" ".join(document.subject)),
        "muc_khan": document.urgency,
        "kinh_gui": [printable(line) for line in document.addressee_lines()],
        "noi_nhan": [printable(line) for line in document.recipients],
        "nguoi_ky": [
            {"chuc_vu": [printable(line) for line in signer.lines], "ten": printable(signer.name)}
            for signer in document.all_signers()
        ],
        "ky_bao_cao": printable(str(content["period"]["label"])),
        "noi_dung": _paragraphs(document.blocks, blocks.TEXT_WIDTH_MM),
        "phu_luc": [
            {
                "nhan": printable(annex.label),
                "ten": printable(annex.title),
                "chi_dan": printable(annex.reference),
                "noi_dung": _paragraphs(annex.blocks, blocks.TEXT_WIDTH_MM),
            }
            for annex in document.annexes
        ],
        "so_lieu": {
            code: _plain({"ten": figure["title"], "gia_tri": figure["said"]})
            for code, figure in content["figures"].items()
        },
        "o_chu": _plain({**_empty_texts(content), **texts}),
    }


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    return {code: printable(str(value)) for code, value in values.items()}


def _empty_texts(content: Mapping[str, Any]) -> dict[str, str]:
    parts = (part for section in content.get("sections", ()) for part in section["parts"])
    return {part["code"]: "" for part in parts if part["kind"] == "text"}


def _paragraphs(shown: Sequence[Block], width_mm: int) -> str:
    """Return blocks as the XML of Word paragraphs and tables, marked as such."""
    word = blank_document()
    add_blocks(word, shown, width_mm)
    body = word.element.body
    return _BLOCKS + "".join(_xml(one) for one in body if not one.tag.endswith("}sectPr"))


def _styles() -> list[str]:
    return [
        _xml(style.element) for style in blank_document().styles if style.name in docx_styles.OWN
    ]


def _xml(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode"))


def _example(definition: Definition) -> OfficialDocument:
    """Return a document with every part that a template can name."""
    words: tuple[Block, ...] = (Paragraph((Run("……"),)),)
    return OfficialDocument(
        language="vi", file_title="……", author="……", made_at="2026-01-01T00:00:00Z", parent="……",
        issuer=("……",), number="Số:", place_and_day="……", kind="……", subject=(definition.title.vi,),
        addressee="Kính gửi: ……", blocks=words, recipients=("- Lưu: VT.",), signer=("……",),
        annexes=(blocks.Annex("Phụ lục", "……", "(……)", words),), signer_name="……",
    )  # fmt: skip


def _asked(template: bytes, data: Mapping[str, Any]) -> bytes:
    order = {
        "template": base64.b64encode(template).decode("ascii"),
        "data": data,
        "styles": _styles(),
        "width_mm": blocks.TEXT_WIDTH_MM,
        "seconds": SECONDS_MAX,
    }
    # A bare interpreter: no folder of the caller's, none of the user's, and none of the server's secrets.
    kept = {key: os.environ[key] for key in ("SYSTEMROOT", "PATH") if key in os.environ}
    environment = {**kept, "PYTHONPATH": str(_SOURCE), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "khien.reports.template_process"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise _refused([("too_long", "")]) from error
    if done.returncode != 0:
        raise _refused([("too_long" if done.returncode < 0 else "no_document", "")])
    answer = json.loads(done.stdout)
    if "problems" in answer:
        raise _refused(answer["problems"])
    return base64.b64decode(answer["content"])


def _refused(problems: Iterable[Sequence[str]]) -> TemplateRefused:
    return TemplateRefused([said_problem(kind, about) for kind, about in problems])
