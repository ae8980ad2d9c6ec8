"""Reading signatures back: who, when, intact or not, how far the signer is known; never more than was verified."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pytest
from made_up_authority import DAY, NOW, House, Made, issued, paper, revocations
from signing_cases import hand, read, signed

from khien.signatures.reading import changes_since
from khien.signatures.readings import FileReading, SignatureReading, as_json, from_json
from khien.signatures.sentences import details, file_sentences, headline
from khien.signatures.signing import Proof, crls_in, time_stamper
from khien.signatures.trust import Trust


def only(reading: FileReading) -> SignatureReading:
    assert reading.problem == ""
    (one,) = reading.signatures
    return one


def test_without_a_loaded_root_the_signature_is_intact_and_the_certificate_unknown(
    house: House,
) -> None:
    one = only(read(signed(house.an, house)))
    assert (one.integrity, one.coverage, one.changes) == ("intact", "whole_file", "none")
    assert (one.chain, one.standing) == ("unknown", "partly")
    assert headline(one).vi == (
        "Chữ ký nguyên vẹn; chưa kiểm được chứng thư vì chưa nạp chứng thư gốc."
    )


def test_with_the_root_the_name_is_vouched_for_and_revocation_is_said_to_be_unchecked(
    house: House,
) -> None:
    one = only(read(signed(house.an, house), house))
    assert (one.chain, one.root, one.revocation) == (
        "trusted", "Chứng thực gốc Mẫu", "not_checked",
    )  # fmt: skip
    assert one.standing == "partly"
    assert "chưa kiểm tra thu hồi" in headline(one).vi
    facts = one.certificate
    assert facts is not None
    assert (facts.name, facts.organisation) == ("Nguyễn Văn An", "Sở Mẫu")
    assert facts.issuer == "Chứng thực Mẫu"
    assert facts.serial == f"{house.an.certificate.serial_number:X}"
    assert "do máy người ký ghi" in details(one)[0].vi


def test_a_flipped_byte_is_said_to_be_altered(house: House) -> None:
    content = signed(house.an, house)
    for place in (content.index(b"/Type") + 1, len(content) // 2, len(content) - 400):
        broken = bytearray(content)
        broken[place] ^= 0x01
        found = read(bytes(broken), house)
        if found.problem or not found.signatures:
            continue  # so broken that nothing is read, which claims nothing
        one = only(found)
        assert one.integrity != "intact"
        assert one.standing == "failed"
        assert "KHÔNG nguyên vẹn" in headline(one).vi or "Không đọc được" in headline(one).vi


def test_a_byte_of_text_that_is_changed_is_altered_for_certain(house: House) -> None:
    content = signed(house.an, house)
    place = content.index(b"stream\n", 2000) + 40
    broken = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    one = only(read(broken, house))
    assert (one.integrity, one.standing) == ("altered", "failed")
    assert headline(one).vi.startswith("Chữ ký KHÔNG nguyên vẹn")


def test_a_second_signature_leaves_the_first_as_it_is(house: House) -> None:
    first = signed(house.an, house)
    second = signed(house.clerk, house, first, role="organisation")
    assert second.startswith(first)
    leader, clerk = read(second, house).signatures
    assert (leader.signer, leader.integrity, leader.coverage, leader.changes) == (
        "Nguyễn Văn An", "intact", "revision", "signatures",
    )  # fmt: skip
    assert (clerk.signer, clerk.integrity, clerk.coverage) == (
        "SỞ Y TẾ MẪU",
        "intact",
        "whole_file",
    )
    assert "sau đó tệp chỉ thêm chữ ký khác" in headline(leader).vi


@pytest.mark.parametrize(
    ("since", "until", "in_force", "standing", "words"),
    [
        (NOW - 30 * DAY, NOW + 9 * DAY, "expired", "partly", "hết hạn ngày"),
        (NOW - 30 * DAY, NOW + 300 * DAY, "in_force", "partly", "bảo đảm"),
    ],
)
def test_a_certificate_that_expired_since_proves_less(
    house: House, since: datetime, until: datetime, in_force: str, standing: str, words: str
) -> None:
    owner = issued("Nguyễn Văn An", by=house.authority, since=since, until=until)
    content = signed(owner, house)
    one = only(read(content, house, at=NOW + 20 * DAY))
    assert (one.in_force, one.standing, one.chain) == (in_force, standing, "trusted")
    assert words in headline(one).vi


def test_a_signature_before_the_certificate_began_is_no_evidence(house: House) -> None:
    one = only(read(signed(house.an, house), house, at=NOW - 60 * DAY))
    assert (one.in_force, one.standing) == ("not_yet", "failed")
    assert "chỉ có hiệu lực từ ngày" in headline(one).vi


def test_a_certificate_for_something_else_is_no_evidence(house: House) -> None:
    owner = issued("Máy chủ", by=house.authority, uses={"key_encipherment"})
    content = signed_anyway(owner, house)
    one = only(read(content, house))
    assert (one.may_sign, one.standing) == (False, "failed")
    assert "không được cấp để ký văn bản" in headline(one).vi


def signed_anyway(owner: Made, house: House) -> bytes:
    """Sign as another program would, which refuses nothing."""
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    signer = signers.SimpleSigner.load_pkcs12_data(owner.key_file("x", house.authority), (), b"x")
    metadata = signers.PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha256")
    writer = IncrementalPdfFileWriter(io.BytesIO(paper()))
    return bytes(signers.sign_pdf(writer, metadata, signer).getvalue())


def test_the_old_form_of_signatures_is_read_as_well(house: House) -> None:
    one = only(read(signed_anyway(house.an, house), house))
    assert (one.form, one.integrity, one.chain) == ("adbe.pkcs7.detached", "intact", "trusted")
    assert only(read(signed(house.an, house))).form == "ETSI.CAdES.detached"


def test_a_signer_of_another_authority_is_not_trusted(house: House) -> None:
    strange = issued("Chứng thực lạ", is_authority=True)
    owner = issued("Nguyễn Văn An", by=strange)
    one = only(read(signed(owner, house), house))
    assert (one.integrity, one.chain, one.standing) == ("intact", "untrusted", "failed")
    assert "không dẫn tới chứng thư gốc nào đã nạp" in headline(one).vi


def test_a_root_of_the_same_name_with_another_key_vouches_for_nobody(house: House) -> None:
    false_root = issued("Chứng thực gốc Mẫu", is_authority=True)
    false_authority = issued("Chứng thực Mẫu", by=false_root, is_authority=True, crl="")
    owner = issued("Nguyễn Văn An", by=false_authority)
    one = only(read(signed(owner, House(false_root, false_authority, owner, owner, owner)), house))
    assert (one.chain, one.standing) == ("untrusted", "failed")


def test_a_weak_algorithm_is_said(house: House) -> None:
    one = only(read(weakly_signed(house.an, house), house))
    assert one.integrity == "intact"
    assert one.weak == ("SHA1",)
    assert one.standing == "partly"
    assert any("thuật toán yếu (SHA1)" in sentence.vi for sentence in details(one))


def weakly_signed(owner: Made, house: House) -> bytes:
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    signer = signers.SimpleSigner.load_pkcs12_data(owner.key_file("x", house.authority), (), b"x")
    metadata = signers.PdfSignatureMetadata(field_name="Signature1", md_algorithm="sha1")
    writer = IncrementalPdfFileWriter(io.BytesIO(paper()))
    return bytes(signers.sign_pdf(writer, metadata, signer).getvalue())


# ---- time stamps and revocation


def test_a_time_stamp_says_when_and_outlives_the_certificate(house: House, stamping: str) -> None:
    owner = issued("Nguyễn Văn An", by=house.authority, until=NOW + 9 * DAY)
    proof = Proof("B-T", time_stamper(stamping), stamping)
    content = signed(owner, house, proof=proof)
    one = only(read(content, house, at=NOW + 60 * DAY))
    assert (one.stamp, one.stamp_authority, one.in_force) == (
        "trusted", "Dấu thời gian Mẫu", "in_force",
    )  # fmt: skip
    assert one.stamped_at is not None
    assert one.judged_at == one.stamped_at == one.said_at
    assert abs((one.stamped_at - datetime.now(UTC)).total_seconds()) < 600
    assert details(one)[0].vi.startswith("Dấu thời gian")


def test_a_time_stamp_of_a_stranger_is_not_believed(house: House, stamping: str) -> None:
    content = signed(house.an, house, proof=Proof("B-T", time_stamper(stamping), stamping))
    one = only(read(content))
    assert one.stamp == "untrusted"
    assert one.said_at == one.claimed_at, (
        "the stamp of a stranger is no better than the signer's clock"
    )
    assert "chưa tin được" in details(one)[0].vi


def test_long_term_material_makes_it_fully_verified(house: House, stamping: str) -> None:
    lists = crls_in([revocations(house.root), revocations(house.authority)])
    proof = Proof("B-LT", time_stamper(stamping), stamping, Trust(house.chain), lists)
    one = only(read(signed(house.an, house, proof=proof), house))
    assert (one.revocation, one.standing, one.changes) == ("good", "verified", "archive")
    assert any("chưa bị thu hồi lúc" in sentence.vi.lower() for sentence in details(one))


def test_a_time_stamp_over_the_whole_file_is_read_as_such(house: House, stamping: str) -> None:
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper

    writer = IncrementalPdfFileWriter(io.BytesIO(signed(house.an, house)))
    content = PdfTimeStamper(time_stamper(stamping)).timestamp_pdf(writer, "sha256", None)
    signature, stamp = read(content.getvalue(), house).signatures
    assert (signature.kind, signature.changes) == ("signature", "archive")
    assert (stamp.kind, stamp.stamp, stamp.chain) == ("time_stamp", "trusted", "trusted")
    assert read(content.getvalue()).signatures[1].stamp == "untrusted"


def test_a_revoked_certificate_is_said_to_be(house: House) -> None:
    """The list came into the file after the signature, as another program adds it."""
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    content = signed(house.an, house)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    lists = crls_in([revocations(house.root), revocations(house.authority, house.an)])
    DocumentSecurityStore.supply_dss_in_writer(writer, None, crls=lists)
    target = io.BytesIO()
    writer.write(target)
    one = only(read(target.getvalue(), house))
    assert (one.revocation, one.standing, one.integrity) == ("revoked", "failed", "intact")
    assert "đã bị thu hồi" in headline(one).vi


# ---- the words, and how they are kept


def test_a_file_without_a_signature_is_said_to_have_none() -> None:
    reading = read(paper())
    assert reading.signatures == ()
    assert [sentence.vi for sentence in file_sentences(reading)] == ["Tệp không có chữ ký số."]


def test_a_file_is_told_in_one_sentence_for_each_signature(house: House) -> None:
    reading = read(signed(house.clerk, house, signed(house.an, house), role="organisation"))
    said = [sentence.vi for sentence in file_sentences(reading)]
    assert [sentence.partition(":")[0] for sentence in said] == ["Nguyễn Văn An", "SỞ Y TẾ MẪU"]


def test_a_reading_is_kept_and_comes_back_the_same(house: House) -> None:
    reading = read(signed(house.clerk, house, signed(house.an, house), role="organisation"), house)
    assert from_json(as_json(reading)) == reading


def test_every_state_has_a_sentence_in_both_languages_that_ends(house: House) -> None:
    from dataclasses import replace
    from itertools import product

    one = only(read(signed(house.an, house), house))
    states = product(
        ("intact", "altered", "unreadable"), ("whole_file", "revision", "partial"),
        ("none", "archive", "signatures", "comments", "forbidden"), ("trusted", "untrusted", "unknown"),
        ("in_force", "expired", "not_yet"), (True, False), ("good", "revoked", "not_checked"),
    )  # fmt: skip
    names = ("integrity", "coverage", "changes", "chain", "in_force", "may_sign", "revocation")
    for state in states:
        made = replace(one, **dict(zip(names, state, strict=True)))
        for text in (headline(made), *details(made)):
            assert text.vi.endswith(".")
            assert text.en.endswith(".")
            assert "{" not in text.vi + text.en
        if made.standing == "verified":
            assert state == ("intact", state[1], state[2], "trusted", "in_force", True, "good")
            assert state[1] != "partial"
            assert state[2] != "forbidden"
        assert ("nguyên vẹn;" in headline(made).vi) <= (made.integrity == "intact")


# ---- the same document, and signatures


def test_what_signing_adds_to_our_own_file_is_only_signatures(house: House) -> None:
    plain = paper()
    first = signed(house.an, house, seen=hand())
    both = signed(house.clerk, house, first, role="organisation")
    assert changes_since(first, len(plain)) == "signatures"
    assert changes_since(both, len(plain)) == "signatures"


def test_content_changed_before_the_signature_is_found_out(house: House) -> None:
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.text import TextBoxStyle
    from pyhanko.stamp import TextStampStyle

    plain = paper()
    writer = IncrementalPdfFileWriter(io.BytesIO(plain))
    style = TextStampStyle(
        stamp_text="12.000.000.000", background=None, text_box_style=TextBoxStyle()
    )
    style.create_stamp(writer, box=None, text_params={}).apply(0, 200, 700)
    target = io.BytesIO()
    writer.write(target)
    content = signed(house.an, house, target.getvalue())
    assert content.startswith(plain)
    assert only(read(content, house)).integrity == "intact", "the signature itself is sound"
    assert changes_since(content, len(plain)) == "forbidden"


# ---- somebody else's verifier


def test_pdfsig_of_poppler_agrees(house: House, tmp_path: Path) -> None:
    if which("pdfsig") is None:
        pytest.skip("pdfsig is not installed (Debian: apt-get install poppler-utils)")
    place = tmp_path / "a.pdf"
    place.write_bytes(
        signed(house.clerk, house, signed(house.an, house, seen=hand()), role="organisation")
    )
    said = subprocess.run(
        ["pdfsig", str(place)], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said
    broken = bytearray(place.read_bytes())
    at = broken.index(b"stream\n", 2000) + 40
    broken[at] ^= 1
    place.write_bytes(broken)
    said = subprocess.run(
        ["pdfsig", str(place)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid." not in said
