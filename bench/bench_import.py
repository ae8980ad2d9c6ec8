"""A regulation brought in and corrected: codes of 2,000 and 10,000 clauses, the pages, a correction among a hundred.

Run: PYTHONPATH=src:bench:tests python bench/bench_import.py [clauses …]
The data folder is a temporary one.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

from hardware import hardware

SIZES = [int(word) for word in sys.argv[1:]] or [100, 2_000, 10_000]
NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
ROUNDS = 9
EDITS = 100


def told(what: str, action: Callable[[], object], rounds: int = ROUNDS) -> object:
    """Print the middle and the longest of some runs; return what the last gave."""
    seconds, given = [], None
    for _ in range(rounds):
        started = time.perf_counter()
        given = action()
        seconds.append(1000 * (time.perf_counter() - started))
    print(f"| {what} | {median(seconds):,.0f} ms | {max(seconds):,.0f} ms |", flush=True)
    return given


def measure(unit: Any, client: Any, clauses: int) -> None:
    """Bring one code in, ask for its pages, correct it a hundred times."""
    from commune_texts import code_of

    from khien.adoption import structure
    from khien.adoption.importing.correcting import edit_structure
    from khien.adoption.importing.services import import_pasted
    from khien.adoption.models import ImportedText
    from khien.norms.text.workpiece import anchor_of
    from khien.registers.services import Act

    act = Act("an", NOW)
    words = code_of(clauses)
    said = f"{clauses:,} clauses"
    text: Any = told(
        f"{said}: brought in", lambda: import_pasted(unit, words, act=act, again=True), 3
    )
    address = f"/van-ban/nhap/{text.code}/cau-truc/"
    structure._parsed.cache_clear()
    structure._edited.cache_clear()
    told(f"{said}: first page of the structure, nothing kept", lambda: client.get(address), 1)
    told(f"{said}: a page of the structure", lambda: client.get(address))
    nodes = [n for n in structure.structure_of(text).nodes if n.kind == "khoan"][:EDITS]
    places = iter([anchor_of(node) for node in nodes])

    def correct() -> None:
        fresh = ImportedText.objects.get(pk=text.pk)
        asked = {"node": next(places), "kind": "doan"}
        edit_structure(fresh, "kind", asked, expected_version=fresh.version, act=act)

    told(f"{said}: a correction, up to {len(nodes)} before it", correct, len(nodes))
    told(f"{said}: a page after them", lambda: client.get(address))


def main() -> None:
    """Found a unit and measure each size."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    from khien.org.services import ensure_officer, register_unit

    unit = register_unit("xa", name_vi="Xã Mẫu", name_en="Mau", kind="ward", place="Mẫu", now=NOW)
    client = Client()
    client.force_login(ensure_officer(unit, now=NOW))
    print(hardware())
    print("| what | middle | longest |\n|---|---:|---:|")
    for clauses in SIZES:
        measure(unit, client, clauses)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KHIEN_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
        main()
