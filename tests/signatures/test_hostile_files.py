"""Files made to deceive or to harm the reader: a clear word, in bounded time, and nothing claimed."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from made_up_authority import NOW, House, paper
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from signing_cases import read, signed

from khien.signatures.bounded import SIZE_MAX, changes_after, read_signatures
from khien.signatures.errors import PdfNotSignable
from khien.signatures.readings import FileReading
from khien.signatures.sentences import about_file
from khien.signatures.trust import Trust


def bounded(content: bytes, *, seconds: int = 30) -> FileReading:
    return read_signatures(content, trust=Trust(), at=NOW, seconds=seconds)


def test_a_file_is_read_in_a_process_of_its_own_as_in_this_one(house: House) -> None:
    content = signed(house.an, house)
    there = read_signatures(content, trust=Trust(house.chain), at=NOW)
    assert there == read(content, house, at=NOW)
    assert changes_after(content, len(paper())) == "signatures"
    assert changes_after(paper(), len(paper())) == "none"


# ---- made to deceive


def test_content_added_after_the_signature_is_said(house: House) -> None:
    """An incremental update that draws over the page (incremental saving attack)."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.stamp import TextStampStyle

    writer = IncrementalPdfFileWriter(io.BytesIO(signed(house.an, house)))
    TextStampStyle(stamp_text="KHONG", background=None).create_stamp(
        writer, box=None, text_params={}
    ).apply(0, 200, 700)
    target = io.BytesIO()
    writer.write(target)
    one = read(target.getvalue(), house).signatures[0]
    assert (one.integrity, one.changes, one.standing) == ("intact", "forbidden", "failed")


def test_bytes_after_the_end_are_not_covered(house: House) -> None:
    content = signed(house.an, house)
    one = read(content + b"\n5 0 obj<</Type/Page>>endobj\n", house).signatures[0]
    assert (one.coverage, one.changes, one.standing) == ("revision", "forbidden", "failed")
    assert read(content + b"\r\n\n", house).signatures[0].changes == "none"


def test_a_range_that_skips_a_part_is_not_a_whole_file(house: House) -> None:
    """Signature wrapping: the gap of the signed bytes holds more than the signature."""
    content = signed(house.an, house)
    at = content.index(b"/ByteRange")
    end = content.index(b"]", at)
    numbers = [int(n) for n in content[at:end].split(b"[")[1].split()]
    for change in ((0, 1, 0, -1), (0, -4, 0, 4), (0, 0, 3, -3), (0, 0, -2, 2)):
        made = [n + c for n, c in zip(numbers, change, strict=True)]
        said = b"/ByteRange [" + b" ".join(str(n).encode() for n in made)
        said = said.ljust(end - at)[: end - at]
        one = read(content[:at] + said + content[end:], house).signatures[0]
        assert one.integrity != "intact"
        assert one.standing == "failed"


def test_a_signature_moved_to_another_file_is_altered(house: House) -> None:
    content = signed(house.an, house)
    other = content.replace(b"/Lang(vi)", b"/Lang(en)")
    if other == content:
        other = content.replace(b"/MediaBox", b"/MediaBix", 1)
    assert other != content
    found = read(other, house)
    assert all(one.integrity != "intact" for one in found.signatures)


def test_a_certificate_with_unseen_letters_is_shown_clean(house: House) -> None:
    from made_up_authority import issued

    owner = issued("Nguyễn\u202e Văn\n An\u200b", by=house.authority)
    assert read(signed(owner, house), house).signatures[0].signer == "Nguyễn Văn An"


# ---- made to harm


