"""How long bundles take: 300 units' bundles received, and one with 10,000 documents made and received.

    var/venv/bin/python bench/bench_bundles.py [--units 300] [--documents 10000]

Prints seconds, milliseconds for each, and the largest memory of the process; nothing of it is a test.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "exchange")]
DOCUMENT_BYTES = 30_000


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--documents", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _set_up(folder)
        _many_bundles(asked.units)
        _one_large(asked.documents, Path(folder))


def _set_up(folder: str) -> None:
    os.environ["KHIEN_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "khien.project.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _many_bundles(count: int) -> None:
    from io import BytesIO

    from submission_cases import FixedSender, findings

    from khien.exchange.own_keys import own_instance
    from khien.exchange.partners import BELOW, register_key
    from khien.exchange.receiving import Arrival, receive_file
    from khien.exchange.submission_notes import read_card
    from khien.exchange.submission_selectors import senders
    from khien.kernel.clock import now_utc
    from khien.org.history import subtree
    from khien.org.services import register_unit

    now = now_utc()
    top = register_unit("so", name_vi="Sở", name_en="D", kind="department", place="Mẫu", now=now)
    bundles = []
    for number in range(count):
        code = f"dv-{number}"
        unit = register_unit(
            code, name_vi=code, name_en=code, kind="ward", place="Mẫu", parent=top, now=now
        )
        sender = FixedSender(unit=code, instance=f"khien/{number:016x}", to=own_instance(now))
        card = sender.card()
        read = read_card(card).fingerprint
        register_key(unit, BELOW, card, number=read, read_by="B", by="b", now=now)
        pieces = [*sender.report(), findings(code, number)]
        bundles.append(sender.bundle(pieces, made_at=now - timedelta(minutes=1))[1])
    with told(f"{count} bundles received", count):
        for content in bundles:
            receive_file(BytesIO(content), Arrival(now, "bench"))
    with told(f"the board of {count} senders", 1):
        senders(subtree(top))


def _one_large(count: int, folder: Path) -> None:
    from submission_cases import FixedSender

    from khien.exchange.models import Partner
    from khien.exchange.own_keys import own_instance
    from khien.exchange.partners import ABOVE, register_key
    from khien.exchange.submission_format import DOCUMENT, Item
    from khien.exchange.submission_notes import read_card
    from khien.exchange.submission_store import sent_path
    from khien.exchange.submission_writing import piece_of
    from khien.exchange.submitting import Contents, make_bundle
    from khien.kernel.clock import now_utc
    from khien.ledger.services import publish
    from khien.org.selectors import unit_by_code

    now = now_utc()
    publish(now)
    papers = folder / "papers"
    papers.mkdir()
    for number in range(count):
        (papers / f"{number}.pdf").write_bytes(b"%PDF-1.4" + os.urandom(DOCUMENT_BYTES))
    card = FixedSender(unit="bo", instance="khien/ffffffffffffffff").card()
    read = read_card(card).fingerprint
    register_key(unit_by_code("so"), ABOVE, card, number=read, read_by="B", by="b", now=now)
    above = Partner.objects.get(direction=ABOVE)
    with told(f"one bundle of {count} documents made", count):
        pieces = [
            piece_of(Item(DOCUMENT, f"{n}.pdf", "application/pdf", 0, ""), papers / f"{n}.pdf")
            for n in range(count)
        ]
        sent = make_bundle(above, Contents(pieces), by="bench", now=now)
    print(f"  its file: {sent.size_bytes / 2**20:.0f} MiB")
    _receive_large(sent_path(sent), own_instance(now), count)


def _receive_large(path: Path, instance: str, count: int) -> None:
    """Verify the large bundle as its receiver would, and store its rows; the key is our own this once."""
    from khien.exchange.models import ReceivedBundle, ReceivedItem
    from khien.exchange.own_keys import own_key
    from khien.exchange.submission_reading import check_bundle, open_bundle
    from khien.kernel.clock import now_utc
    from khien.ledger.note import parse_verifier_key
    from khien.ledger.selectors import verifier_key_text

    key = own_key(by="b", now=now_utc()).verifier
    with told(f"one bundle of {count} documents verified", count), path.open("rb") as file:
        opened = open_bundle(file, lambda *_: key)
        checked = check_bundle(opened, parse_verifier_key(verifier_key_text()))
    assert len(checked.proven) == count
    bundle = ReceivedBundle.objects.first()
    items = zip(checked.manifest.items, checked.members, strict=True)
    rows = [
        ReceivedItem(
            bundle=bundle, place=place + 10, kind=item.kind, name=item.name,
            media_type=item.media_type, size_bytes=item.size, sha256=item.sha256,
            offset=member.content_at, unit=bundle.partner.unit, is_proven=True,
        )
        for place, (item, member) in enumerate(items)
    ]  # fmt: skip
    with told(f"its {len(rows)} rows stored", len(rows)):
        ReceivedItem.objects.bulk_create(rows, batch_size=500)
    print(f"  instance {instance}")


@contextmanager
def told(what: str, count: int) -> Iterator[Any]:
    """Print how long a block took, and the largest memory so far."""
    begun, busy = time.perf_counter(), time.process_time()
    yield None
    seconds, used = time.perf_counter() - begun, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = 1000 * used / count
    print(
        f"{what}: {seconds:.2f} s ({used:.2f} s of processor, {each:.2f} ms each), {memory:.0f} MiB"
    )


if __name__ == "__main__":
    main()
