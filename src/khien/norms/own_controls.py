"""Controls of a unit's own in the library's form: decided by a statement, with its signed paper or without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.norms.library_format import canonical_data
from khien.norms.model import Control, Verdict

THEME: Final = "own"
PREFIX: Final = "OWN-"
EVIDENCE: Final = ("attest", "document")
SEVERITIES: Final = ("low", "medium", "high")
_CODE = re.compile(rf"{PREFIX}(\d{{2,3}})")
_CODES_MAX = 999
_LENGTHS: Mapping[str, int] = {"title": 200, "why": 1000, "fix": 1000, "supply": 1000}
_NAMES: Mapping[str, Text] = {
    "title": Text("tên biện pháp", "title"),
    "why": Text("vì sao cần", "why"),
    "fix": Text("phải làm gì", "what to do"),
    "supply": Text("nộp gì làm bằng chứng", "what to supply"),
}
# The day on which a library's cases are run.
_CASE_DAY = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class OwnControlWords:
    """What a unit says about a control of its own; evidence: attest (a statement) or document (a signed paper)."""

    code: str
    title: str
    why: str
    fix: str
    supply: str
    evidence: str
    severity: str


def next_code(taken: Iterable[str]) -> str:
    """Return the next code nobody has: OWN-01, OWN-02, …

    Raises: ValueError: all codes are taken
    """
    numbers = (int(found[1]) for code in taken if (found := _CODE.fullmatch(code)))
    number = max(numbers, default=0) + 1
    if number > _CODES_MAX:
        raise ValueError("no code is left for an own control")
    return f"{PREFIX}{number:02}"


def checked_words(words: OwnControlWords) -> Text | None:
    """Return what keeps the words from being a control's; None where nothing does."""
    for name, length in _LENGTHS.items():
        said = getattr(words, name).strip()
        what = _NAMES[name]
        if not said:
            return Text(f"thiếu «{what.vi}».", f"«{what.en}» is missing.")
        if len(said) > length:
            return Text(
                f"«{what.vi}» dài quá {length} ký tự.", f"«{what.en}» is longer than {length}."
            )
    if words.evidence not in EVIDENCE:
        return Text("chọn cách chứng minh.", "choose how it is proven.")
    if words.severity not in SEVERITIES:
        return Text("chọn mức độ quan trọng.", "choose how severe it is.")
    return None


def own_control(words: OwnControlWords, folder: Path | None = None) -> Control:
    """Return the control as the library has it, without its check: enough to name it and to feed it."""
    return Control(
        id=words.code,
        theme=THEME,
        subject="unit",
        evidence=words.evidence,
        severity=words.severity,
        title=_both(words.title),
        why=_both(words.why),
        fix=_both(words.fix),
        supply=_both(words.supply),
        parameters={},
        check=None,
        folder=folder or Path("controls", THEME, words.code),
        waits_for=(),
    )


def own_control_files(words: OwnControlWords) -> dict[str, str]:
    """Return the files of a control of the unit's own, by path inside a library folder.

    Raises: ValueError: the code is not one of an own control, or its words cannot stand
    """
    problem = checked_words(words)
    if problem is not None or not _CODE.fullmatch(words.code):
        raise ValueError(
            f"{words.code}: {problem.en if problem else 'not the code of an own control'}"
        )
    folder = f"controls/{THEME}/{words.code}"
    is_paper = words.evidence == "document"
    return {
        f"{folder}/control.yaml": canonical_data(_control(words, is_paper=is_paper)),
        f"{folder}/check.sql": _statement(words.code, is_paper=is_paper),
        f"{folder}/cases.yaml": canonical_data(_cases(words.code, is_paper=is_paper)),
    }


def _statement(code: str, *, is_paper: bool) -> str:
    statement = _PAPER_SQL if is_paper else _STATEMENT_SQL
    return statement.replace("{told}", _TOLD).replace("{code}", code)


def _both(said: str) -> Text:
    # A unit writes its control in its own language; the product does not translate for it.
    line = " ".join(nfc(said).split())
    return Text(line, line)


def _pair(said: str) -> dict[str, str]:
    text = _both(said)
    return {"vi": text.vi, "en": text.en}


def _control(words: OwnControlWords, *, is_paper: bool) -> dict[str, Any]:
    reasons = _PAPER_REASONS if is_paper else _STATEMENT_REASONS
    return {
        "id": words.code,
        "theme": THEME,
        "subject": "unit",
        "evidence": words.evidence,
        "severity": words.severity,
        "title": _pair(words.title),
        "why": _pair(words.why),
        "check": {
            "subject": "unit",
            "decided": "recorded" if is_paper else "stated",
            "evidence": {"reg_statement": None},
            "reasons": {
                code: {"verdict": verdict, "vi": text.vi, "en": text.en}
                for code, (verdict, text) in reasons.items()
            },
        },
        "fix": _pair(words.fix),
        "supply": _pair(words.supply),
    }


