"""khien norms import and texts: a file brought in for a unit, in words and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commune_texts import COMMUNE, commune_docx

from khien.adoption.models import ImportedText
from khien.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def unit(tmp_path: Path, settings: Any, khien: Callable[..., Any]) -> None:
    settings.KHIEN_DATA = tmp_path / "data"
    assert khien("unit", "add", "xa", "Xã Bình Mẫu", "--place", "Mẫu", "--kind", "ward").status == 0


def test_a_file_is_brought_in_and_what_was_found_is_told(khien: Callable[..., Any]) -> None:
    done = khien("norms", "import", COMMUNE, "--unit", "xa")
    assert done.status == 0, done.err
    assert "xa-binh-mau-17-2026" in done.out
    assert "14/09/2026" in done.out
    assert "đã hết hiệu lực từ 01/07/2026" in done.out
    assert "/van-ban/nhap/xa-binh-mau-17-2026/" in done.err
    assert not LedgerEntry.objects.filter(published_at__isnull=True).exists()


def test_what_was_found_comes_as_json_and_is_listed(
    khien: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "quy-che.docx"
    file.write_bytes(commune_docx())
    told = khien("norms", "import", file, "--unit", "xa", "--code", "quy-che-xa", "--json").json
    assert (told["code"], told["state"]) == ("quy-che-xa", "reviewing")
    assert told["head"]["number"] == "17/2026/QĐ-UBND"
    assert told["counts"]["khoan"] == 60
    assert {one["code"] for one in told["problems"]} == {"replaced-unknown", "recital-ended"}
    assert {"vi", "en", "line", "code"} <= set(told["anomalies"][0])
    listed = khien("norms", "texts", "--json").json
    assert [one["code"] for one in listed] == ["quy-che-xa"]
    assert "đang rà soát" in khien("norms", "texts", "--unit", "xa").out


def test_the_same_text_twice_is_refused_unless_it_is_meant(khien: Callable[..., Any]) -> None:
    assert khien("norms", "import", COMMUNE, "--unit", "xa").status == 0
    again = khien("norms", "import", COMMUNE, "--unit", "xa")
    assert again.status == 2
    assert "xa-binh-mau-17-2026" in again.err
    assert khien("norms", "import", COMMUNE, "--unit", "xa", "--again").status == 0
    assert ImportedText.objects.count() == 2


def test_what_cannot_be_read_is_refused_and_nothing_stays(
    khien: Callable[..., Any], tmp_path: Path
) -> None:
    letter = tmp_path / "thu.txt"
    letter.write_text("Kính gửi các bạn.\n", encoding="utf-8")
    for file in (tmp_path, tmp_path / "khong-co.docx", letter):
        done = khien("norms", "import", file, "--unit", "xa")
        assert done.status == 2, file
        assert done.err
    assert khien("norms", "import", COMMUNE, "--unit", "khong-co").status == 2
    assert not ImportedText.objects.exists()
