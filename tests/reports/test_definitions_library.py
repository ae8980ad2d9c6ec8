"""The library's reports: one for each that the texts ask for, every such duty closed by exactly one of them."""

from __future__ import annotations

from collections import Counter

from definition_cases import ASKED

from khien.norms.library import load_library
from khien.reports.definition_reading import load_definitions

# What an output is called where somebody has to write a paper.
PAPERS = (
    "report", "notice", "minutes", "letter", "request", "proposal", "acknowledgement", "consent",
)  # fmt: skip
# Papers that are not drafted from registers here, each with who makes them.
MADE_ELSEWHERE = {
    "bn-iii-2-p1-it-lead-review": "whoever reviews: the assessment register holds the report",
    "bp-d18-k12-dept-template": "a frame for others: guidance that the authority writes itself",
    "ds-d7-k7-expert-review": "the expert group that assesses a design",
    "ds-d8-k1-outsourced-contract": "both sides of a contract",
    "ds-d8-k4-security-test-before": "whoever tests the software",
    "ds-d8-k5-security-test-change": "whoever tests the software",
    "ds-d9-k5-acceptance-report": "the workflow of acceptance",
    "ds-d10-k11-disposal-procedure": "the workflow of disposal",
    "ds-d14-k2-vuln-pre-use-l3": "whoever assesses weaknesses",
    "ds-d14-k3-vuln-yearly": "whoever assesses weaknesses",
}


def duties_that_want_a_paper() -> set[str]:
    documents = load_library().documents.values()
    return {
        duty.id
        for document in documents
        for _, duty in document.duties()
        if duty.output is not None and any(word in duty.output.en.lower() for word in PAPERS)
    }


def test_each_of_the_39_reports_has_a_definition() -> None:
    assert len(ASKED) == len(set(ASKED)) == 39
    assert set(ASKED) <= set(load_definitions())


def test_todays_law_is_there_for_the_unit_and_for_the_owner() -> None:
    unit, owner = (
        load_definitions()[code] for code in ("annual_law_2026", "annual_law_2026_owner")
    )
    assert (unit.rhythm.day, unit.rhythm.month) == (15, 12)
    assert unit.due == (12, 19)
    assert owner.due == (12, 24)
    assert {law.mark for law in unit.law} == {"A"}
    columns = next(p for s in unit.sections if s.is_annex for p in s.parts).columns
    assert len(columns) + 1 == 12


def test_every_duty_that_wants_a_paper_has_exactly_one_definition() -> None:
    closed = Counter(duty for one in load_definitions().values() for duty in one.duties)
    assert [duty for duty, count in closed.items() if count > 1] == []
    missing = duties_that_want_a_paper() - set(closed) - set(MADE_ELSEWHERE)
    assert missing == set()


def test_what_is_said_to_be_made_elsewhere_is_asked_for_and_is_not_made_here() -> None:
    closed = {duty for one in load_definitions().values() for duty in one.duties}
    assert set(MADE_ELSEWHERE) <= duties_that_want_a_paper()
    assert closed.isdisjoint(MADE_ELSEWHERE)


def test_a_definition_closes_only_duties_of_the_documents_it_cites() -> None:
    library = load_library()
    home = {duty.id: name for name, one in library.documents.items() for _, duty in one.duties()}
    strays = [
        (code, duty)
        for code, one in load_definitions().items()
        for duty in one.duties
        if home[duty] not in one.documents
    ]
    assert strays == []


def test_a_form_that_the_texts_do_not_hold_is_to_be_checked() -> None:
    forms = ("incident_form_01", "incident_form_02", "incident_appendix_1", "incident_appendix_2")
    for code in (*forms, "half_year_report", "year_report", "attack_report", "attack_final_report"):
        guidance = load_definitions()[code].guidance
        assert guidance is not None
        assert "đối chiếu" in guidance.vi


def test_a_prompt_says_in_one_line_what_to_write() -> None:
    for code, one in load_definitions().items():
        for part in one.texts():
            for words in (part.title.vi, part.title.en):
                assert len(words) <= 120, (code, part.code)
                assert "\n" not in words


def test_papers_that_are_not_signed_by_the_head_say_who_signs() -> None:
    for one in load_definitions().values():
        assert (one.kind == "minutes") == bool(one.parties)
        assert bool(one.minutes_as) == (one.kind == "minutes")
        if one.signer_title:
            assert one.signer == "person"