_Reasons = Mapping[str, tuple[Verdict, Text]]
_SAID: _Reasons = {
    "said_not_met": (
        "fail",
        Text("Khai ngày {stated_on}: chưa thực hiện.", "Stated on {stated_on}: not done."),
    ),
    "said_partly": (
        "unknown",
        Text(
            "Khai ngày {stated_on}: mới thực hiện một phần.", "Stated on {stated_on}: done in part."
        ),
    ),
    "expired": (
        "unknown",
        Text(
            "Lời khai đã hết giá trị ngày {valid_until}.", "The statement ended on {valid_until}."
        ),
    ),
    "not_stated": (
        "unknown",
        Text("Chưa có lời khai của người có trách nhiệm.", "Nobody in charge has stated it."),
    ),
}
_STATEMENT_REASONS: _Reasons = {
    "stated": (
        "pass",
        Text(
            "Người có trách nhiệm khai ngày {stated_on}: đã thực hiện.",
            "The person in charge stated on {stated_on}: done.",
        ),
    ),
    **_SAID,
}
_PAPER_REASONS: _Reasons = {
    "filed": (
        "pass",
        Text(
            "Đã thực hiện theo văn bản «{paper}», đã ký, có tệp, khai ngày {stated_on}.",
            "Done by the paper «{paper}», signed and filed, stated on {stated_on}.",
        ),
    ),
    "no_paper": (
        "unknown",
        Text(
            "Khai ngày {stated_on} là đã thực hiện, nhưng chưa chỉ ra văn bản đã ký.",
            "Stated done on {stated_on}, but no signed paper is named.",
        ),
    ),
    "paper_not_signed": (
        "unknown",
        Text(
            "Văn bản «{paper}» chưa được ký hoặc chưa có tệp.",
            "The paper «{paper}» is not signed or has no file.",
        ),
    ),
    "paper_ended": (
        "unknown",
        Text("Văn bản «{paper}» đã hết hiệu lực.", "The paper «{paper}» is no longer in force."),
    ),
    **_SAID,
}
_TOLD = """WITH told AS (
    SELECT s.subject_id, s.today, t.said, t.stated_on, t.valid_until, t.signed_copy,
           t.valid_until < s.today AS is_over,
           row_number() OVER (PARTITION BY s.subject_id
                              ORDER BY CASE WHEN t.valid_until < s.today THEN 2 ELSE 1 END,
                                       t.stated_on DESC, t.row_number DESC) AS place
      FROM subject AS s
      JOIN reg_statement AS t ON t.unit_id = s.unit_id AND upper(trim(t.control)) = '{code}' AND t.kind = 'state'
                             AND t.subject_person IS NULL AND t.system IS NULL AND t.stated_on <= s.today
)
"""
_STATEMENT_SQL = """-- One row per unit: the newest statement about the whole unit that counts, else the newest.
{told}SELECT s.subject_id, t.stated_on, t.valid_until,
       CASE WHEN t.subject_id IS NULL THEN 'not_stated'
            WHEN t.is_over            THEN 'expired'
            WHEN t.said = 'not_met'   THEN 'said_not_met'
            WHEN t.said = 'partly'    THEN 'said_partly'
            ELSE                           'stated'
       END AS reason
  FROM subject AS s
  LEFT JOIN told AS t ON t.subject_id = s.subject_id AND t.place = 1
"""
_PAPER_SQL = """-- One row per unit: the newest statement about the whole unit, and the signed paper it names.
{told}SELECT s.subject_id, t.stated_on, t.valid_until, d.title AS paper,
       CASE WHEN t.subject_id IS NULL THEN 'not_stated'
            WHEN t.is_over            THEN 'expired'
            WHEN t.said = 'not_met'   THEN 'said_not_met'
            WHEN t.said = 'partly'    THEN 'said_partly'
            WHEN d.row_id IS NULL     THEN 'no_paper'
            WHEN d.is_approved AND d.has_file AND d.issued_on <= s.today THEN
                 CASE WHEN d.valid_until < s.today THEN 'paper_ended' ELSE 'filed' END
            ELSE                           'paper_not_signed'
       END AS reason
  FROM subject AS s
  LEFT JOIN told AS t ON t.subject_id = s.subject_id AND t.place = 1
  LEFT JOIN reg_document AS d ON d.row_id = t.signed_copy AND d.unit_id = s.unit_id
"""


def _cases(code: str, *, is_paper: bool) -> list[dict[str, Any]]:
    good = "filed" if is_paper else "stated"
    cases = [
        _case(code, "stated by the person in charge", good, is_paper=is_paper),
        _case(code, "valid until today", good, is_paper=is_paper, days=0),
        _case(code, "valid until yesterday", "expired", is_paper=is_paper, days=-1),
        _case(code, "not done", "said_not_met", is_paper=is_paper, said="not_met"),
        _case(code, "done in part", "said_partly", is_paper=is_paper, said="partly"),
        _case("OWN-00", "about another control", "not_stated", is_paper=is_paper),
        _case(code, "about one person only", "not_stated", is_paper=is_paper, subject_person="r9"),
    ]
    if not is_paper:
        return cases
    unsigned: dict[str, Any] = {"is_approved": False}
    return [
        *cases,
        _case(code, "no paper is named", "no_paper", is_paper=False),
        _case(code, "the paper is not signed", "paper_not_signed", is_paper=True, paper=unsigned),
        _case(code, "it has no file", "paper_not_signed", is_paper=True, paper={"has_file": False}),
        _case(
            code, "the paper ended", "paper_ended", is_paper=True, paper={"valid_until": _day(-1)}
        ),
    ]


def _case(
    code: str,
    name: str,
    expect: str,
    *,
    is_paper: bool,
    said: str = "met",
    days: int = 30,
    paper: Mapping[str, Any] | None = None,
    **more: str,
) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "control": code,
        "kind": "state",
        "said": said,
        "stated_on": _day(-90),
        "valid_until": _day(days),
        **more,
    }
    given: dict[str, Any] = {"reg_statement": [statement]}
    if is_paper:
        statement["signed_copy"] = "r1"
        filed = {"title": "Quy định nội bộ", "issued_on": _day(-100), "is_approved": True}
        given["reg_document"] = [filed | dict(paper or {})]
    return {"name": name, "given": given, "expect": expect}


def _day(days: int) -> str:
    return (_CASE_DAY + timedelta(days=days)).isoformat()
