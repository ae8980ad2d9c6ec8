"""Texts as folder, package, OSCAL, CISO Assistant library and workbook, written and read back: seconds and sizes.

PYTHONPATH=src:bench var/venv/bin/python bench/bench_sharing.py [CLAUSES …]
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hardware import hardware

from khien.adoption.sharing.checking import checked
from khien.adoption.sharing.contents import TextData, data_of
from khien.adoption.sharing.forms import FORMS, exported, read_shared
from khien.adoption.sharing.package import Seal
from khien.ledger.note import SigningKey
from khien.norms.library import load_library
from khien.norms.model import Library

SEAL = Seal(SigningKey("khien/bench/gui-1", b"b" * 32), "bench", datetime(2026, 1, 1, tzinfo=UTC))


def code_of(clauses: int, library: Library) -> TextData:
    """Return a made-up code: the clauses of Đồ Sơn again and again, under new articles."""
    ward = data_of(library, "do-son")
    made = []
    round_, seen = 0, {}
    while len(made) < clauses:
        for clause in ward.clauses:
            path = f"D{round_ + 1}0{clause['path'][1:]}" if clause["path"].startswith("D") else ""
            if not path or len(made) == clauses:
                continue
            duties = [{**d, "id": f"{d['id']}-{round_}"} for d in clause.get("duties", ())]
            for duty in duties:
                duty.pop("repeat_of", None)
                duty.pop("schedule", None)
            rest = {k: v for k, v in clause.items() if k != "duties"}
            made.append({**rest, "path": path, **({"duties": duties} if duties else {})})
            seen[path] = True
        round_ += 1
    head = {k: v for k, v in ward.head.items() if k not in ("cites", "replaces", "amends")}
    return TextData({**head, "id": "bo-luat"}, tuple(made))


def with_text(library: Library, data: TextData, place: Path) -> Library:
    """Return the library with a text in it."""
    files = data.as_files().files
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    document = replace(checked(files, library).document, folder=place / "norms" / data.id)
    return replace(library, documents={**library.documents, data.id: document})


def measure(library: Library, document: str) -> None:
    """Print one line for each form."""
    clauses = len(library.documents[document].clauses)
    for form in FORMS:
        begun = time.perf_counter()
        made = exported(library, document, form, seal=SEAL)
        wrote = time.perf_counter() - begun
        begun = time.perf_counter()
        read_shared(made.data, library, trust=lambda key, at: None, name=made.name)
        read = time.perf_counter() - begun
        print(
            f"| {document} | {clauses:,} | {form} | {len(made.data) / 1024:,.0f} KB | {wrote:.2f} s | {read:.2f} s |"
        )


def main() -> None:
    """Measure Đồ Sơn and made-up codes."""
    library = load_library()
    print(hardware())
    print(
        "| text | clauses | form | size | written | read and checked |\n|---|---|---|---|---|---|"
    )
    measure(library, "do-son")
    for size in [int(word) for word in sys.argv[1:]] or [2_000]:
        with tempfile.TemporaryDirectory() as place:
            measure(with_text(library, code_of(size, library), Path(place)), "bo-luat")


if __name__ == "__main__":
    main()
