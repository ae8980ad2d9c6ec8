"""Who is trusted is loaded by an administrator and on record; what was read is kept by the file's SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from made_up_authority import DAY, NOW, House, issued, paper
from signing_cases import signed

from khien.cli.main import main
from khien.ledger.models import LedgerEntry
from khien.signatures.errors import NotTrustable, UnknownTrust
from khien.signatures.models import KeptReading, TrustedCertificate
from khien.signatures.selectors import (
    latest_readings,
    trust_now,
    trusted_by_fingerprint,
    trusted_certificates,
)
from khien.signatures.services import add_trust, read_and_keep, read_once, remove_trust

pytestmark = pytest.mark.django_db


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_loaded_certificates_are_trusted_and_on_record(house: House) -> None:
    made = add_trust(house.root.pem + house.authority.pem, name="goc.pem", by="quan.tri", now=NOW)
    assert [(one.name, one.is_root) for one in made] == [
        ("Chứng thực gốc Mẫu", True),
        ("Chứng thực Mẫu", False),
    ]
    assert add_trust(house.root.der, name="goc.cer", by="quan.tri", now=NOW) == []
    told = LedgerEntry.objects.filter(kind="signatures.trust_added")
    assert [entry.body["by"] for entry in told] == ["quan.tri", "quan.tri"]
    assert len(trust_now().roots) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "không phải tệp chứng thư"), (b"\x30\x03abc", "không phải tệp chứng thư"),
     (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "không phải tệp chứng thư"),
     (b"x" * (2**20 + 1), "1 MB")],
)  # fmt: skip
def test_what_is_no_certificate_is_refused_and_nothing_is_trusted(content: bytes, why: str) -> None:
    with pytest.raises(NotTrustable, match=why):
        add_trust(content, name="la.cer", by="quan.tri", now=NOW)
    assert not trusted_certificates().exists()


def test_a_persons_certificate_makes_nobody_trusted(house: House) -> None:
    with pytest.raises(NotTrustable, match="không phải của tổ chức chứng thực"):
        add_trust(house.root.pem + house.an.pem, name="an.cer", by="quan.tri", now=NOW)
    assert not TrustedCertificate.objects.exists(), "all of a file or nothing"


def test_trust_that_was_taken_back_counts_no_more_and_can_come_again(house: House) -> None:
    (one,) = add_trust(house.root.der, name="goc.cer", by="quan.tri", now=NOW)
    found = trusted_by_fingerprint(one.sha256[:16].upper())
    remove_trust(found, by="quan.tri", now=NOW + DAY)
    remove_trust(found, by="quan.tri", now=NOW + DAY)
    assert trust_now().certificates == ()
    assert LedgerEntry.objects.filter(kind="signatures.trust_removed").count() == 1
    with pytest.raises(UnknownTrust):
        trusted_by_fingerprint(one.sha256)
    assert len(add_trust(house.root.der, name="goc.cer", by="quan.tri", now=NOW + 2 * DAY)) == 1


@pytest.mark.parametrize("asked", ["", "abc", "khong-co", "f" * 64, "%" * 9])
def test_a_fingerprint_that_tells_no_single_one_finds_nothing(house: House, asked: str) -> None:
    add_trust(house.root.der, name="goc.cer", by="quan.tri", now=NOW)
    with pytest.raises(UnknownTrust):
        trusted_by_fingerprint(asked)


def test_a_reading_is_kept_with_its_time_and_by_whom_it_was_judged(house: House) -> None:
    content = signed(house.an, house)
    read_and_keep(content, now=NOW)
    first = latest_readings([digest(content)])[digest(content)]
    assert (first.read_at, first.is_by_todays_trust) == (NOW, True)
    assert first.reading.signatures[0].chain == "unknown"
    add_trust(house.root.pem + house.authority.pem, name="goc.pem", by="quan.tri", now=NOW)
    assert not latest_readings([digest(content)])[digest(content)].is_by_todays_trust
    read_and_keep(content, now=NOW + DAY)
    second = latest_readings([digest(content)])[digest(content)]
    assert second.reading.signatures[0].chain == "trusted"
    assert KeptReading.objects.count() == 2, "the earlier reading stays"


def test_the_record_of_a_reading_names_no_person(house: House) -> None:
    content = signed(house.an, house)
    read_and_keep(content, now=NOW)
    entry = LedgerEntry.objects.get(kind="signatures.file_read")
    assert entry.subject == digest(content)
    assert entry.body == {"count": 1, "broken": 0, "problem": ""}


def test_a_file_without_signatures_leaves_no_line_in_the_ledger() -> None:
    read_and_keep(paper(), now=NOW)
    assert KeptReading.objects.get().result["signatures"] == []
    assert not LedgerEntry.objects.exists()


def test_a_file_is_not_read_twice_by_the_same_trust(house: House) -> None:
    read_once(paper(), now=NOW)
    read_once(paper(), now=NOW + DAY)
    assert KeptReading.objects.count() == 1
    add_trust(house.root.der, name="goc.cer", by="quan.tri", now=NOW)
    read_once(paper(), now=NOW + DAY)
    assert KeptReading.objects.count() == 2


def test_many_files_are_looked_up_with_two_queries(
    house: House, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        read_and_keep(b"%PDF-1.7 " + bytes([number]), now=NOW)
    with django_assert_num_queries(2):
        assert len(latest_readings(digest(b"%PDF-1.7 " + bytes([n])) for n in range(20))) == 20
    with django_assert_num_queries(0):
        assert latest_readings([]) == {}


def test_the_command_line_loads_lists_and_takes_back(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:  # fmt: skip
    settings.KHIEN_DATA = tmp_path
    monkeypatch.setattr("khien.cli.trust_command.publish", lambda now: None)
    monkeypatch.setattr("khien.cli.opened_project.open_project", lambda: None)
    place = tmp_path / "goc.pem"
    place.write_bytes(house.root.pem)
    assert main(["trust", "add", str(place)]) == 0
    fingerprint = capsys.readouterr().out.split()[0]
    assert main(["trust", "list"]) == 0
    assert "Chứng thực gốc Mẫu (gốc)" in capsys.readouterr().out
    assert main(["trust", "remove", fingerprint]) == 0
    assert main(["trust", "remove", fingerprint]) == 2
    assert "KHIEN-SIG-018" in capsys.readouterr().err
    place.write_bytes(house.an.pem)
    assert main(["trust", "add", str(place)]) == 2
    assert "KHIEN-SIG-017" in capsys.readouterr().err


def test_the_command_line_reads_a_file(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, roots = tmp_path / "a.pdf", tmp_path / "goc.pem"
    place.write_bytes(signed(house.an, house))
    roots.write_bytes(house.root.pem + house.authority.pem)
    assert main(["signatures", str(place), "--trust", str(roots)]) == 0
    assert "Nguyễn Văn An, Sở Mẫu" in capsys.readouterr().out
    assert main(["signatures", str(place), "--trust", str(roots), "--json"]) == 0
    assert '"chain": "trusted"' in capsys.readouterr().out
    place.write_bytes(paper())
    assert main(["signatures", str(place), "--trust", str(roots)]) == 1
    assert "không có chữ ký số" in capsys.readouterr().out
    place.write_bytes(b"%PDF-1.7 /ByteRange")
    assert main(["signatures", str(place), "--trust", str(roots)]) == 1
    assert "KHIEN-SIG-016" in capsys.readouterr().err


def test_the_same_key_identifier_of_another_root_is_no_trust(house: House) -> None:
    other = issued("Chứng thực gốc Mẫu", is_authority=True)
    add_trust(other.der, name="khac.cer", by="quan.tri", now=NOW)
    content = signed(house.an, house)
    read_and_keep(content, now=NOW)
    one = latest_readings([digest(content)])[digest(content)].reading.signatures[0]
    assert (one.chain, one.standing) == ("untrusted", "failed")
