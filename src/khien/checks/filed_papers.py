"""Papers without a file prove nothing: which answers rest on one, and on which."""

from __future__ import annotations

import re

from khien.checks.catalogue import RunningCheck
from khien.facts.engine import FactEngine

PAPERS = "reg_document"
# Of a unit's papers without a file so many are tried one by one; the kinds that the statement names come first.
TRIED_MAX = 12
NAMED_MAX = 3


def find_unproven(check: RunningCheck, engine: FactEngine, *, is_named: bool) -> None:
    """Make table `unproven`: subjects whose answer rests on a paper without a file, and the papers.

    Only a pass and "not applicable" need proof; a fail or "unknown" stays what it is. The statement is asked
    again as if papers without a file were not there, and then with each of them alone.
    Args: engine: table `answer` holds what the statement says of all papers
          is_named: find out which papers; not needed for days to come
    """
    engine.sql.execute(f"CREATE OR REPLACE TEMP TABLE unproven ({_COLUMNS})")
    if PAPERS not in engine.tables or PAPERS not in check.sql or not _has_bare_papers(engine):
        return
    accepted = [r.code for r in check.spec.reasons.values() if r.verdict in _NEED_PROOF]
    _ask(check, engine, "SELECT * FROM memory.main.reg_document WHERE has_file")
    engine.sql.execute(_UNPROVEN.format(key=check.spec.key), [accepted, accepted])
    if is_named:
        _name_papers(check, engine, accepted)


_NEED_PROOF = ("pass", "not_applicable")
_COLUMNS = "subject_id VARCHAR, unit_id BIGINT, papers VARCHAR[], paper_rows BIGINT[]"

_UNPROVEN = """
INSERT INTO unproven
SELECT DISTINCT s.subject_id, s.unit_id, []::VARCHAR[], []::BIGINT[]
  FROM subject AS s
  JOIN answer AS a ON a."{key}" = s.subject_id AND list_contains(?::VARCHAR[], a.reason)
  LEFT JOIN answer_on_filed AS f ON f."{key}" = s.subject_id
 WHERE NOT COALESCE(list_contains(?::VARCHAR[], f.reason), false)
"""


def _has_bare_papers(engine: FactEngine) -> bool:
    found = engine.sql.execute(
        f"SELECT 1 FROM {PAPERS} WHERE has_file IS NOT TRUE LIMIT 1"  # noqa: S608  # a constant
    )
    return found.fetchone() is not None


def _ask(check: RunningCheck, engine: FactEngine, papers: str) -> None:
    """Ask the statement of a check over some of the papers only; table `answer_on_filed` has its answers."""
    engine.sql.execute(f"CREATE OR REPLACE TEMP VIEW {PAPERS} AS {papers}")
    try:
        engine.sql.execute(f"CREATE OR REPLACE TEMP TABLE answer_on_filed AS {check.sql}")
    finally:
        engine.sql.execute(f"DROP VIEW temp.main.{PAPERS}")


def _name_papers(check: RunningCheck, engine: FactEngine, accepted: list[str]) -> None:
    """Say in `unproven` which papers would each restore the answer; if none does alone, the likeliest ones."""
    kinds = re.findall(r"'(\w+)'", check.sql)
    engine.sql.execute(_BARE, [kinds, kinds, TRIED_MAX])
    engine.sql.execute("CREATE OR REPLACE TEMP TABLE restoring (subject_id VARCHAR, place BIGINT)")
    last = engine.sql.execute("SELECT max(place) FROM bare_paper").fetchone()
    for place in range(1, (last[0] if last and last[0] else 0) + 1):
        _ask(check, engine, _WITH_ONE.format(place=place))
        engine.sql.execute(_RESTORING.format(key=check.spec.key), [place, accepted])
    engine.sql.execute(_NAMED, [NAMED_MAX])


_BARE = """
CREATE OR REPLACE TEMP TABLE bare_paper AS
SELECT unit_id, row_id, row_number, title, list_contains(?::VARCHAR[], kind) AS is_likely,
       row_number() OVER (PARTITION BY unit_id
                          ORDER BY list_contains(?::VARCHAR[], kind) DESC, d.row_number DESC) AS place
  FROM reg_document AS d
 WHERE has_file IS NOT TRUE AND unit_id IN (SELECT unit_id FROM unproven)
QUALIFY place <= ?
"""

_WITH_ONE = """
SELECT * FROM memory.main.reg_document
 WHERE has_file OR row_id IN (SELECT row_id FROM bare_paper WHERE place = {place})
"""

_RESTORING = """
INSERT INTO restoring
SELECT DISTINCT u.subject_id, ?
  FROM unproven AS u JOIN answer_on_filed AS f ON f."{key}" = u.subject_id
 WHERE list_contains(?::VARCHAR[], f.reason)
"""

_NAMED = """
CREATE OR REPLACE TEMP TABLE unproven AS
WITH likely AS (
    SELECT u.subject_id, b.row_number, b.title, (r.place IS NOT NULL)::INT * 2 + b.is_likely::INT AS weight
      FROM unproven AS u
      JOIN bare_paper AS b ON b.unit_id = u.unit_id
      LEFT JOIN restoring AS r ON r.subject_id = u.subject_id AND r.place = b.place
), best AS (
    SELECT * FROM likely
   QUALIFY weight = max(weight) OVER (PARTITION BY subject_id)
       AND row_number() OVER (PARTITION BY subject_id
                              ORDER BY weight DESC, likely.row_number) <= ?
)
SELECT u.subject_id, u.unit_id,
       COALESCE(list('«' || b.title || '» (#' || b.row_number || ')' ORDER BY b.row_number)
                FILTER (b.row_number IS NOT NULL), []) AS papers,
       COALESCE(list(b.row_number ORDER BY b.row_number) FILTER (b.row_number IS NOT NULL), []) AS paper_rows
  FROM unproven AS u LEFT JOIN best AS b ON b.subject_id = u.subject_id
 GROUP BY ALL
"""
