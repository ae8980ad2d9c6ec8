"""khien norms review: how far a text's review is, and its sure suggestions confirmed in one go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import own_text
import pytest

from khien.adoption.models import ClauseReview
from khien.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db(transaction=True)
CODE = own_text.CODE


@pytest.fixture(autouse=True)
def brought_in(tmp_path: Path, settings: Any, khien: Callable[..., Any]) -> None:
    settings.KHIEN_DATA = tmp_path / "data"
    assert khien("unit", "add", "xa", "Xã Mẫu", "--place", "Mẫu", "--kind", "ward").status == 0
    file = tmp_path / "quy-che.txt"
    file.write_text(own_text.SOURCE, encoding="utf-8")
    done = khien("norms", "import", file, "--unit", "xa", "--code", CODE)
    assert done.status == 0, done.err


def test_progress_is_told_in_words_and_as_json(khien: Callable[..., Any]) -> None:
    told = khien("norms", "review", CODE)
    assert "0/" in told.out
    assert "Chương II" in told.out
    assert "đã quyết định 0/" in told.err
    asked = khien("norms", "review", CODE, "--json").json
    assert asked["decided"] == 0
    assert asked["total"] == asked["sure"] + asked["doubtful"] > 5
    assert [one["path"] for one in asked["chapters"]] == ["phan-0", "C.I", "C.II", "C.III"]


def test_a_sweep_confirms_what_is_sure_and_leaves_the_rest(khien: Callable[..., Any]) -> None:
    before = khien("norms", "review", CODE, "--json").json
    swept = khien("norms", "review", CODE, "--sweep", "--json")
    assert swept.status == 0, swept.err
    assert swept.json["decided"] == before["sure"] > 0
    assert (swept.json["sure"], swept.json["doubtful"]) == (0, before["doubtful"])
    assert set(ClauseReview.objects.values_list("how", "decided_by")) == {("sweep", "khien norms")}
    assert not LedgerEntry.objects.filter(published_at__isnull=True).exists()
    again = khien("norms", "review", CODE, "--sweep")
    assert "Đã xác nhận 0 gợi ý" in again.err


def test_a_sweep_of_one_chapter_leaves_the_others(khien: Callable[..., Any]) -> None:
    khien("norms", "review", CODE, "--sweep", "--chapter", "C.II")
    paths = ClauseReview.objects.values_list("path", flat=True)
    assert paths
    assert {path.partition(".")[0] for path in paths} <= {"D2", "D3"}


def test_what_is_not_there_is_refused_in_both_languages(khien: Callable[..., Any]) -> None:
    for words, said in (
        (("khong-co",), "KHIEN-ADO-101"),
        ((CODE, "--sweep", "--chapter", "C.XX"), "KHIEN-ADO-301"),
        ((CODE, "--sweep", "--user", "ai-do"), "KHIEN-CLI-030"),
    ):
        refused = khien("norms", "review", *words)
        assert refused.status != 0
        assert said in refused.err
        assert "There is no" in refused.err or "has no clause" in refused.err
    assert not ClauseReview.objects.exists()
