"""The digest of what one intake says, the same in whatever file its rows lie.

A file's own SHA-256 is gone with the file; the digest of rows can be made again from any file that holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from khien.kernel.canonical import canonical_bytes, sha256_hex

_KEY = "intake_id"


def digests_by_intake(
    sql: duckdb.DuckDBPyConnection,
    relation: str,
    parameters: Sequence[object] = (),
    *,
    columns: Iterable[tuple[str, str]] | None = None,
) -> dict[int, str]:
    """Return for each intake of a relation the digest of its rows of one table.

    A cell is `name:length:value`, the length in bytes of UTF-8; cells that are NULL are left out, so that a
    column declared later changes nothing. A row is the SHA-256 of its cells in order of their names; the
    table of an intake is that of its rows' digests in order, one a line.
    Args: relation: what may stand after FROM, with column intake_id
          columns: its names and types, if they are known
    """
    if columns is None:
        described = sql.execute(f"DESCRIBE SELECT * FROM {relation}", parameters).fetchall()  # noqa: S608  # our own relation
        columns = [(name, kind) for name, kind, *_ in described]
    cells = " || ".join(_cell(name, kind) for name, kind in sorted(columns) if name != _KEY)
    rows = sql.execute(
        f"SELECT {_KEY}, sha256(string_agg(row_digest, chr(10) ORDER BY row_digest)) "  # noqa: S608  # our own relation
        f"FROM (SELECT {_KEY}, sha256({cells}) AS row_digest FROM {relation}) GROUP BY {_KEY}",
        parameters,
    ).fetchall()
    return dict(rows)


def digest_of_tables(tables: Mapping[str, str]) -> str:
    """Return the digest of an intake: of its tables with rows, name -> digest; this stands in the ledger."""
    return sha256_hex(canonical_bytes(dict(tables)))


def _cell(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    label = name.replace("'", "''")
    value = f"CAST({quoted} AS VARCHAR)"
    if kind.endswith("[]"):
        value = (
            f"array_to_string(list_transform({quoted}, lambda item: "
            "COALESCE(strlen(item::VARCHAR) || ':' || item::VARCHAR, '-')), '')"
        )
    return f"COALESCE('{label}:' || strlen({value}) || ':' || {value}, '')"
