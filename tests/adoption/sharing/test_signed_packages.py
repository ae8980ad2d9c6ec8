"""A signed package says who signed what; what is altered, incomplete or of a stranger is not taken."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shared_texts import KEY, NOON, SEAL, small_text, trust_all, trust_none

from khien.adoption.sharing.contents import files_of
from khien.adoption.sharing.errors import (
    NotExportable,
    PackageAltered,
    PackageKeyNotTrusted,
    SharedUnreadable,
)
from khien.adoption.sharing.forms import SharedText, exported, read_shared, verify_package
from khien.adoption.sharing.keys import own_seal, trust_here
from khien.adoption.sharing.package import MANIFEST, Seal, Trust, sealed
from khien.adoption.sharing.packing import packed, unpacked
from khien.exchange.models import Partner, PartnerKey
from khien.ledger.note import SigningKey
from khien.norms.library import load_library
from khien.org.models import Unit


def package() -> dict[str, bytes]:
    return unpacked(exported(load_library(), "hue", "package", seal=SEAL).data, "goi")


def read(files: dict[str, bytes] | bytes, trust: Trust = trust_all) -> SharedText:
    content = files if isinstance(files, bytes) else packed(files)
    return read_shared(content, load_library(), trust=trust, name="goi")


def test_a_package_comes_back_with_what_was_verified() -> None:
    first = exported(load_library(), "hue", "package", seal=SEAL)
    assert first == exported(load_library(), "hue", "package", seal=SEAL)
    got = read(first.data)
    assert got.form == "package"
    assert got.files == files_of(load_library(), "hue")
    assert got.seal is not None
    assert (got.seal.key, got.seal.packed_by, got.seal.packed_at) == (
        KEY.verifier,
        "Nguyễn Văn An",
        NOON,
    )
    assert got.seal.number == "286/SYT-VP"
    assert set(got.seal.files) == set(got.files.files)


def test_a_package_packed_anew_by_a_mail_program_still_verifies() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as again:
        for name, content in reversed(package().items()):
            again.writestr(f"goi/{name}", content)
    assert read(target.getvalue()).seal is not None


@pytest.mark.parametrize("name", ["norms/hue/document.yaml", "norms/hue/clauses.yaml"])
def test_an_altered_file_is_named(name: str) -> None:
    files = package()
    files[name] += b"\n"
    with pytest.raises(PackageAltered, match=name):
        read(files)


def test_a_missing_or_an_added_file_is_named() -> None:
    files = package()
    gone = {name: content for name, content in files.items() if not name.endswith("clauses.yaml")}
    with pytest.raises(PackageAltered, match=r"thiếu tệp norms/hue/clauses\.yaml"):
        read(gone)
    with pytest.raises(PackageAltered, match=r"controls/own/OWN-01/control\.yaml"):
        read({**files, "controls/own/OWN-01/control.yaml": b"id: OWN-01\n"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"286/SYT-VP", b"287/SYT-VP"),
        (b"2020-02-12", b"2021-02-12"),
        (b"khien-text/1\n", b"khien-text/2\n"),
        (b'"document":"hue"', b'"document":"hua"'),
        (b"{", b"{ "),
    ],
)
def test_a_manifest_that_was_touched_is_refused(old: bytes, new: bytes) -> None:
    files = package()
    assert old in files[MANIFEST]
    files[MANIFEST] = files[MANIFEST].replace(old, new, 1)
    with pytest.raises(PackageAltered):
        read(files)


@pytest.mark.parametrize("place", range(5))
def test_a_signature_with_another_bit_is_refused(place: int) -> None:
    files = package()
    note = bytearray(files[MANIFEST])
    note[-10 - place * 7] ^= 1
    files[MANIFEST] = bytes(note)
    with pytest.raises(PackageAltered):
        read(files)


def test_a_signature_of_another_key_under_our_name_is_refused() -> None:
    forged = SigningKey(KEY.name, b"x" * 32)
    mine, theirs = (
        package(),
        unpacked(
            exported(load_library(), "hue", "package", seal=Seal(forged, "An", NOON)).data, "x"
        ),
    )
    text = mine[MANIFEST].decode().rpartition("\n\n")[0]
    line = theirs[MANIFEST].decode().rpartition("\n\n")[2]
    with pytest.raises(PackageAltered):
        read({**mine, MANIFEST: f"{text}\n\n{line}".encode()})


def test_no_note_at_all_is_refused() -> None:
    for note in (b"", b"\xff\xfe", b"khien-text/1\n{}\n"):
        with pytest.raises(PackageAltered):
            read({**package(), MANIFEST: note})


def test_an_intact_package_of_a_stranger_is_told_so_and_not_taken() -> None:
    content = packed(package())
    with pytest.raises(PackageKeyNotTrusted, match=KEY.verifier.key_id.hex()):
        read(content, trust_none)
    found = verify_package(content, trust_none)
    assert not found.is_trusted
    assert found.distrust is not None
    assert found.document == "hue"


def test_a_manifest_of_another_text_is_refused() -> None:
    library = load_library()
    content = sealed(files_of(library, "hue"), library.documents["do-son"], SEAL)
    with pytest.raises(PackageAltered, match="do-son"):
        read(content)


def test_a_package_needs_a_key_and_a_plain_zip_is_none() -> None:
    with pytest.raises(NotExportable):
        exported(load_library(), "hue", "package")
    plain = packed({name: text.encode() for name, text in small_text().as_files().files.items()})
    with pytest.raises(SharedUnreadable):
        verify_package(plain, trust_all)


@pytest.mark.django_db
def test_our_own_key_is_trusted_and_a_strangers_is_not(settings: Any, tmp_path: Path) -> None:
    settings.KHIEN_DATA = tmp_path
    seal = own_seal(by="an", now=NOON)
    assert trust_here(seal.key.verifier, NOON) is None
    assert trust_here(KEY.verifier, NOON) is not None
    assert (
        read(exported(load_library(), "hue", "package", seal=seal).data, trust_here).seal
        is not None
    )


@pytest.mark.django_db
def test_a_partners_key_is_trusted_until_it_is_revoked_or_the_partner_ended() -> None:
    unit = Unit.objects.create(code="so-y-te", name_vi="Sở Y tế", kind="department")
    partner = Partner.objects.create(
        unit=unit, direction="above", instance="khien/0123456789abcdef", their_unit="bo", name_vi="Bộ", made_at=NOON, made_by="an", ledger_key="x",
    )  # fmt: skip
    row = PartnerKey.objects.create(
        partner=partner, public=str(KEY.verifier), name=KEY.name, key_id=KEY.verifier.key_id.hex(),
        fingerprint="x", registered_at=NOON, registered_by="an", read_by="Bình",
    )  # fmt: skip
    assert trust_here(KEY.verifier, NOON) is None
    row.revoked_from, row.revoked_at = NOON, NOON
    row.save()
    assert trust_here(KEY.verifier, NOON) is not None
    assert trust_here(KEY.verifier, NOON - timedelta(days=1)) is None
    row.is_compromised = True
    row.save()
    assert trust_here(KEY.verifier, NOON - timedelta(days=1)) is not None
    row.revoked_from, row.is_compromised, partner.ended_at = None, False, NOON
    row.save()
    partner.save()
    assert trust_here(KEY.verifier, NOON) is not None