def test_an_encrypted_file_is_said_to_be(house: House) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper())))
    writer.encrypt("mat khau")
    target = io.BytesIO()
    writer.write(target)
    content = target.getvalue() + b"\n% /ByteRange\n"
    reading = bounded(content)
    assert reading.problem in ("encrypted", "broken")
    assert "mật khẩu" in about_file(FileReading(problem="encrypted"))[0].vi
    with pytest.raises(PdfNotSignable, match="mật khẩu"):
        signed(house.an, house, target.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n/ByteRange",
        b"/ByteRange" * 3,
        b"%PDF-1.7\n/ByteRange\nxref\n0 1\ntrailer<</Root 1 0 R/Size 1>>\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\n/ByteRange\nstartxref\n99999999999999\n%%EOF",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/AcroForm<</Fields[1 0 R 1 0 R]>>>>endobj /ByteRange\n"
        b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n/ByteRange" + b"[" * 100_000,
        b"%PDF-1.7\n/ByteRange" + b"<<" * 100_000 + b"\nstartxref\n9\n%%EOF",
    ],
)
def test_a_broken_file_is_said_to_be_broken(content: bytes) -> None:
    reading = bounded(content)
    assert reading.problem in ("broken", "too_slow")
    assert reading.signatures == ()


def test_a_cut_file_is_broken_and_not_signable(house: House) -> None:
    content = signed(house.an, house)
    cut = content[: len(content) // 2]
    assert all(one.integrity != "intact" for one in bounded(cut).signatures)
    with pytest.raises(PdfNotSignable):
        signed(house.an, house, content[:900])


def test_thousands_of_signatures_are_refused_at_once() -> None:
    fields = b" ".join(b"%d 0 R" % n for n in range(10, 3010))
    body = b"".join(
        b"%d 0 obj<</FT/Sig/T(a%d)/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>>>endobj\n"
        % (n, n)
        for n in range(10, 3010)
    )
    began = time.monotonic()
    reading = bounded(b"%PDF-1.7\n1 0 obj<</AcroForm<</Fields[" + fields + b"]>>>>endobj\n" + body)
    assert reading.problem == "too_many"
    assert time.monotonic() - began < 5


def test_a_hundred_fields_of_one_signature_are_too_many(house: House) -> None:
    """More fields than are read, though the mark stands in the file few times."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed(house.an, house)))
    form = writer.root["/AcroForm"]
    value = form["/Fields"][0].get_object().raw_get("/V")
    name = generic.pdf_name
    for number in range(100):
        made = {
            name("/FT"): name("/Sig"),
            name("/T"): generic.pdf_string(f"x{number}"),
            name("/V"): value,
        }
        form["/Fields"].append(writer.add_object(generic.DictionaryObject(made)))
    writer.update_container(form["/Fields"])
    writer.update_root()
    target = io.BytesIO()
    writer.write(target)
    assert bounded(target.getvalue()).problem == "too_many"


def test_forty_megabytes_of_pictures_are_read_and_over_fifty_are_not(house: House) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper())))
    for number in range(40):
        scan = DecodedStreamObject()
        scan.set_data(bytes([number]) * 2**20)
        writer.pages[0][NameObject(f"/Scan{number}")] = writer._add_object(scan)
    target = io.BytesIO()
    writer.write(target)
    content = signed(house.an, house, target.getvalue())
    assert len(content) > 40 * 2**20
    (one,) = bounded(content).signatures
    assert (one.integrity, one.coverage) == ("intact", "whole_file")
    assert bounded(content + b"x" * (SIZE_MAX - len(content) + 1)).problem == "too_large"
    assert changes_after(b"x" * (SIZE_MAX + 1), 5) == "forbidden"


def test_megabytes_after_the_end_are_refused_at_once(house: House) -> None:
    began = time.monotonic()
    assert bounded(signed(house.an, house) + b"%" + b"x" * 2**25 + b"\n").problem == "broken"
    assert time.monotonic() - began < 10


def test_a_bomb_of_compressed_objects_ends_in_time() -> None:
    bomb = zlib.compress(b" " * 200_000_000, 9)
    content = (
        b"%PDF-1.7\n% /ByteRange\n1 0 obj<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length "
        + str(len(bomb)).encode()
        + b">>stream\n"
        + bomb
        + b"\nendstream endobj\nstartxref\n22\n%%EOF"
    )
    reading = bounded(content, seconds=25)
    assert reading.problem in ("broken", "too_slow")


def test_reading_that_takes_too_long_is_stopped(house: House) -> None:
    reading = bounded(signed(house.an, house), seconds=0)
    assert reading.problem == "too_slow"
    assert "dừng" in about_file(reading)[0].vi
