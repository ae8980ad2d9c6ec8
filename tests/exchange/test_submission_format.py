"""The file between instances: deterministic, signed, strict; every byte that is turned is told."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submission_cases import DOCX, MADE_AT, REPORT_JSON, FixedSender, document, reworded

from khien.exchange.submission_errors import (
    KeyUnknown,
    SubmissionAltered,
    SubmissionMalformed,
    SubmissionRefused,
    SubmissionTruncated,
    VersionUnknown,
)
from khien.exchange.submission_format import ENTRIES, REPORT, member_name
from khien.exchange.submission_reading import CheckedBundle, KeyFinder, check_bundle, open_bundle
from khien.ledger.prover import Prover
from khien.ledger.tree import LeafHashes, consistency_proof, inclusion_proof, leaf_hash, root_of

VECTORS = Path(__file__).parent / "vectors"


def keys_of(sender: FixedSender) -> KeyFinder:
    key = sender.key.verifier
    return lambda name, key_id: key if (name, key_id) == (key.name, key.key_id) else None


def read(content: bytes, sender: FixedSender | None = None) -> CheckedBundle:
    sender = sender or FixedSender()
    opened = open_bundle(BytesIO(content), keys_of(sender))
    return check_bundle(opened, sender.ledger_key.verifier)


def test_what_was_sent_is_what_is_read_and_the_ledger_proves_it() -> None:
    manifest, content = FixedSender().bundle()
    checked = read(content)
    assert checked.manifest == manifest
    assert [item.kind for item in manifest.items] == [ENTRIES, REPORT, "report.file"]
    assert checked.proven == {2, 3}
    assert checked.proofs_are_sound
    assert checked.size == len(content)
    place = checked.members[2]
    assert content[place.content_at : place.end] == DOCX


def test_the_same_content_gives_the_same_bytes() -> None:
    assert FixedSender().bundle()[1] == FixedSender().bundle()[1]


def test_any_archive_tool_opens_it() -> None:
    with zipfile.ZipFile(BytesIO(FixedSender().bundle()[1])) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "00000-manifest.txt"
        assert names[2] == "00002-bao-cao-quy-ii.json"
        assert archive.read(names[2]) == REPORT_JSON


def test_every_turned_byte_is_told() -> None:
    content = FixedSender().bundle([document(b"x")])[1]
    for place in range(len(content)):
        turned = bytearray(content)
        turned[place] ^= 1
        with pytest.raises(SubmissionRefused):
            read(bytes(turned))


def test_every_shorter_file_is_told_to_be_shorter() -> None:
    content = FixedSender().bundle([document(b"x")])[1]
    for size in range(len(content)):
        with pytest.raises(SubmissionTruncated):
            read(content[:size])


def test_nothing_may_follow_the_end() -> None:
    with pytest.raises(SubmissionAltered):
        read(FixedSender().bundle()[1] + b"\x00")


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for start in (b"", FixedSender().bundle([document(b"x")])[1][:200]):
        with pytest.raises(SubmissionRefused):
            read(start + content)


def test_a_key_nobody_registered_is_refused_before_anything_is_read() -> None:
    with pytest.raises(KeyUnknown) as caught:
        read(FixedSender().bundle()[1], FixedSender(generation=2))
    assert "gui-1" in str(caught.value)


def test_a_packed_archive_is_refused_whatever_it_would_unpack_to() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("00000-manifest.txt", b"\x00" * 50_000_000)
    with pytest.raises(SubmissionMalformed):
        read(bomb.getvalue())


@pytest.mark.parametrize(
    "swap",
    [
        ('"member":"00001.pdf"', '"member":"../../../etc/passwd"'),
        ('"member":"00001.pdf"', '"member":"00002.pdf"'),
        ('"name":"x.pdf"', '"name":"../x.pdf"'),
        ('"name":"x.pdf"', '"name":"x\u202efdp.exe"'),
        ('"size":1', '"size":999999999999'),
        ('"size":1', '"size":-1'),
        ('"size":1', '"size":true'),
        ('"sequence":1', '"sequence":0'),
        ('"kind":"document"', '"kind":"DROP TABLE"'),
        ('"unit":"phuong"', '"unit":"../phuong"'),
        ('"consistency":[]', '"consistency":{}'),
    ],
)
def test_a_manifest_of_a_wrong_form_is_refused_even_when_signed(swap: tuple[str, str]) -> None:
    sender = FixedSender()
    sender.recorded()
    pieces = [document(b"1", "x.pdf")]
    pieces[0] = replace(pieces[0], item=replace(pieces[0].item))
    if "00001" in swap[0]:
        pieces = [document(b"1", ".pdf")]
        swap = (swap[0], swap[1])
        assert member_name(1, ".pdf") == "00001.pdf"
    content = sender.bundle(pieces, change=reworded(swap))[1]
    with pytest.raises(SubmissionRefused):
        read(content, sender)


def test_older_and_newer_minor_versions_are_read_and_what_is_new_is_kept() -> None:
    older = reworded(
        ('"consistency":[],', ""), ('"requires":[],', ""), ('"version":"1.1"', '"version":"1.0"')
    )
    newer = reworded(
        ('"bundle":', '"afterwards":{"a":[1,"đ"]},"bundle":'),
        ('"version":"1.1"', '"version":"1.9"'),
        ('"kind":"document"', '"akin":"good","kind":"document.seen"'),
    )  # fmt: skip
    for change, version in ((older, "1.0"), (newer, "1.9")):
        sender = FixedSender()
        sender.recorded()
        checked = read(sender.bundle([document(b"x")], change=change)[1], sender)
        assert checked.manifest.version == version
    assert '"afterwards"' in checked.note
    assert checked.manifest.items[0].kind == "document.seen"


@pytest.mark.parametrize(
    "swap",
    [
        ("khien-submission/1\n", "khien-submission/2\n"),
        ('"version":"1.1"', '"version":"2.0"'),
        ('"requires":[]', '"requires":["sealed_items"]'),
    ],
)
def test_a_version_not_known_is_refused_with_what_to_update(swap: tuple[str, str]) -> None:
    content = FixedSender().bundle(change=reworded(swap))[1]
    with pytest.raises(VersionUnknown) as caught:
        read(content)
    assert "Cập nhật Khiên" in str(caught.value)
    assert "khien-submission/1" in caught.value.in_language("en")


def test_a_checkpoint_of_another_ledger_is_refused() -> None:
    sender, other = FixedSender(), FixedSender(instance="khien/9999999999999999")
    other.recorded()
    content = sender.bundle(change=lambda m: replace(m, checkpoint=other.checkpoint().note))[1]
    with pytest.raises(SubmissionAltered):
        read(content)


def test_an_entry_that_does_not_stand_in_the_ledger_proves_nothing() -> None:
    sender, liar = FixedSender(), FixedSender()
    pieces = liar.report()
    sender.recorded(word="something else")
    content = liar.bundle(pieces, change=lambda m: replace(m, checkpoint=sender.checkpoint().note))[1]  # fmt: skip
    checked = read(content)
    assert checked.proven == frozenset()
    assert not checked.proofs_are_sound


def test_an_entry_that_speaks_of_something_else_proves_nothing() -> None:
    sender = FixedSender()
    index = sender.recorded("0" * 64)
    checked = read(sender.bundle([document(b"x", entry=index)])[1])
    assert checked.proofs_are_sound
    assert checked.proven == frozenset()


@given(st.integers(min_value=1, max_value=70), st.data())
@settings(max_examples=60, deadline=None)
def test_the_prover_gives_the_proofs_of_the_tree(size: int, data: st.DataObject) -> None:
    leaves = LeafHashes(b"".join(leaf_hash(bytes([n])) for n in range(size)))
    prover = Prover(leaves, size)
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    assert prover.root() == root_of(leaves)
    assert prover.inclusion(index) == inclusion_proof(index, leaves, size)
    assert prover.consistency(index) == consistency_proof(index, leaves, size)


# --- the vectors that stand in the repository ---------------------------------------------------


def made_vectors() -> dict[str, bytes]:
    sound = FixedSender().bundle()[1]
    altered = bytearray(sound)
    altered[sound.index(b"not really")] ^= 1
    older = reworded(
        ('"consistency":[],', ""), ('"requires":[],', ""), ('"version":"1.1"', '"version":"1.0"')
    )
    newer = reworded(
        ('"bundle":', '"afterwards":{"a":[1,"đ"]},"bundle":'),
        ('"version":"1.1"', '"version":"1.9"'),
    )
    return {
        "valid.zip": sound,
        "altered.zip": bytes(altered),
        "truncated.zip": sound[: len(sound) // 2],
        "future.zip": FixedSender().bundle(made_at=MADE_AT + timedelta(days=365_000))[1],
        "unknown-version.zip": FixedSender().bundle(
            change=reworded(("khien-submission/1\n", "khien-submission/2\n"))
        )[1],
        "minor-older.zip": FixedSender().bundle(change=older)[1],
        "minor-newer.zip": FixedSender().bundle(change=newer)[1],
        "card.txt": FixedSender().card().encode(),
    }


def test_the_vectors_are_what_is_written_today() -> None:
    made = made_vectors()
    if os.environ.get("UPDATE_GOLDEN"):
        VECTORS.mkdir(exist_ok=True)
        for name, content in made.items():
            (VECTORS / name).write_bytes(content)
    assert {path.name: path.read_bytes() for path in VECTORS.iterdir()} == made


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("altered.zip", SubmissionAltered),
        ("truncated.zip", SubmissionTruncated),
        ("unknown-version.zip", VersionUnknown),
    ],
)
def test_a_broken_vector_is_refused(name: str, error: type[SubmissionRefused]) -> None:
    with pytest.raises(error):
        read((VECTORS / name).read_bytes())


@pytest.mark.parametrize("name", ["valid.zip", "minor-older.zip", "minor-newer.zip"])
def test_a_sound_vector_is_read(name: str) -> None:
    assert read((VECTORS / name).read_bytes()).proven == {2, 3}
