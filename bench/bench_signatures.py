"""Signatures: milliseconds of signing a paper, finding the place, reading back, comparing with what left.

Run: PYTHONPATH=src:bench:tests/signatures python bench/bench_signatures.py
Time of the clock, because reading happens in a process of its own; the longest of seven beside the median.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from hardware import hardware
from made_up_authority import build_house, paper, png
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from signing_cases import PASSWORD, hand, signed

from khien.signatures.bounded import changes_after, read_signatures
from khien.signatures.keys import signer_from_file
from khien.signatures.pictures import picture_of
from khien.signatures.placing import place_for_signature
from khien.signatures.reading import read_here
from khien.signatures.trust import Trust

REPEATS = 7


def measured(name: str, work: Callable[[], object]) -> None:
    work()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    print(f"| {name} | {statistics.median(times):,.0f} | {max(times):,.0f} |")


def with_pictures(content: bytes, megabytes: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for number in range(megabytes):
        scan = DecodedStreamObject()
        scan.set_data(bytes([number]) * 2**20)
        writer.pages[0][NameObject(f"/Scan{number}")] = writer._add_object(scan)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def main() -> None:
    house, now = build_house(), datetime.now(UTC)
    trust = Trust(house.chain)
    plain = paper()
    seen = hand()
    once = signed(house.an, house, seen=seen)
    twice = signed(house.clerk, house, once, role="organisation")
    large = signed(house.an, house, with_pictures(plain, 40))
    print(f"{hardware()}\n\n| what | median ms | longest ms |\n|---|---|---|")
    key = house.an.key_file(PASSWORD, house.authority)
    measured("open a key file", lambda: signer_from_file(key, PASSWORD, name="a"))
    measured("find the place for the picture", lambda: place_for_signature(plain, "Nguyễn Văn An"))
    measured("look at a picture", lambda: picture_of(png(500, 200, "blue"), "a"))
    measured("sign, with a key file and a picture", lambda: signed(house.an, house, seen=seen))
    measured("read two signatures, this process", lambda: read_here(twice, trust=trust, at=now))
    measured(
        "read two signatures, own process", lambda: read_signatures(twice, trust=trust, at=now)
    )
    measured("a file without signatures", lambda: read_signatures(plain, trust=trust, at=now))
    measured(
        "one signature of 40 MB, own process", lambda: read_signatures(large, trust=trust, at=now)
    )
    measured("compare with the PDF that left", lambda: changes_after(twice, len(plain)))


if __name__ == "__main__":
    main()
