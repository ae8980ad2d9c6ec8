"""Rows: every change leaves a version and a record; nobody's words are lost; numbers are never given twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from registers_cast import AN, BINH, NOW, Cast

from khien.ledger.models import LedgerEntry
from khien.org.models import Unit
from khien.registers.declarations import Register
from khien.registers.errors import (
    ConfirmationRefused,
    ConflictingEdit,
    DuplicateKey,
    InvalidRow,
    RowIsRetired,
    UnknownRow,
)
from khien.registers.models import Row, RowVersion
from khien.registers.selectors import (
    Filter,
    RowQuery,
    confirmations,
    confirmations_of,
    counts,
    history_of,
    page_of,
    row_at,
    rows_of,
    values_at,
)
from khien.registers.services import (
    Act,
    add_row,
    bulk_change,
    change_row,
    confirm_complete,
    restore_row,
    retire_row,
)
from khien.registers.values import missing_wanted, read_row, values_digest

MAC = "00:1a:2b:3c:4d:5e"


def last_entry() -> dict[str, object]:
    entry = LedgerEntry.objects.order_by("-index").first()
    assert entry is not None
    return {"kind": entry.kind, "subject": entry.subject, "line": bytes(entry.line).decode()}


def test_a_new_row_has_a_number_a_version_and_a_record(cast: Cast) -> None:
    row = cast.add(label="Máy in A", mac=MAC, kind="máy in phun")
    assert (row.number, row.version, row.name, row.name_key) == (1, 1, "Máy in A", "may in a")
    assert row.values == {"label": "Máy in A", "mac": MAC, "kind": "ink"}
    assert "may in phun" in row.search_key
    entry = last_entry()
    assert (entry["kind"], entry["subject"]) == ("registers.row_added", "mau/printer/1")


def test_the_record_tells_nothing_of_the_values_but_proves_them(cast: Cast) -> None:
    cast.add("person", full_name="Trần Thị Bí Mật")
    line = str(last_entry()["line"])
    version = RowVersion.objects.get()
    assert "Bí Mật" not in line
    assert values_digest(version.salt, version.values) in line
    assert values_digest(version.salt, {"full_name": "Người khác"}) not in line


def test_a_draft_with_problems_is_not_saved(cast: Cast) -> None:
    with pytest.raises(InvalidRow) as caught:
        cast.add(mac="x")
    assert [problem.field for problem in caught.value.problems] == ["label", "mac"]
    assert "Tên máy in" in str(caught.value)
    assert Row.objects.count() == LedgerEntry.objects.count() == 0


def test_a_form_sent_twice_makes_one_row(cast: Cast) -> None:
    draft = cast.draft("person", full_name="An")
    first = add_row(draft, unit=cast.ward, act=AN, submission="token-1")
    assert add_row(draft, unit=cast.ward, act=AN, submission="token-1").pk == first.pk
    assert Row.objects.count() == LedgerEntry.objects.count() == 1


def test_two_rows_cannot_be_the_same_thing(cast: Cast) -> None:
    cast.add(label="A", mac=MAC)
    with pytest.raises(DuplicateKey, match="dòng 1 \\(A\\) trùng Địa chỉ MAC"):
        cast.add(label="B", mac=MAC.upper())
    cast.add(label="B", mac=MAC, unit=cast.station)
    cast.add(label="C")
    cast.add(label="C")
    other = cast.add(label="D", mac="00:1a:2b:3c:4d:5f")
    with pytest.raises(DuplicateKey):
        change_row(other, cast.draft(label="D", mac=MAC), expected_version=1, act=AN)


def test_numbers_run_on_and_are_never_given_again(cast: Cast) -> None:
    first, second = cast.add(label="A"), cast.add(label="B")
    retire_row(second, act=AN)
    assert (first.number, second.number, cast.add(label="C").number) == (1, 2, 3)
    assert cast.add(label="A", unit=cast.station).number == 1


def test_two_persons_at_one_row_both_keep_what_they_wrote(cast: Cast) -> None:
    row = cast.add(label="Máy A", pages=1)
    change_row(row, cast.draft(label="Máy A", pages=2), expected_version=1, act=BINH)
    with pytest.raises(ConflictingEdit) as caught:
        change_row(
            row, cast.draft(label="Máy B", pages=3, note="của An"), expected_version=1, act=AN
        )
    conflict = caught.value
    assert "binh đã sửa dòng 1" in str(conflict)
    assert (conflict.base["pages"], conflict.theirs["pages"], conflict.mine["pages"]) == (1, 2, 3)
    assert conflict.mine["note"] == "của An"
    assert {f.field: f.is_contested for f in conflict.fields} == {"label": False, "pages": True, "note": False}  # fmt: skip
    again = change_row(row, cast.draft(**dict(conflict.mine)), expected_version=conflict.current_version, act=AN)  # fmt: skip
    assert (again.version, again.values["pages"]) == (3, 3)


def test_saving_what_stands_there_already_is_no_change(cast: Cast) -> None:
    row = cast.add(label="A")
    changed = change_row(row, cast.draft(label="B"), expected_version=1, act=AN)
    twice = change_row(row, cast.draft(label="B"), expected_version=1, act=AN)
    assert changed.version == twice.version == 2
    assert LedgerEntry.objects.count() == 2


def test_the_history_of_a_row_is_complete(cast: Cast) -> None:
    row = cast.add(label="A", pages=1)
    row = change_row(row, cast.draft(label="B", kind="ink"), expected_version=1, act=BINH)
    row = retire_row(row, act=AN)
    row = restore_row(row, act=BINH)
    history = history_of(row)
    assert [(c.version, c.what, c.by) for c in history] == [(4, "restored", "binh"), (3, "retired", "an"), (2, "changed", "binh"), (1, "added", "an")]  # fmt: skip
    assert {f.field: (f.before, f.after) for f in history[2].fields} == {"label": ("A", "B"), "pages": (1, None), "kind": (None, "ink")}  # fmt: skip
    assert history[0].fields == history[1].fields == ()
    assert sorted(c.ledger_index for c in history) == list(range(4))
    assert row.version == 4


def test_the_register_can_be_read_as_it_was(cast: Cast) -> None:
    row = cast.add(label="A")
    later = Act("an", NOW + timedelta(days=1))
    change_row(row, cast.draft(label="B"), expected_version=1, act=later)
    retire_row(row, act=Act("an", NOW + timedelta(days=2)))
    assert values_at(row, NOW - timedelta(seconds=1)) is None
    assert values_at(row, NOW) == {"label": "A"}
    assert values_at(row, NOW + timedelta(days=1, hours=1)) == {"label": "B"}
    assert values_at(row, NOW + timedelta(days=3)) is None


def test_what_was_taken_out_can_be_put_back_unless_its_place_is_taken(cast: Cast) -> None:
    row = retire_row(cast.add(label="A", mac=MAC), act=AN)
    assert retire_row(row, act=AN).version == row.version == 2
    with pytest.raises(RowIsRetired):
        change_row(row, cast.draft(label="X"), expected_version=2, act=AN)
    other = cast.add(label="B", mac=MAC)
    with pytest.raises(DuplicateKey):
        restore_row(row, act=AN)
    retire_row(other, act=AN)
    assert restore_row(row, act=AN).is_retired is False


def test_many_rows_change_together_or_not_at_all(cast: Cast) -> None:
    rows = [cast.add(label=f"Máy {n}", pages=n) for n in range(3)]
    count = bulk_change(rows, {"kind": "laser"}, references=cast.references, act=BINH)
    assert count == 3
    assert {row.values["kind"] for row in Row.objects.all()} == {"laser"}
    assert {row.version for row in Row.objects.all()} == {2}
    assert last_entry()["kind"] == "registers.rows_changed"
    assert RowVersion.objects.filter(version=2, what="changed").count() == 3
    with pytest.raises(ConflictingEdit):
        bulk_change(rows, {"kind": "ink"}, references=cast.references, act=AN)
    fresh = list(Row.objects.all())
    with pytest.raises(InvalidRow, match="Dòng 1: «Tên máy in»"):
        bulk_change(fresh, {"label": ""}, references=cast.references, act=AN)
    assert {row.values["kind"] for row in Row.objects.all()} == {"laser"}


def test_a_bulk_change_cannot_make_rows_the_same_thing(cast: Cast) -> None:
    rows = [cast.add(label="A", mac=MAC), cast.add(label="B", mac="00:1a:2b:3c:4d:5f")]
    with pytest.raises(DuplicateKey):
        bulk_change(rows, {"mac": "00:1a:2b:3c:4d:60"}, references=cast.references, act=AN)
    assert Row.objects.get(number=1).values["mac"] == MAC


def test_rows_of_other_units_cannot_be_seen(cast: Cast, printer: Register) -> None:
    cast.add(label="A")
    cast.add(label="Lạ", unit=cast.strange)
    mine = [cast.ward, cast.station]
    assert [row.name for row in rows_of(mine, printer)] == ["A"]
    assert row_at(mine, printer, unit="mau", number=1).name == "A"
    with pytest.raises(UnknownRow) as stranger:
        row_at(mine, printer, unit="la", number=1)
    with pytest.raises(UnknownRow) as nobody:
        row_at(mine, printer, unit="la", number=9)
    assert str(stranger.value).replace("1", "9") == str(nobody.value)
    assert (cast.strange.pk, "printer") not in counts(mine)
    assert rows_of(Unit.objects.none(), printer).count() == 0


def test_a_reference_reaches_only_what_can_be_seen(cast: Cast) -> None:
    cast.add("office", label="Phòng 1", unit=cast.strange)
    assert "không tìm thấy" in cast.draft(label="A", room="Phòng 1").problems[0].text.vi
    hidden = Row.objects.get()
    assert "không tìm thấy" in cast.draft(label="A", room=hidden.pk).problems[0].text.vi
    assert cast.draft(label="A", owner_unit="la").problems
    assert cast.draft(label="A", owner_unit="phuong TRAM").values["owner_unit"] == cast.station.pk


def test_a_reference_is_found_by_name_or_number_own_unit_first(cast: Cast) -> None:
    away = cast.add("office", label="Phòng Một cửa", unit=cast.station)
    assert cast.draft(label="A", room="phong mot cua").values["room"] == away.pk
    here = cast.add("office", label="Phòng Một cửa")
    for said in ("Phòng một cửa", "#1", "1", "#1 Phòng Một cửa", here.pk):
        assert cast.draft(label="A", room=said).values["room"] == here.pk
    cast.add("person", full_name="Nguyễn An")
    cast.add("person", full_name="Nguyễn An")
    assert (
        "#1 Nguyễn An; #2 Nguyễn An"
        in cast.draft(label="A", holder="Nguyễn An").problems[0].text.vi
    )
    row = cast.add(label="A", room="#1")
    assert "phong mot cua" in row.search_key


def test_lists_are_searched_filtered_ordered_and_paged(cast: Cast, printer: Register) -> None:
    cast.add(label="Đèn chiếu", kind="ink", pages=3, bought_on="05/03/2026", uses="letters")
    cast.add(label="Anh đào", kind="laser", pages=20, bought_on="01/01/2026", is_shared="có")
    cast.add(label="Cam sành", pages=100, uses="maps;letters")
    retire_row(cast.add(label="Bưởi"), act=AN)

    def names(**query: object) -> list[str]:
        return [row.name for row in rows_of([cast.ward], printer, RowQuery(**query))]  # type: ignore[arg-type]

    assert names() == ["Anh đào", "Cam sành", "Đèn chiếu"]
    assert names(order="-number") == ["Cam sành", "Anh đào", "Đèn chiếu"]
    assert names(order="pages") == ["Đèn chiếu", "Anh đào", "Cam sành"]
    assert names(search="den CHIEU") == names(search="phun") == ["Đèn chiếu"]
    assert names(state="retired") == ["Bưởi"]
    assert names(filters=[Filter("kind", "is", "laser")]) == ["Anh đào"]
    assert names(filters=[Filter("is_shared", "is", True)]) == ["Anh đào"]
    assert names(filters=[Filter("pages", "from", 20)]) == ["Anh đào", "Cam sành"]
    assert names(filters=[Filter("bought_on", "from", "2026-02-01")]) == ["Đèn chiếu"]
    assert names(filters=[Filter("bought_on", "to", "2026-02-01")]) == ["Anh đào"]
    assert names(filters=[Filter("bought_on", "empty")]) == ["Cam sành"]
    assert names(filters=[Filter("uses", "has", "letters")]) == ["Cam sành", "Đèn chiếu"]
    assert names(filters=[Filter("nothing", "is", 1)]) == names()
    page = page_of(rows_of([cast.ward], printer), 99, size=2)
    assert (page.number, page.page_count, page.row_count) == (2, 2, 3)
    assert [row.name for row in page.rows] == ["Đèn chiếu"]


def test_a_register_is_confirmed_complete_as_of_a_day(cast: Cast, printer: Register) -> None:
    cast.add(label="A")
    given = confirm_complete(
        cast.ward, printer, confirmed_on=date(2026, 6, 1), act=AN, note="đã đi xem"
    )
    assert (given.row_count, given.by) == (1, "an")
    confirm_complete(cast.ward, printer, confirmed_on=date(2026, 6, 30), act=BINH)
    newest = confirmations([cast.ward])[cast.ward.pk, "printer"]
    assert newest.confirmed_on == date(2026, 6, 30)
    assert confirmations([cast.ward], on=date(2026, 6, 2))[cast.ward.pk, "printer"].by == "an"
    assert confirmations([cast.strange]) == {}
    assert confirmations_of(cast.ward, printer).count() == 2
    with pytest.raises(ConfirmationRefused):
        confirm_complete(cast.ward, printer, confirmed_on=date(2026, 7, 1), act=AN)


def test_counts_and_missing_fields_are_told(cast: Cast, printer: Register) -> None:
    row = cast.add(label="A")
    found = counts([cast.ward, cast.station])
    assert found[cast.ward.pk, "printer"].row_count == 1
    assert [field.code for field in missing_wanted(printer, row.values)] == ["kind"]
    draft = read_row(printer, {"kind": "ink"}, cast.references, base=row.values)
    assert missing_wanted(printer, draft.values) == ()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_record_has_its_sentence(cast: Cast, printer: Register, language: str) -> None:
    import json

    from khien.ledger.events import say

    row = cast.add(label="A")
    row = change_row(row, cast.draft(label="B"), expected_version=1, act=AN)
    restore_row(retire_row(row, act=AN), act=AN)
    bulk_change(list(Row.objects.all()), {"pages": 1}, references=cast.references, act=AN)
    confirm_complete(cast.ward, printer, confirmed_on=date(2026, 6, 1), act=AN)
    title = {"vi": "Sổ máy in", "en": "Printers"}[language]
    entries = LedgerEntry.objects.order_by("index")
    assert entries.count() == 6
    for entry in entries:
        body = json.loads(bytes(entry.line))["body"]
        said = say(entry.kind, entry.subject, body)
        assert title in (said.vi if language == "vi" else said.en)
