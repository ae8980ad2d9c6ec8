"""What was taken in, compared with what is on record: files, catalogue and ledger against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from khien.facts.events import COLLECTED, EXPIRED, MERGED, ROWS_RECORDED
from khien.facts.lock import files_held_still
from khien.facts.merging import WINDOW, Source
from khien.facts.models import FactFile, Intake
from khien.facts.rows_digest import digest_of_tables, digests_by_intake
from khien.facts.services import facts_folder
from khien.facts.store import file_digest, parquet_of, writer
from khien.kernel.canonical import canonical_bytes, sha256_hex
from khien.kernel.language import Text
from khien.ledger.models import LedgerEntry
from khien.ledger.selectors import entries_of_kind

_LOCK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class AlteredEvidence:
    """Something about stored facts that is not as it was recorded; kind: a key of the sentences below."""

    kind: str
    what: str
    ledger_index: int | None

    @property
    def sentence(self) -> Text:
        """Return what is wrong, in both languages."""
        return _ALTERED[self.kind].fill({"what": self.what, "index": self.ledger_index})


_ALTERED = {
    "gone": Text(
        "Bản ghi {index} của sổ cái nói về một lần thu thập của máy {what} nay không còn.",
        "Entry {index} of the ledger tells of an intake of machine {what} that is gone.",
    ),
    "missing": Text("Thiếu tệp số liệu {what}.", "Fact file {what} is missing."),
    "altered": Text(
        "Tệp số liệu {what} đã bị sửa sau khi nạp.",
        "Fact file {what} was changed after it was taken in.",
    ),
    "catalogue": Text(
        "Số liệu của lần thu thập {what} không khớp bản ghi {index} của sổ cái.",
        "The facts of the intake {what} do not fit entry {index} of the ledger.",
    ),
    "merged": Text(
        "Tệp số liệu gộp {what} không phải tệp mà bản ghi {index} của sổ cái nói tới.",
        "The merged fact file {what} is not the one that entry {index} of the ledger tells of.",
    ),
    "stranger": Text(
        "Tệp số liệu có dòng của lần thu thập số {what} mà không bản ghi nào nói tới.",
        "Fact files hold rows of an intake number {what} that nothing on record tells of.",
    ),
    "expired": Text(
        "Những lần thu thập bị xóa vì quá hạn khác với bản ghi {index} của sổ cái ({what}).",
        "The intakes deleted for their age are not those of entry {index} of the ledger ({what}).",
    ),
}


@dataclass(frozen=True, slots=True)
class _File:
    table: str
    path: str
    first: int
    last: int


def altered_evidence() -> Iterator[AlteredEvidence]:
    """Yield everything about stored facts that is not as recorded: files first, then intakes.

    Each file is compared with its digest in the catalogue. The rows of each intake, in whatever file they lie
    by now, are compared with the digest in its entry of the ledger, which nobody can change unseen.
    Raises: FactsBusy: another process merges files for minutes
    """
    bad: list[_File] = []
    with files_held_still(seconds=_LOCK_SECONDS):
        for file, found in _altered_files():
            bad.append(file)
            yield found
        yield from _altered_merges()
        yield from _gone_intakes()
        yield from _altered_intakes(bad)
        yield from _altered_expiries()


def _altered_files() -> Iterator[tuple[_File, AlteredEvidence]]:
    folder = facts_folder()
    names = ("table", "path", "first_intake_id", "last_intake_id", "sha256")
    for *about, sha256 in FactFile.objects.order_by("first_intake_id", "table").values_list(*names):
        file = _File(*about)
        try:
            if file_digest(folder / file.path) != sha256:
                yield file, AlteredEvidence("altered", file.path, None)
        except FileNotFoundError:
            yield file, AlteredEvidence("missing", file.path, None)


def _altered_merges() -> Iterator[AlteredEvidence]:
    """Yield files made of others whose digest is not the one that was recorded when they were made."""
    told: dict[str, str] = {}
    for kind in (MERGED, EXPIRED):
        for entry in entries_of_kind(kind).iterator():
            told.update(entry.body["files"])  # type: ignore[arg-type]  # a mapping of texts
    merged = FactFile.objects.filter(ledger_index__isnull=False).order_by("path")
    for path, sha256, index in merged.values_list("path", "sha256", "ledger_index"):
        if told.get(path) != sha256:
            yield AlteredEvidence("merged", path, index)


def _gone_intakes() -> Iterator[AlteredEvidence]:
    held = Intake.objects.filter(ledger_index__isnull=False).values("ledger_index")
    for entry in entries_of_kind(COLLECTED).exclude(index__in=held).order_by("index"):
        yield AlteredEvidence("gone", str(entry.body.get("host")), entry.index)


def _altered_intakes(bad: Sequence[_File]) -> Iterator[AlteredEvidence]:
    catalogue = list(
        FactFile.objects.values_list("table", "path", "first_intake_id", "last_intake_id")
    )
    files = [_File(*row) for row in catalogue]
    recorded = _rows_recorded()
    spoilt = [(file.first, file.last) for file in bad]
    for first, last in _windows(files):
        near = [f for f in files if f.first <= last and f.last >= first and f not in bad]
        held = tables_of_intakes(near, first, last)
        intakes = Intake.objects.filter(pk__range=(first, last)).select_related("host")
        known = {intake.pk: intake for intake in intakes.order_by("pk")}
        entries = LedgerEntry.objects.in_bulk(
            [i.ledger_index for i in known.values() if i.ledger_index is not None]
        )
        for intake in known.values():
            if intake.expired_by is not None or _is_within(intake.pk, spoilt):
                continue
            entry = entries.get(intake.ledger_index) if intake.ledger_index is not None else None
            if not _is_as_recorded(intake, entry, held.get(intake.pk, {}), recorded):
                yield AlteredEvidence("catalogue", str(intake), intake.ledger_index)
        for number in sorted(held):
            if number not in known or known[number].expired_by is not None:
                yield AlteredEvidence("stranger", str(number), None)


def _windows(files: Iterable[_File]) -> Iterator[tuple[int, int]]:
    """Yield ranges of keys of intakes that hold at most so many, over all that there are or that files name."""
    keys = set(Intake.objects.values_list("pk", flat=True))
    for file in files:
        keys.update((file.first, file.last))
    ordered = sorted(keys)
    starts = ordered[::WINDOW]
    ends = [*(start - 1 for start in starts[1:]), ordered[-1]] if ordered else []
    yield from zip(starts, ends, strict=True)


def tables_of_intakes(
    files: Iterable[_File | Source], first: int, last: int
) -> dict[int, dict[str, str]]:
    """Return for each intake of a range the digests of its tables; a file that cannot be read says nothing."""
    by_table: dict[str, list[str]] = {}
    for file in files:
        by_table.setdefault(file.table, []).append(file.path)
    found: dict[int, dict[str, str]] = {}
    span = f"intake_id BETWEEN {first} AND {last}"
    with writer(facts_folder()) as sql:
        for table, paths in by_table.items():
            relation = f"(SELECT * FROM {parquet_of(facts_folder(), paths)} WHERE {span})"  # noqa: S608
            try:
                digests = digests_by_intake(sql, relation)
            except duckdb.Error:
                continue
            for intake, digest in digests.items():
                found.setdefault(intake, {})[table] = digest
    return found


def _is_as_recorded(
    intake: Intake, entry: LedgerEntry | None, held: Mapping[str, str], recorded: Mapping[int, str]
) -> bool:
    if entry is None or entry.kind != COLLECTED:
        return False
    told = entry.body.get("rows_sha256") or recorded.get(entry.index)
    if told is not None:
        return told == digest_of_tables(held)
    return entry.body.get("files_sha256") == digest_of_own_files(intake.pk)


def digest_of_own_files(intake: int) -> str:
    """Return the digest of the names and digests of an intake's files: how intakes were recorded at first."""
    own = FactFile.objects.filter(first_intake_id=intake, last_intake_id=intake)
    return sha256_hex(canonical_bytes(dict(own.values_list("path", "sha256"))))


