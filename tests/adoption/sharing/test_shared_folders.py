"""A text as a library folder: nothing is lost, every mistake is told with its place, hostile files are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from shared_texts import REGULATIONS, library_with, small_text, trust_none, whole_text

from khien.adoption.sharing import packing
from khien.adoption.sharing.contents import data_of, files_of
from khien.adoption.sharing.errors import SharedBroken, SharedTooLarge, SharedUnreadable
from khien.adoption.sharing.forms import SharedText, exported, read_shared
from khien.norms import read_document
from khien.norms.library import load_library


def read(content: bytes | Path) -> SharedText:
    return read_shared(content, load_library(), trust=trust_none, name="tep.zip")


def zipped(files: dict[str, bytes | str], **about: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for key, value in about.items():
                setattr(entry, key, value)
            package.writestr(entry, content)
    return target.getvalue()


def plain_files() -> dict[str, bytes | str]:
    return dict(small_text().as_files().files)


@pytest.mark.parametrize("document", REGULATIONS)
def test_each_regulation_comes_back_byte_for_byte(document: str) -> None:
    library = load_library()
    first = exported(library, document, "folder")
    assert first == exported(library, document, "folder")
    got = read(first.data)
    assert got.files == files_of(library, document)
    assert got.document.clauses == library.documents[document].clauses


def test_every_key_a_reader_allows_survives_the_folder(tmp_path: Path) -> None:
    text = whole_text()
    duties = [duty for clause in text.clauses for duty in clause.get("duties", ())]
    assert set(text.head) == set(read_document._DOCUMENT_KEYS)
    assert {key for duty in duties for key in duty} == set(read_document._DUTY_KEYS)
    library = library_with(text, tmp_path)
    got = read(exported(library, "xa-thu", "folder").data)
    assert got.files == text.as_files()
    assert got.files.controls.keys() == {"OWN-01"}
    assert got.own_controls["OWN-01"].title.vi == "Treo biển cảnh báo"


def test_a_key_of_a_later_version_is_carried_though_not_understood(tmp_path: Path) -> None:
    place = tmp_path / "norms" / "nho"
    library = library_with(small_text(), tmp_path)
    head = (place / "document.yaml").read_text(encoding="utf-8")
    (place / "document.yaml").write_text(head + "later:\n  than: [this]\n", encoding="utf-8")
    assert data_of(library, "nho").head["later"] == {"than": ["this"]}
    assert "later:" in files_of(library, "nho").document_yaml
    with pytest.raises(SharedBroken, match=r"document\.yaml:"):
        read(exported(library, "nho", "folder").data)


def test_a_folder_on_disk_is_read_as_its_zip_is(tmp_path: Path) -> None:
    for name, content in plain_files().items():
        path = tmp_path / "goi" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(content), encoding="utf-8")
    assert read(tmp_path).files == read(zipped(plain_files())).files
    assert read(tmp_path / "goi").files == read(tmp_path).files


def test_every_mistake_is_told_with_file_and_line_in_both_languages() -> None:
    files = plain_files()
    files["norms/nho/clauses.yaml"] = str(files["norms/nho/clauses.yaml"]).replace(
        "PWD-01", "PWD-99"
    )
    files["norms/nho/document.yaml"] = str(files["norms/nho/document.yaml"]).replace(
        "2026-12-01", "2026-13-01"
    )
    with pytest.raises(SharedBroken) as caught:
        read(zipped(files))
    first, *_, last = caught.value.problems
    assert first.startswith(
        "norms/nho/clauses.yaml:12: «control» không có biện pháp này / «control» there is no such control"
    )
    assert last.startswith("norms/nho/document.yaml:")
    assert "\n".join(caught.value.problems) in str(caught.value)


@pytest.mark.parametrize(
    ("head", "word"),
    [
        ({"replaces": ["nho"]}, "thay thế chính mình"),
        ({"in_force_to": "2026-12-01"}, "ngày hết hiệu lực"),
        ({"amends": [{"document": "nho", "clauses": ["D1"], "how": "removed"}]}, "tự sửa đổi"),
    ],
)
def test_a_text_that_contradicts_itself_is_refused(head: dict[str, object], word: str) -> None:
    with pytest.raises(SharedBroken, match=word):
        read(zipped(dict(small_text(**head).as_files().files)))


@pytest.mark.parametrize(
    "name",
    ["../norms/nho/document.yaml", "/etc/passwd", "norms/../../x", "C:/x", "norms\\nho\\x.yaml", "norms/./x", "a\x01b"],
)  # fmt: skip
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(SharedUnreadable):
        read(zipped({**plain_files(), name: "x"}))


def test_a_link_in_a_zip_is_refused() -> None:
    link = zipped({**plain_files(), "norms/nho/link": "/etc/passwd"}, external_attr=0o120777 << 16)
    with pytest.raises(SharedUnreadable, match="tệp thường"):
        read(link)


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "norms").mkdir()
    (tmp_path / "norms" / "x").symlink_to("/etc/passwd")
    with pytest.raises(SharedUnreadable, match="tệp thường"):
        read(tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({**plain_files(), "norms/nho/x.yaml": b"\0" * (81 * 2**20)})
    assert len(bomb) < 200_000
    with pytest.raises(SharedTooLarge):
        read(bomb)
    monkeypatch.setattr(packing, "MEMBERS_MAX", 1)
    with pytest.raises(SharedTooLarge):
        read(zipped(plain_files()))


def test_more_than_twenty_megabytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SharedTooLarge):
        read(b"PK" + b"\0" * (20 * 2**20))
    big = tmp_path / "to.zip"
    big.write_bytes(b"PK" + b"\0" * (20 * 2**20))
    with pytest.raises(SharedTooLarge):
        read(big)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("norms/nho/document.yaml", "a")
        package.writestr("norms/nho/document.yaml", "b")
    with pytest.raises(SharedUnreadable, match="hai lần"):
        read(target.getvalue())
    with pytest.raises(SharedUnreadable, match="hai lần"):
        read(zipped({**plain_files(), "norms/nho/DOCUMENT.yaml": "x"}))


def test_what_is_not_utf8_is_refused() -> None:
    files = plain_files()
    files["norms/nho/clauses.yaml"] = "đ".encode("cp1258")
    with pytest.raises(SharedUnreadable, match="UTF-8"):
        read(zipped(files))


def test_a_file_that_has_no_place_is_refused_by_name() -> None:
    with pytest.raises(SharedBroken, match=r"controls/own/OWN-01/check\.sql"):
        read(zipped({**plain_files(), "controls/own/OWN-01/check.sql": "DROP TABLE x"}))


@pytest.mark.parametrize("deep", ["[" * 200_000, "- " * 200_000, "a: {" * 50_000, "? " * 100_000])
def test_yaml_that_nests_without_end_is_refused_and_ends_nothing(deep: str) -> None:
    with pytest.raises(SharedBroken, match=r"clauses\.yaml:1: lồng quá sâu"):
        read(zipped({**plain_files(), "norms/nho/clauses.yaml": deep}))


def test_two_texts_or_none_are_refused() -> None:
    two = {**plain_files(), **small_text("khac").as_files().files}
    with pytest.raises(SharedBroken, match="khac, nho"):
        read(zipped(two))
    with pytest.raises(SharedBroken):
        read(zipped({"norms/law.yaml": "x: 1"}))


def test_a_control_of_the_products_own_name_is_refused() -> None:
    text = whole_text()
    control = {**text.controls["OWN-01"], "id": "PWD-01"}
    files = {**text.as_files().files, "controls/own/PWD-01/control.yaml": str(control)}
    with pytest.raises(SharedBroken, match="PWD-01"):
        read(zipped(dict(files)))


@pytest.mark.parametrize("damage", [lambda c: c[:-30], lambda c: b"PK\x03\x04" + c[200:], lambda c: c[:60] + b"\xff" * 40 + c[100:]])  # fmt: skip
def test_a_damaged_zip_is_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises((SharedUnreadable, SharedBroken)):
        read(damage(exported(load_library(), "hue", "folder").data))


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"\x00" * 100, b"{", b"- a\n- b\n"])
def test_what_is_no_text_at_all_is_refused(content: bytes) -> None:
    with pytest.raises(SharedUnreadable):
        read(content)
