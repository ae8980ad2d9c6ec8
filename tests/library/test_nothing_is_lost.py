"""All duties, controls and clauses of the inventory are in the library, none lost, none invented."""

from __future__ import annotations

import csv
from pathlib import Path

from khien.norms.library import load_library

# Rows of the inventory that the library states otherwise, each with the reason.
CHANGED: dict[str, str] = {}


def rows(spec: Path, name: str) -> list[dict[str, str]]:
    with (spec / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_every_duty_is_there_with_its_control_clause_and_mode(spec: Path) -> None:
    library = load_library()
    found = {
        duty.id: (
            d.id,
            clause.path,
            duty.item,
            duty.control,
            duty.modality,
            duty.evidence,
            duty.side,
            duty.frequency,
        )
        for d in library.regulations.values()
        for clause, duty in d.duties()
    }
    wanted = {
        r["duty_id"]: (
            r["doc"],
            r["path"],
            int(r["item"]),
            r["control_id"],
            r["modality"],
            r["evidence_mode"],
            r["side"],
            r["frequency"],
        )  # fmt: skip
        for r in rows(spec, "duties.csv")
        if r["duty_id"] not in CHANGED
    }
    assert len(wanted) + len(CHANGED) == 665
    assert found == wanted


# Values that the inventory holds in words (its deadline or text), and statements need as values.
ADDED = {
    "bn-ii-2-p1-overall-review": {"due"},
    "bn-ii-1-p1-brief-by-may": {"due"},
    "bd-d9-k2-import-rules": {"papers"},
    "bd-d7-k1-a-net-standards": {"asks"},
    "bp-d7-k5-use-state-network": {"asks"},
    "ds-d10-k1-uniform-design": {"asks"},
    "ds-d10-k1-identify-all-users": {"asks"},
}


def test_every_parameter_of_a_duty_is_there(spec: Path) -> None:
    library = load_library()
    found = {
        duty.id: set(duty.parameters)
        for d in library.regulations.values()
        for _, duty in d.duties()
    }
    for row in rows(spec, "duties.csv"):
        names = {
            pair.partition("=")[0].strip() for pair in row["parameters"].split(";") if pair.strip()
        }
        assert found[row["duty_id"]] == names | ADDED.get(row["duty_id"], set()), row["duty_id"]


def test_every_control_is_there_with_its_theme_and_titles(spec: Path) -> None:
    library = load_library()
    demanded = {duty.control for d in library.regulations.values() for _, duty in d.duties()}
    found = {
        c.id: (c.theme, c.title.vi, c.title.en, c.evidence, c.subject)
        for c in library.controls.values()
        if c.id in demanded
    }
    wanted = {
        r["control_id"]: (
            r["theme"],
            r["title_vi"],
            r["title_en"],
            r["best_evidence_mode"],
            r["subject_kind"],
        )
        for r in rows(spec, "controls.csv")
    }
    assert len(wanted) == 169
    assert found == wanted


def test_every_clause_is_there_and_says_why_if_it_has_no_duty(spec: Path) -> None:
    library = load_library()
    for row in rows(spec, "coverage.csv"):
        clause = library.documents[row["doc"]].clauses[row["path"]]
        assert clause.kind == row["kind"]
        assert len(clause.duties) == int(row["duty_rows"]), clause.anchor
        assert (clause.none is not None) == (row["duty_rows"] == "0"), clause.anchor
    total = sum(len(d.clauses) for d in library.regulations.values())
    assert total == len(rows(spec, "coverage.csv"))
