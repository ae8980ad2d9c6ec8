"""What --json prints is JSON with the promised keys, and nothing else on stdout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import normalise_samples as samples
import pytest

from khien.checks.services import assess
from khien.facts.services import take_in
from khien.kernel.clock import now_utc
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit

pytestmark = pytest.mark.django_db

TEXT = """\
ỦY BAN NHÂN DÂN
PHƯỜNG MẪU
Số: 12/QĐ-UBND
Mẫu, ngày 05 tháng 3 năm 2026
QUYẾT ĐỊNH
Ban hành Quy chế mẫu
Điều 1. Phạm vi
1. Áp dụng trong phường.
a) Với máy trạm;
b) Với máy chủ.
Điều 2. Hiệu lực
Quyết định có hiệu lực từ ngày ký.
"""


@pytest.fixture
def unit() -> Unit:
    now = now_utc()
    made = register_unit("x", name_vi="Đơn vị X", name_en="X", kind="ward", place="X", now=now)
    bind_document(made, "do-son", library=load_library(), bound_from=date(2025, 10, 1), now=now)
    stamp = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    bundle = samples.bundle() | {"started_at": stamp, "finished_at": stamp}
    take_in(bundle, unit=made, now=now, actor="test", channel="test")
    assess([made], library=load_library(), now=now)
    return made


def test_a_parsed_text_has_the_promised_shape(khien: Callable, tmp_path: Path) -> None:
    file = tmp_path / "quyết định.txt"
    file.write_text(TEXT, encoding="utf-8")
    said = khien("norms", "parse", file, "--json")
    assert (said.status, said.err) == (0, "")
    found = said.json
    assert set(found) >= {"document", "parts", "counts", "nodes", "anomalies"}
    assert set(found["counts"]) >= {
        "chuong",
        "muc",
        "dieu",
        "khoan",
        "diem",
        "buoc",
        "gach",
        "doan",
    }
    assert (found["counts"]["dieu"], found["counts"]["diem"]) == (2, 2)
    (part, *_) = found["parts"]
    assert set(part) >= {"name", "chapters", "articles"}
    assert set(part["articles"][0]) >= {"number", "title", "clauses", "points"}
    node = next(n for n in found["nodes"] if n["path"].endswith("k1.a"))
    assert set(node) >= {"path", "kind", "number", "title", "text", "line_start", "line_end"}
    assert (node["kind"], node["line_start"], node["line_end"]) == ("diem", 9, 9)
    assert all(set(a) >= {"line", "code", "message"} for a in found["anomalies"])
    assert "bất thường" in khien("norms", "parse", file).err


def test_a_rulebook_of_documents_names_winners_and_losers(khien: Callable) -> None:
    said = khien("rulebook", "--documents", "do-son, binh-dinh", "--on", "2026-06-01", "--json")
    assert (said.status, said.err) == (0, "")
    found = said.json
    assert (found["on"], found["documents"]) == ("2026-06-01", ["binh-dinh", "do-son"])
    wifi = next(c for c in found["controls"] if c["id"] == "WIF-03")
    assert set(wifi) >= {"id", "title", "theme", "binding", "decided", "sources", "parameters"}
    parameter = wifi["parameters"]["wifi_rotate_months"]
    assert (parameter["value"], parameter["unit"]) == (3, "month")
    assert [(w["document"], w["path"]) for w in parameter["winners"]] == [("do-son", "D10.k3")]
    assert [(x["value"], x["path"]) for x in parameter["losers"]] == [(6, "D7.k2.b")]
    assert "← do-son/D10.k3" in khien("rulebook", "--documents", "do-son,binh-dinh").out


def test_a_rulebook_of_a_unit_follows_its_documents(khien: Callable, unit: Unit) -> None:
    assert khien("rulebook", "--unit", "x", "--json").json["documents"] == ["do-son"]
    before = khien("rulebook", "--unit", "x", "--on", "30/09/2025")
    assert (before.status, before.out) == (2, "")
    assert "30/09/2025" in before.err


def test_a_difference_names_directions(khien: Callable) -> None:
    found = khien("norms", "diff", "binh-dinh", "do-son", "--json").json
    assert {change["kind"] for change in found} <= {"added", "dropped", "changed", "same"}
    assert set(found[0]) == {"control", "kind", "old_clauses", "new_clauses", "parameters"}
    wifi = next(change for change in found if change["control"] == "WIF-03")
    assert [p["direction"] for p in wifi["parameters"] if p["name"] == "wifi_rotate_months"] == [
        "tightened"
    ]


def test_coverage_counts_every_duty_and_control(khien: Callable) -> None:
    found = khien("library", "coverage", "--json").json
    whole = found["duties"]["all"]
    assert (whole["total"], found["controls"]["all"]["total"]) == (665, 169)
    for row in (*found["duties"].values(), *found["controls"].values()):
        assert row["total"] == sum(count for way, count in row.items() if way != "total")
    assert sum(row["total"] for name, row in found["duties"].items() if name != "all") == 665


def test_units_are_listed_with_their_documents(khien: Callable, unit: Unit) -> None:
    (row,) = khien("unit", "list", "--json").json
    assert row == {
        "code": "x",
        "name": "Đơn vị X",
        "kind": "ward",
        "parent": None,
        "ended_on": None,
        "documents": ["do-son"],
    }
    assert khien("unit", "add", "y", "Đơn vị Y", "--place", "Y", "--parent", "x").status == 0
    assert khien("unit", "bind", "y", "hue", "--from", "01/01/2026").status == 0
    rows = {row["code"]: row for row in khien("unit", "list", "--json").json}
    assert (rows["y"]["parent"], rows["y"]["documents"]) == ("x", ["hue"])


def test_the_state_gives_every_binding_control_its_verdict(khien: Callable, unit: Unit) -> None:
    (found,) = khien("state", "--unit", "x", "--json").json
    assert set(found) == {"unit", "on", "totals", "controls"}
    assert sum(found["totals"].values()) == len(found["controls"]) > 80
    shown = found["controls"][0]
    assert set(shown) == {"id", "verdict", "known", "counts", "clauses", "findings"}
    assert set(shown["findings"][0]["sentence"]) == {"vi", "en"}
    (only,) = khien("state", "--verdict", "unknown", "--json").json
    assert {c["verdict"] for c in only["controls"]} == {"unknown"}
    assert only["totals"] == found["totals"]


@pytest.mark.parametrize("day", ["01/11/2025", "31/12/9999"])
def test_the_state_can_be_asked_for_any_day(khien: Callable, unit: Unit, day: str) -> None:
    said = khien("state", "--unit", "x", "--on", day, "--json")
    assert said.status == 0
    (found,) = said.json
    assert found["on"] == datetime.strptime(day, "%d/%m/%Y").replace(tzinfo=UTC).date().isoformat()


def test_a_unit_without_documents_does_not_hide_the_others(khien: Callable, unit: Unit) -> None:
    khien("unit", "add", "a", "Đơn vị A", "--place", "A")
    said = khien("state", "--json")
    assert [row["unit"] for row in said.json] == ["x"]
    assert "khien unit bind a" in said.err
    assert khien("state", "--unit", "a").status == 2


def test_a_link_is_printed_and_what_it_is_for_is_said_beside(khien: Callable, unit: Unit) -> None:
    said = khien("link", "--unit", "x")
    assert said.status == 0
    assert said.out.startswith("http://127.0.0.1:")
    assert len(said.out.splitlines()) == 1
    assert "15 phút" in said.err