def _rows_recorded() -> dict[int, str]:
    """Return the digests of rows recorded later for intakes whose own entries have none; the first one counts."""
    found: dict[int, str] = {}
    for entry in entries_of_kind(ROWS_RECORDED).order_by("index"):
        for index, digest in entry.body["rows"].items():  # type: ignore[union-attr]  # a mapping of texts
            found.setdefault(int(index), str(digest))
    return found


def _is_within(number: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= number <= last for first, last in ranges)


def _altered_expiries() -> Iterator[AlteredEvidence]:
    told = {entry.index: entry.body for entry in entries_of_kind(EXPIRED).order_by("index")}
    for index, body in told.items():
        own = Intake.objects.filter(expired_by=index).values_list("ledger_index", flat=True)
        if body["intakes_sha256"] != digest_of_intakes(own):
            yield AlteredEvidence("expired", f"{len(own)} ≠ {body['intake_count']}", index)
    others = Intake.objects.filter(expired_by__isnull=False).exclude(expired_by__in=list(told))
    for intake in others.select_related("host"):
        yield AlteredEvidence("catalogue", str(intake), intake.ledger_index)


def digest_of_intakes(ledger_indices: Iterable[int | None]) -> str:
    """Return the digest of a set of intakes, by the entries of the ledger that tell of them."""
    return sha256_hex(
        canonical_bytes(sorted(index if index is not None else -1 for index in ledger_indices))
    )
