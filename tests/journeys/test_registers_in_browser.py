"""An officer keeps a register in a real browser: a machine filed, a file of machines imported, nothing lost."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from agency import HOSPITAL, OFFICER, Agency
from openpyxl import Workbook

SO = f"/don-vi/{HOSPITAL}/so/endpoint/"
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 780}}


def mac() -> str:
    return "02:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(5))


def workbook(place: Path, rows: list[list[str]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    header = ["Tên thiết bị", "Chủng loại", "Địa chỉ MAC", "Thiết bị cá nhân", "Ngày kết nối mạng"]
    for row in [header, *rows]:
        sheet.append(row)
    book.save(place)
    return place


@pytest.mark.parametrize("size", SIZES)
def test_the_officer_files_a_machine_and_its_paper(
    agency: Agency, chromium: Any, tmp_path: Path, size: str
) -> None:
    name, context = f"Máy {size} {secrets.token_hex(3)}", agency.context(chromium, OFFICER, viewport=SIZES[size])  # fmt: skip
    page = context.new_page()
    page.goto(agency.base + SO)
    page.click("main .actions a[href$='/them/']")
    page.fill("#o-endpoint_name", name)
    page.fill("#o-mac", "khong phai mac")
    page.click("main form.row-form button.button")
    page.wait_for_selector(".summary")
    assert page.evaluate("document.activeElement.classList.contains('summary')")
    page.click(".summary a[href='#o-mac']")
    assert page.evaluate("document.activeElement.id") == "o-mac"
    assert page.input_value("#o-endpoint_name") == name
    page.fill("#o-mac", mac())
    page.select_option("#o-kind", "laptop")
    page.select_option("#o-is_personal", "không")
    page.click("main form.row-form button.button")
    page.wait_for_selector("#lich-su")
    assert name in page.inner_text("h1")
    paper = tmp_path / "ban-giao.pdf"
    paper.write_bytes(b"%PDF-1.4 ban giao " + secrets.token_bytes(4).hex().encode())
    page.set_input_files("#tep-moi", paper)
    page.click("form:has(#tep-moi) button")
    page.wait_for_selector("text=ban-giao.pdf")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    page.click("form[action$='/dua-ra/'] button")
    page.wait_for_selector("form[action$='/khoi-phuc/'] button")
    page.click("form[action$='/khoi-phuc/'] button")
    page.wait_for_selector("#lich-su")
    context.close()


def test_an_import_with_a_bad_cell_is_corrected_and_confirmed(
    agency: Agency, chromium: Any, tmp_path: Path
) -> None:
    mark, context = secrets.token_hex(3), agency.context(chromium, OFFICER)
    page = context.new_page()
    good = [f"Máy một {mark}", "camera", mac(), "không", "05/03/2025"]
    bad = [f"Máy hai {mark}", "camera", mac(), "không", "31/02/2025"]
    page.goto(f"{agency.base}{SO}nhap/")
    page.set_input_files("#tep", workbook(tmp_path / "sai.xlsx", [good, bad]))
    page.click("main form button.button")
    page.wait_for_selector("#o-sai")
    assert "E3" in page.inner_text("section[aria-labelledby=o-sai]")
    assert page.locator("input[name=ma]").count() == 0
    page.click("main a.button[href$='/nhap/']")
    bad[4] = "28/02/2025"
    page.set_input_files("#tep", workbook(tmp_path / "dung.xlsx", [good, bad]))
    page.click("main form button.button")
    page.wait_for_selector("input[name=ma]", state="attached")
    page.click("form:has(input[name=ma]) button >> nth=0")
    page.wait_for_selector("#bang")
    page.fill("main #tim", f"may hai {mark}")
    page.wait_for_selector("#bang tbody tr:only-child")
    assert f"Máy hai {mark}" in page.inner_text("#bang")
    assert "tim=" in page.url, "what was found can be bookmarked"
    context.close()


def test_words_survive_a_session_that_ended_without_any_script(
    agency: Agency, chromium: Any
) -> None:
    context = agency.context(chromium, OFFICER, java_script_enabled=False)
    page, name = context.new_page(), f"Máy dở {secrets.token_hex(3)}"
    page.goto(f"{agency.base}{SO}them/")
    page.fill("#o-endpoint_name", name)
    kept = context.cookies()
    session = [cookie for cookie in kept if "session" in cookie["name"]]
    context.clear_cookies(name=session[0]["name"])
    page.click("main form.row-form button.button")
    assert "/can-dang-nhap/" in page.url
    context.add_cookies(session)
    page.goto(f"{agency.base}{SO}them/")
    assert page.input_value("#o-endpoint_name") == name
    context.close()


def test_two_officers_windows_meet_and_the_second_chooses_without_any_script(
    agency: Agency, chromium: Any
) -> None:
    context = agency.context(chromium, OFFICER, java_script_enabled=False)
    first, name = context.new_page(), f"Máy chung {secrets.token_hex(3)}"
    first.goto(f"{agency.base}{SO}them/")
    first.fill("#o-endpoint_name", name)
    first.select_option("#o-kind", "kiosk")
    first.select_option("#o-is_personal", "không")
    first.click("main form.row-form button.button")
    address = first.url + "sua/"
    second = context.new_page()
    for page in (first, second):
        page.goto(address)
    for page, words in ((first, "Ki-ốt A"), (second, "Ki-ốt B")):
        page.fill("#o-endpoint_name", f"{name} {words}")
        page.click("main form.row-form button.button")
    second.check("input[value=toi]")
    second.click("main form.row-form button.button")
    assert second.inner_text("h1") == f"{name} Ki-ốt B"
    context.close()
