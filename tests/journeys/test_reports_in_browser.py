"""A quarterly report in a real browser: the officer drafts, the leader reviews, it is signed, sent and accepted above."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agency import HOSPITAL, LEADER, OFFICER, OVERSEER, Agency

DESK = f"/don-vi/{HOSPITAL}/bao-cao/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def quiet(page: Any) -> list[str]:
    """Return what the page's console will say."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    return said


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_of_the_desk_is_wider_than_the_screen(
    agency: Agency, chromium: Any, width: int
) -> None:
    size = {"width": width, "height": 800}
    page = agency.context(chromium, OFFICER, viewport=size).new_page()
    for address in (DESK, f"{DESK}lap/quarterly_result/", f"/don-vi/{HOSPITAL}/nghia-vu/"):
        page.goto(agency.base + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_quarter_goes_from_the_draft_to_the_department(
    agency: Agency, chromium: Any, tmp_path: Path
) -> None:
    officer = agency.context(chromium, OFFICER).new_page()
    said = quiet(officer)
    officer.goto(agency.base + DESK)
    officer.click("a[href$='/bao-cao/lap/quarterly_result/'] >> nth=0")
    officer.click("main form .button")
    officer.wait_for_selector(".paper")
    place = officer.url
    assert "đang xác minh" in officer.inner_text("main")
    for box in officer.query_selector_all("main textarea[name^=chu-]"):
        box.fill("Đã thực hiện theo kế hoạch.")
    officer.click(".report-boxes .button")
    officer.wait_for_selector(".report-lacks", state="detached")
    assert "Đã thực hiện theo kế hoạch." in officer.inner_text(".paper")
    with officer.expect_download() as down:
        officer.click("a[href$='/tep/pdf/']")
    assert down.value.suggested_filename.endswith(".pdf")
    assert Path(down.value.path()).read_bytes().startswith(b"%PDF-")

    leader = agency.context(chromium, LEADER).new_page()
    leader.goto(place)
    leader.click("form[action$='/buoc/duyet/'] .button")
    leader.wait_for_selector(".way-now:has-text('Duyệt')")

    signed = tmp_path / "da-ky.pdf"
    signed.write_bytes(PDF)
    officer.goto(place)
    officer.fill("#ky-so", "15/BC-BVĐK")
    officer.fill("#ky-nguoi", "Đỗ Thị Hoa")
    officer.set_input_files("#ky-tep", str(signed))
    officer.click("form[action$='/buoc/ky/'] .button")
    officer.wait_for_selector(".way-now:has-text('Ký')")
    assert "Ký tay; bản quét do người nộp" in officer.inner_text("main")
    officer.click("form[action$='/buoc/gui/'] .button")
    officer.wait_for_selector(".way-now:has-text('Gửi')")
    assert said == []

    above = agency.context(chromium, OVERSEER).new_page()
    above.goto(f"{agency.base}/don-vi/so-y-te-mau/bao-cao/nhan/")
    above.click(f"a[href*='/bao-cao/nhan/{HOSPITAL}/'] >> nth=0")
    above.wait_for_selector(".paper")
    above.click("form[action$='/nhan/'] .button")
    above.wait_for_url("**/bao-cao/nhan/")
    officer.goto(place)
    officer.wait_for_selector(".way-now:has-text('Nhận')")
