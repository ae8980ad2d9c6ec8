"""The impact of a text before its day: 300 units, their machines, a regulation with a duty for every control.

Run: [KHIEN_DATABASE=ADDRESS] PYTHONPATH=src:bench python bench/bench_impact.py [MACHINES]
The data folder is a temporary one; units, machines and facts are those of bench/world.py, without registers.
The text copies the clauses of another and makes every number stricter by one, so that most controls change.
"""

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import world
from hardware import hardware

T = TypeVar("T")
CODE = "thu-nghiem"


def timed(what: str, action: Callable[[], T]) -> T:
    started, processor = time.perf_counter(), time.process_time()
    result = action()
    seconds, cpu = time.perf_counter() - started, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {what} | {seconds:.1f} | {cpu:.1f} | {peak:,.0f} |", flush=True)
    return result


def stricter(name: str, value: Any, control: Any) -> Any:
    """Return a number one stricter, a set or a word as it is."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    return value + 1 if control.parameters[name].sense == "max" else max(1, value - 1)


def draft_text() -> Any:
    """Import a made-up text and decide its clauses: each demands what a clause of another text demands."""
    from khien.adoption.models import ClauseReview, ImportedText
    from khien.adoption.review.clauses import clauses_of
    from khien.adoption.structure import structure_of
    from khien.kernel.canonical import sha256_hex
    from khien.kernel.clock import now_utc, said_day, vietnam_date
    from khien.norms.library import load_library
    from khien.org.models import Unit

    library, now = load_library(), now_utc()
    pairs = [
        pair
        for document in ("do-son", "binh-dinh")
        for pair in library.documents[document].duties()
    ]
    duties = [duty for _, duty in pairs if duty.side == "unit" and duty.modality != "info"]
    day = said_day(vietnam_date(now) + timedelta(days=30))
    lines = ["Số: 1/QĐ-UBND", "QUYẾT ĐỊNH", "Ban hành Quy chế"]
    lines += [f"Điều {n}. {duty.text.vi}" for n, duty in enumerate(duties, 1)]
    lines += [f"Điều {len(duties) + 1}. Quyết định này có hiệu lực kể từ ngày {day}."]
    source = "\n".join(lines)
    text = ImportedText.objects.create(
        unit=Unit.objects.get(code="so-y-te"), code=CODE, file_name="x.txt", file_sha256="0" * 64,
        source=source, source_sha256=sha256_hex(source.encode()), made_at=now, made_by="bench",
        changed_at=now, changed_by="bench",
    )  # fmt: skip
    clauses = clauses_of(structure_of(text))
    told = dict(zip((f"D{n}" for n in range(1, len(duties) + 1)), duties, strict=True))
    ClauseReview.objects.bulk_create(
        ClauseReview(
            text=text, path=node.path, outcome="duties" if node.path in told else "nothing",
            duties=[told_json(told[node.path], library)] if node.path in told else [],
            none="" if node.path in told else "validity", words_sha256=clauses.digests[node.path],
            how="one", decided_at=now, decided_by="bench",
        )
        for node in clauses.nodes
    )  # fmt: skip
    return text


def told_json(duty: Any, library: Any) -> dict[str, Any]:
    control = library.controls[duty.control]
    values = {name: stricter(name, value, control) for name, value in duty.parameters.items()}
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
    return {"control": duty.control, "modality": duty.modality, "actor": duty.actor.vi, "parameters": plain,
            "frequency": duty.frequency, "evidence": duty.evidence}  # fmt: skip


def growth(clauses: int) -> None:
    """Write a text of so many clauses in the library's form, and read it back with all checks."""
    from datetime import date

    from khien.adoption.force.files import Binds, Decided, Reviewed, library_files
    from khien.adoption.force.head import Head
    from khien.adoption.force.verifying import read_back
    from khien.norms.library import load_library
    from khien.norms.text.parser import parse_text

    lines = [f"Điều {n}. Mật khẩu số {n} dài ít nhất 8 ký tự." for n in range(1, clauses + 1)]
    structure, library = (
        parse_text("\n".join(["QUYẾT ĐỊNH", "Ban hành Quy chế", *lines])),
        load_library(),
    )
    duty = {"control": "PWD-01", "parameters": {"min_length": 8}}
    text = Reviewed(
        code="lon",
        head=Head("quy chế", "", "Quy chế", "Quy chế", "UBND", "Mẫu", None, None),
        structure=structure,
        decided={node.path: Decided("duties", (duty,)) for node in structure.nodes},
        binds=Binds("Mẫu", ("ward",), date(2027, 1, 1)),
        controls=library.controls,
    )
    files = timed(f"library form of {clauses:,} clauses", lambda: library_files(text))
    timed(
        f"{clauses:,} clauses read back with all checks", lambda: read_back("lon", files, library)
    )


def main() -> None:
    machines = int(sys.argv[1]) if len(sys.argv) > 1 else world.MACHINES
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KHIEN_DATA"] = folder
        world.open_folder()
        world.build_units(world.UNITS)
        world.build_machines(machines, random.Random(world.SEED))
        from django.db import connection

        from khien.adoption.force.drafting import draft_of
        from khien.adoption.impact.measuring import impact_of
        from khien.adoption.impact.paper import impact_file
        from khien.kernel.clock import now_utc

        print(f"{hardware()}; {connection.vendor}; load before: {os.getloadavg()[0]:.1f}; {world.UNITS} units, "
              f"{machines:,} machines\n")  # fmt: skip
        print("| what | s | processor s | peak MiB |\n|---|---:|---:|---:|")
        text = draft_text()
        draft = timed("library form of the text, read back with all checks", lambda: draft_of(text))
        impact = timed("impact for all units", lambda: impact_of(draft, now=now_utc()))
        timed("again", lambda: impact_of(draft, now=now_utc()))
        timed(
            "as a document",
            lambda: impact_file(impact, text.unit, now=now_utc(), library=draft.library),
        )
        growth(2_000)
        growth(10_000)
        print(f"\n{len(impact.groups)} groups of units; {impact.summary()}")


if __name__ == "__main__":
    main()
