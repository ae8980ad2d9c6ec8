"""khien register: what a person types, reads and carries in files; refusals store nothing, changes are published."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from khien.cli.register_command import GROUPS
from khien.facts.models import Host
from khien.ledger.models import LedgerEntry
from khien.org.models import Unit
from khien.registers.declarations import load_registers
from khien.registers.models import Confirmation, Row
from khien.registers.sheets import FILE_SIZE_MAX

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 6, 30, tzinfo=UTC)
DISPOSAL = ("device=Máy in cũ", "kind=disposal", "disposed_on=05/03/2026")


@pytest.fixture(autouse=True)
def unit(tmp_path: Path, settings: Any) -> Unit:
    settings.KHIEN_DATA = tmp_path / "data"
    return made_unit("x")


def made_unit(code: str, parent: Unit | None = None) -> Unit:
    return Unit.objects.create(
        code=code, name_vi=f"Phường {code}", name_en=code, kind="ward", place="Mẫu", parent=parent
    )


def recorded() -> list[str]:
    return list(LedgerEntry.objects.order_by("index").values_list("kind", flat=True))


def waiting() -> int:
    return LedgerEntry.objects.filter(published_at__isnull=True).count()


def digest_in(text: str) -> str:
    return re.search(r"[0-9a-f]{64}", text)[0]  # type: ignore[index]


def csv_file(folder: Path, *lines: str) -> Path:
    file = folder / "sổ.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_every_group_of_the_library_has_words() -> None:
    assert {register.group for register in load_registers().values()} <= set(GROUPS)


def test_the_list_tells_rows_and_confirmations_by_group(khien: Callable) -> None:
    made_unit("y")
    khien("register", "add", "domain", "--unit", "x", "domain_name=x.gov.vn")
    khien("register", "add", "domain", "--unit", "y", "domain_name=y.gov.vn")
    khien("register", "confirm", "domain", "--unit", "x", "--on", "30/06/2026")
    said = khien("register", "list", "--json")
    assert (said.status, said.err) == (0, "")
    assert {row["register"] for row in said.json} == set(load_registers())
    groups = [row["group"] for row in said.json]
    assert [group for group in dict.fromkeys(groups) for _ in range(groups.count(group))] == groups

    def domain(found: Any) -> Any:
        return next(row for row in found.json if row["register"] == "domain")

    assert (domain(said)["rows"], domain(said)["confirmed"]) == (2, {"x": "2026-06-30"})
    own = domain(khien("register", "list", "--unit", "y", "--json"))
    assert (own["rows"], own["confirmed"]) == (1, {})
    assert set(own) == {"register", "group", "title", "rows", "confirmed"}
    assert "2 dòng; xác nhận x 30/06/2026" in khien("register", "list").out
    english = khien("--lang", "en", "register", "list", "--unit", "x").out
    assert "1 row(s); confirmed 30/06/2026" in english
    assert "Systems\n" in english


def test_a_row_is_added_published_and_shown_in_words(khien: Callable, unit: Unit) -> None:
    Host.objects.create(
        host_uid="u-1", unit=unit, name="may-01", kind="workstation", first_seen_at=NOW, last_seen_at=NOW
    )  # fmt: skip
    said = khien("register", "add", "disposal", "--unit", "x", *DISPOSAL, "host=MAY-01")
    assert (said.status, said.out) == (0, "")
    assert "khien assess --unit x" in said.err
    assert (recorded()[-1], waiting()) == ("registers.row_added", 0)
    assert Row.objects.get().values["host"] == "u-1"
    (row,) = khien("register", "show", "disposal", "--unit", "x", "--json").json
    assert (row["number"], row["name"]) == (1, "Máy in cũ · 05/03/2026")
    assert row["values"]["host"] == "may-01"
    assert row["values"]["disposed_on"] == "05/03/2026"
    shown = khien("register", "show", "disposal", "--unit", "x", "--search", "may in")
    assert shown.out.startswith("#1 Máy in cũ")
    assert khien("register", "show", "disposal", "--unit", "x", "--search", "tủ").out == ""


def test_machines_and_rows_of_a_stranger_unit_are_not_found(khien: Callable, unit: Unit) -> None:
    strange, below = made_unit("la"), made_unit("tram", unit)
    Host.objects.create(
        host_uid="u-2", unit=strange, name="may-02", kind="workstation", first_seen_at=NOW, last_seen_at=NOW
    )  # fmt: skip
    khien("register", "add", "disposal", "--unit", "x", *DISPOSAL, "host=may-02")
    # A machine never read may stand as free text; it points at nothing.
    (row,) = khien("register", "show", "disposal", "--unit", "x", "--json").json
    assert row["values"]["host"] == "may-02"
    for one in (strange, below):
        Row.objects.create(
            unit=one, register="system", number=1, name=f"Cổng {one.code}", name_key=f"cong {one.code}",
            values={}, search_key="", created_at=NOW, changed_at=NOW, changed_by="an",
        )  # fmt: skip
    words = ("register", "add", "domain", "--unit", "x", "domain_name=x.gov.vn")
    unseen = khien(*words, "system=Cổng la")
    assert unseen.status == 2
    assert "không tìm thấy «Cổng la»" in unseen.err
    assert khien(*words, "system=Cổng tram").status == 0


def test_every_problem_of_a_row_is_told_and_nothing_is_stored(khien: Callable) -> None:
    words = (
        "kind=gold",
        "disposed_on=31/02/2026",
        "nonsense=1",
        "kind=reuse",
        "loose",
        "wiped_on=x",
    )
    said = khien("register", "add", "disposal", "--unit", "x", *words)
    assert (said.status, said.out) == (2, "")
    # Six words are wrong, and the device that must be there is not.
    assert len(re.findall("^- ", said.err, re.MULTILINE)) == 7
    for part in ("«gold»", "«31/02/2026»", "«nonsense»", "Trường «kind» ghi hai lần", "«loose» không có dấu bằng",
                 "bắt buộc", "7 chỗ chưa đúng", "device (", "KHIEN-CLI-009"):  # fmt: skip
        assert part in said.err
    english = khien("--lang=en", "register", "add", "disposal", "--unit", "x", *words)
    assert "Field “kind” is given twice" in english.err
    assert (Row.objects.count(), recorded()) == (0, [])


def test_the_same_thing_twice_is_refused(khien: Callable) -> None:
    assert khien("register", "add", "domain", "--unit", "x", "domain_name=x.gov.vn").status == 0
    said = khien("register", "add", "domain", "--unit", "x", "domain_name=X.gov.vn")
    assert (said.status, said.out) == (2, "")
    assert "KHIEN-REG-005" in said.err
    assert Row.objects.count() == 1


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".CSV"])
def test_an_export_comes_back_unchanged_and_is_not_overwritten(
    suffix: str, khien: Callable, tmp_path: Path
) -> None:
    file = tmp_path / f"sổ{suffix}"
    empty = khien("register", "export", "domain", "--unit", "x", "--output", file)
    assert (empty.status, empty.out) == (0, f"{file}\n")
    assert "tệp mẫu" in empty.err
    khien("register", "add", "domain", "--unit", "x", "domain_name=x.gov.vn")
    before = file.read_bytes()
    refused = khien("register", "export", "domain", "--unit", "x", "--output", file)
    assert (refused.status, refused.out, file.read_bytes()) == (2, "", before)
    assert "--force" in refused.err
    assert "1 dòng" in khien("register", "export", "domain", "--unit", "x", "--output", file, "--force").err  # fmt: skip
    assert "Thêm 0, sửa 0, giữ nguyên 1 dòng" in khien("register", "import", "domain", file, "--unit", "x").out  # fmt: skip
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize("place", ["none/a.csv", "a file/a.csv", "a.pdf", "folder.csv"])
def test_a_place_that_cannot_be_written_is_refused(
    place: str, khien: Callable, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    (tmp_path / "folder.csv").mkdir()
    words = ("export", "domain", "--unit", "x", "--output", tmp_path / place, "--force")
    said = khien("register", *words)
    assert (said.status, said.out) == (2, "")
    assert str(tmp_path / place) in said.err
    assert not list(tmp_path.glob("*.part"))


def test_an_import_is_previewed_then_confirmed_by_its_digest(
    khien: Callable, tmp_path: Path
) -> None:
    khien("register", "add", "domain", "--unit", "x", "domain_name=x.gov.vn")
    file = csv_file(tmp_path, "Tên miền;Ngày đăng ký;Màu", "x.gov.vn;05/03/2026;", "y.gov.vn;;đỏ")
    before = recorded()
    seen = khien("register", "import", "domain", file, "--unit", "x")
    assert seen.status == 0
    assert "Thêm 1, sửa 1, giữ nguyên 0 dòng; 0 ô chưa đúng." in seen.out
    assert "bỏ qua: Màu" in seen.err
    assert (Row.objects.count(), recorded()) == (1, before)
    wrong = khien("register", "import", "domain", file, "--unit", "x", "--confirm", "0" * 64)
    assert (wrong.status, wrong.out, recorded()) == (2, "", before)
    assert "KHIEN-REG-014" in wrong.err
    words = ("import", "domain", file, "--unit", "x", "--confirm", digest_in(seen.out))
    done = khien("register", *words)
    assert (done.status, done.out) == (0, "")
    assert "thêm 1, sửa 1" in done.err
    assert "khien assess --unit x" in done.err
    assert (Row.objects.count(), recorded()[-1], waiting()) == (2, "registers.rows_imported", 0)
    # What was confirmed is done; the same digest tells so and does not do it again.
    again = khien("register", *words)
    assert (again.status, "thêm 1, sửa 1" in again.err) == (0, True)
    assert (Row.objects.count(), recorded().count("registers.rows_imported")) == (2, 1)


@pytest.mark.parametrize("more", [(), ("--confirm", "0" * 64)])
def test_each_bad_cell_is_told_and_nothing_is_imported(
    more: tuple[str, ...], khien: Callable, tmp_path: Path
) -> None:
    file = csv_file(tmp_path, "Tên miền;Ngày đăng ký", "x.gov.vn;31/02/2026", ";05/03/2026")
    said = khien("register", "import", "domain", file, "--unit", "x", *more)
    assert said.status == 2
    assert "B2: «Ngày đăng ký»: không có ngày «31/02/2026»" in said.out
    assert "A3: «Tên miền»: trường này bắt buộc" in said.out
    assert re.search("[0-9a-f]{64}", said.out) is None
    assert "KHIEN-REG-013" in said.err
    assert (Row.objects.count(), recorded()) == (0, [])


def test_a_file_that_is_no_table_is_named(khien: Callable, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(FILE_SIZE_MAX + 2)
    for file in (tmp_path / "none.xlsx", tmp_path, csv_file(tmp_path, "một;hai"), large):
        said = khien("register", "import", "domain", file, "--unit", "x")
        assert (said.status, said.out) == (2, "")
        assert said.err.count(str(file)) >= 2


def test_a_register_is_confirmed_as_of_a_day(khien: Callable) -> None:
    words = (
        "confirm",
        "domain",
        "--unit",
        "x",
        "--on",
        "2026-06-30",
        "--note",
        "Không có tên miền",
    )
    said = khien("register", *words)
    assert (said.status, said.out) == (0, "")
    assert "đầy đủ đến ngày 30/06/2026 (0 dòng)" in said.err
    stated = Confirmation.objects.get()
    assert (stated.row_count, stated.note) == (0, "Không có tên miền")
    assert (recorded(), waiting()) == (["registers.register_confirmed"], 0)
    assert khien("register", "confirm", "domain", "--unit", "x").status == 0
    late = khien("register", "confirm", "domain", "--unit", "x", "--on", "31/12/9999")
    assert late.status == 2
    assert Confirmation.objects.count() == 2


@pytest.mark.parametrize("action", ["show", "add", "export", "import", "confirm"])
def test_an_unknown_register_or_unit_is_refused(
    action: str, khien: Callable, tmp_path: Path
) -> None:
    more = {"add": ["a=b"], "import": ["a.csv"], "export": ["--output", tmp_path / "a.csv"]}
    for register, code, said in (("nonsense", "x", "sổ «nonsense»"), ("domain", "z", "đơn vị «z»")):
        refused = khien("register", action, register, "--unit", code, *more.get(action, []))
        assert (refused.status, refused.out) == (2, "")
        assert said in refused.err


@pytest.mark.parametrize("action", ["list", "show", "add", "export", "import", "confirm"])
def test_help_speaks_the_language_asked_for(action: str, khien: Callable) -> None:
    vi = khien("register", action, "--help")
    en = khien("--lang", "en", "register", action, "--help")
    assert (vi.status, en.status, vi.err, en.err) == (0, 0, "", "")
    assert vi.out.startswith("cách dùng: khien register")
    assert (
        re.search(r"\b(show|the|register's|with|overwrite)\b", vi.out.partition("\n\n")[2]) is None
    )
    assert re.search(r"[ăâđêôơưạảấầậắằ]", en.out) is None
