"""Of `khien norms`: bring a regulation in for a unit, and list what was brought in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from khien.adoption.importing.head import LABELS
from khien.adoption.importing.selectors import head_of, problems_of, texts_of
from khien.adoption.importing.services import import_text
from khien.adoption.models import ImportedText
from khien.adoption.structure import structure_of
from khien.adoption.wording import state_word
from khien.cli.output import painted, put, put_json, say
from khien.kernel.clock import now_utc, said_day, vietnam_date
from khien.ledger.services import publish
from khien.norms.text.errors import DocumentMissing, DocumentNotAFile, DocumentUnreadable
from khien.norms.text.json_form import counts
from khien.org.selectors import all_units, unit_by_code
from khien.registers.services import Act

_ACTOR = "khien norms"


def run_import(args: argparse.Namespace) -> int:
    """Bring a file in and show what was found in it."""
    unit = unit_by_code(args.unit)
    act = Act(_ACTOR, now_utc())
    text = import_text(
        unit, _content(args.file), args.file.name, act=act, code=args.code or "", again=args.again
    )
    publish(now_utc())
    if args.json:
        put_json(_as_json(text))
    else:
        _show(text)
    return 0


def run_texts(args: argparse.Namespace) -> int:
    """List the imported texts, newest first."""
    units = [unit_by_code(args.unit)] if args.unit else all_units()
    texts = list(texts_of(units))
    if args.json:
        put_json([_row(text) for text in texts])
        return 0
    for text in texts:
        put(
            f"{painted(text.code, 'bold')}  {state_word(text)}  {text.unit.code}  {text.file_name}  "
            f"{said_day(vietnam_date(text.made_at))}"
        )
    say(f"{len(texts)} văn bản nhập.", f"{len(texts)} imported texts.")
    return 0


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise DocumentNotAFile(file=path)
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentMissing(file=path) from error
    except OSError as error:
        raise DocumentUnreadable(file=path, reason=error.strerror or error) from error


def _row(text: ImportedText) -> dict[str, Any]:
    return {
        "code": text.code,
        "unit": text.unit.code,
        "state": text.state,
        "file": text.file_name,
        "imported_at": text.made_at.isoformat(),
        "imported_by": text.made_by,
    }


def _as_json(text: ImportedText) -> dict[str, Any]:
    document, head = structure_of(text), head_of(text)
    return _row(text) | {
        "head": dict(head.said or {}),
        "problems": [
            {"code": one.code, "field": one.field, "stops": one.stops, **one.sentence.as_dict()}
            for one in problems_of(text, today=vietnam_date(now_utc()))
        ],
        "counts": counts(document),
        "anomalies": [
            {"line": one.line, "code": one.code, **one.message.as_dict()}
            for one in document.anomalies
        ],
        "read_notes": text.read_notes,
    }


def _show(text: ImportedText) -> None:
    document, head = structure_of(text), head_of(text)
    put(painted(text.code, "bold"))
    for name, label in LABELS.items():
        value = head.value(name)
        if value:
            shown = ", ".join(value) if isinstance(value, tuple) else value
            put(f"  {label}: {said_day(value) if hasattr(value, 'year') else shown}")
    put("  " + " · ".join(f"{name} {count}" for name, count in counts(document).items() if count))
    for problem in problems_of(text, today=vietnam_date(now_utc())):
        put(painted(f"  ! {problem.sentence}", "bold"))
    say(
        f"{len(document.anomalies) + len(text.read_notes)} chỗ bất thường cần xem; "
        f"mở trang /van-ban/nhap/{text.code}/ để sửa cấu trúc rồi rà soát.",
        f"{len(document.anomalies) + len(text.read_notes)} anomalies to look at; "
        f"open the page /van-ban/nhap/{text.code}/ to correct the structure, then review.",
    )
