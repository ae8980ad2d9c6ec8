"""Digests over all findings of an assessment, the same when they are made and when they are verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import duckdb

SEPARATOR = "\x1f"


def findings_digest(findings: Iterable[tuple[Any, ...]]) -> str:
    """Return the SHA-256 over findings in an order of their own, whatever order they come in.

    The first form of the digest; entries of the ledger that hold `findings_sha256` are verified by it.
    Args: findings: unit code, control, subject kind, subject, verdict, reason, known, detail (a mapping)
    """
    lines = sorted(
        json.dumps(finding, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for finding in findings
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def findings_tree_digest(findings: Iterable[tuple[str, ...]]) -> str:
    """Return the digest in its second form, which a columnar engine can make of a million findings.

    Each finding is the SHA-256 of its eight texts joined by U+001F; a unit is that of its findings' digests
    in order, one a line; the whole is that of "code digest" of all units in order, one a line.
    Args: findings: unit code, control, subject kind, subject, verdict, reason, known, detail (its JSON text)
    """
    by_unit: dict[str, list[str]] = {}
    for finding in findings:
        by_unit.setdefault(finding[0], []).append(_sha256(SEPARATOR.join(finding)))
    units = sorted(f"{code} {_sha256(chr(10).join(sorted(d)))}" for code, d in by_unit.items())
    return _sha256("\n".join(units))


def engine_tree_digest(sql: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the second form of the digest over a table of the engine with the columns of findings.

    Table `unit_code` (unit_id, code) gives the codes of units.
    """
    row = sql.execute(
        f"""
        WITH unit AS (
            SELECT code, sha256(string_agg(line, chr(10) ORDER BY line)) AS digest
              FROM (SELECT u.code, sha256(concat_ws(chr(31), u.code, f.control, f.kind, f.subject, f.verdict,
                                                    f.reason, f.known, f.detail)) AS line
                      FROM {table} AS f JOIN unit_code AS u USING (unit_id))
             GROUP BY code
        )
        SELECT sha256(COALESCE(string_agg(line, chr(10) ORDER BY line), ''))
          FROM (SELECT code || ' ' || digest AS line FROM unit)
        """  # noqa: S608  # the name of our own table
    ).fetchone()
    return str(row[0]) if row else ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
