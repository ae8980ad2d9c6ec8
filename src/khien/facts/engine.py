"""The columnar engine: fact tables of all machines in one in-memory database of this process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from khien.facts.tables import SQL_TYPES, FactTable
from khien.kernel.clock import VIETNAM, vietnam_date
from khien.registers.declarations import KEY_COLUMNS, STATE_COLUMNS

USABLE = ("ok", "partial", "empty")
COLLECTION_COLUMNS = (
    "intake_id BIGINT, host_id VARCHAR, table_name VARCHAR, status VARCHAR, error VARCHAR, "
    "row_count BIGINT, collected_at TIMESTAMP"
)
_HOST_COLUMNS = (
    "host_id VARCHAR, unit_id BIGINT, host_name VARCHAR, kind VARCHAR, os_family VARCHAR"
)
_MEMORY_LIMIT = "700MB"
_THREADS_MAX = 2


class FactEngine:
    """Holds facts for one assessment; filled from Parquet files or from rows, then asked in SQL.

    Every fact table T has the view T (the newest usable reading of each machine at `as_of`, columns of the
    declaration plus host_id). Table `latest` says per host and table what was read and when. The views show
    the machines of table `in_scope`: all of them, until a check narrows it to its own. Statements can reach
    no file but those below `folder`.
    """

    def __init__(self, tables: Mapping[str, FactTable], *, folder: Path | None = None) -> None:
        self.tables = tables
        self._files: dict[str, list[str]] = {}
        self.sql = duckdb.connect(":memory:")
        self.sql.execute(f"SET memory_limit = '{_MEMORY_LIMIT}'")
        self.sql.execute(f"SET threads = {_THREADS_MAX}")
        self.sql.execute("SET TimeZone = 'UTC'")
        self.sql.execute("SET preserve_insertion_order = false")
        self.sql.execute("SET parquet_metadata_cache = true")
        self.sql.execute("CREATE MACRO has(items, item) AS list_contains(items, item)")
        self.sql.execute(_VN_DATE)
        self.sql.execute(f"CREATE TABLE host ({_HOST_COLUMNS})")
        self.sql.execute(f"CREATE TABLE collection__rows ({COLLECTION_COLUMNS})")
        self.sql.execute("CREATE VIEW collection AS SELECT * FROM collection__rows")
        self.sql.execute(f"CREATE TABLE register_state ({STATE_COLUMNS})")
        for table in tables.values():
            name = table.name if table.is_register else f"{table.name}__rows"
            self.sql.execute(f'CREATE TABLE "{name}" ({fact_columns(table)})')

        self._lock_down(folder)

    def _lock_down(self, folder: Path | None) -> None:
        """Leave statements nothing but the tables: no file outside the facts folder, no setting, no network."""
        places = "" if folder is None else "'" + str(folder).replace("'", "''") + "'"
        self.sql.execute(f"SET allowed_directories = [{places}]")
        self.sql.execute("SET enable_external_access = false")
        self.sql.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Let the memory go."""
        self.sql.close()

    def add_hosts(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add machines in scope; rows: host_id, unit_id, host_name, kind, os_family."""
        self._insert_json("host", _HOST_COLUMNS, rows)

    def add_collections(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add what was read when; rows as in COLLECTION_COLUMNS, moments as ISO text in UTC."""
        self._insert_json("collection__rows", COLLECTION_COLUMNS, rows)

    def add_register_states(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add for each unit and register: unit_id, register, row_count, confirmed_on (ISO day or None)."""
        self._insert_json("register_state", STATE_COLUMNS, rows)

    def add_rows(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add fact rows of one table, each with intake_id and host_id; or rows of a register."""
        declared = self.tables[table]
        target = table if declared.is_register else f"{table}__rows"
        self._insert_json(target, fact_columns(declared), rows)

    def add_files(self, table: str, files: Iterable[Path]) -> None:
        """Add Parquet files of one fact table, or of "collection"; columns are matched by name."""
        paths = [str(path) for path in files]
        if not paths:
            return
        if table == "collection":
            # What was read in years is too much to hold in memory; the newest readings are found in one pass.
            paths = self._files.setdefault(table, []) + paths
            quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
            self.sql.execute(
                "CREATE OR REPLACE VIEW collection AS SELECT * FROM collection__rows UNION ALL BY NAME "
                f"SELECT * FROM read_parquet([{quoted}], union_by_name = true)"
            )
            self._files[table] = paths
            return
        self._files.setdefault(table, []).extend(paths)

    def settle(self, *, as_of: datetime) -> None:
        """Fix the moment of the assessment: work out the newest readings and open the views."""
        self.find_newest(as_of=as_of)
        self.open_views()

    def find_newest(self, *, as_of: datetime) -> None:
        """Work out which reading of each machine and table is the newest usable one at a moment."""
        self.set_moment(as_of)
        self.sql.execute(_LATEST)
        self.sql.execute("CREATE OR REPLACE TABLE in_scope AS SELECT host_id FROM host")

    def set_moment(self, as_of: datetime) -> None:
        """Say which moment statements are asked about; the readings of machines stay those found before.

        Moments are UTC; days are those of Viet Nam, so the day of the moment stands beside it.
        """
        self.sql.execute(
            "CREATE OR REPLACE TABLE moment AS SELECT ?::TIMESTAMP AS as_of, ?::DATE AS today",
            [as_of.astimezone(UTC).replace(tzinfo=None), vietnam_date(as_of)],
        )

    def newest_intakes(self) -> list[int]:
        """Return the intakes that hold a newest reading of any table, in order."""
        rows = self.sql.execute(
            "SELECT DISTINCT intake_id FROM latest WHERE intake_id IS NOT NULL ORDER BY 1"
        ).fetchall()
        return [intake for (intake,) in rows]

    def open_views(self) -> None:
        """Open the view of each fact table over the rows and files that were added."""
        for table in self.tables.values():
            if table.is_register:
                continue
            self.sql.execute(
                f'CREATE OR REPLACE TABLE "{table.name}__latest" AS SELECT * EXCLUDE (table_name) '
                f"FROM latest WHERE table_name = '{table.name}'"
            )
            self.sql.execute(
                f'CREATE OR REPLACE VIEW "{table.name}" AS '
                f"SELECT r.* EXCLUDE (intake_id) FROM {self._rows_of(table)} AS r "
                f'SEMI JOIN (SELECT l.intake_id FROM "{table.name}__latest" AS l '
                "SEMI JOIN in_scope AS i ON i.host_id = l.host_id) AS newest "
                "ON newest.intake_id = r.intake_id"
            )

    def _rows_of(self, table: FactTable) -> str:
        """Return the relation of a table's rows: the given ones, and those of files, read when asked."""
        given = f'(SELECT * FROM "{table.name}__rows")'
        if table.name not in self._files:
            return given
        quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in self._files[table.name])
        names = ", ".join(
            f'"{name}"' for name in ("intake_id", "host_id", *self._known_columns(table, quoted))
        )
        stored = f"SELECT {names} FROM read_parquet([{quoted}], union_by_name = true)"
        return f'(SELECT * FROM "{table.name}__rows" UNION ALL BY NAME {stored})'

    def _known_columns(self, table: FactTable, quoted: str) -> list[str]:
        """Return the declared columns that the files hold; ones declared later read as NULL."""
        rows = self.sql.execute(
            f"DESCRIBE SELECT * FROM read_parquet([{quoted}], union_by_name = true)"
        )
        held = {row[0] for row in rows.fetchall()}
        return [name for name in table.columns if name in held]

    def insert_rows(self, target: str, columns: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to a table made by a check; columns as they were given to CREATE TABLE."""
        self._insert_json(target, columns, rows)

    def _insert_json(self, target: str, columns: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        text, shape = json_rows(columns, rows)
        self.sql.execute(
            f'INSERT INTO "{target}" BY NAME '
            "SELECT given.* FROM (SELECT unnest(from_json(?::JSON, ?)) AS given)",
            [text, shape],
        )


# The day it is in Viet Nam at a moment, which is kept in UTC: rules of days count in days of Viet Nam.
_VN_DATE = f"""
CREATE MACRO vn_date(moment) AS
CAST(moment + INTERVAL {VIETNAM.utcoffset(None) // timedelta(hours=1)} HOUR AS DATE)
"""

# Of two readings at one moment the one taken in later counts. arg_max would pass over a newest error of NULL.
_LATEST = """
CREATE OR REPLACE TABLE latest AS
WITH reading AS (
    SELECT collection.*, status IN ('ok', 'partial', 'empty') AS usable,
           epoch_us(collected_at)::HUGEINT * 1000000000000 + intake_id AS place
      FROM collection, moment
     WHERE collected_at <= as_of
)
SELECT host_id, table_name,
       arg_max(intake_id, place)   FILTER (usable) AS intake_id,
       max(collected_at)           FILTER (usable) AS usable_at,
       arg_max(status, place)      FILTER (usable) AS usable_status,
       arg_max(status, place)                      AS last_status,
       arg_max_null(error, place)                  AS last_error,
       max(collected_at)                           AS last_at
  FROM reading
 GROUP BY host_id, table_name
"""


def fact_columns(table: FactTable) -> str:
    """Return the columns of a stored table: its keys, then those of the declaration."""
    keys = KEY_COLUMNS if table.is_register else "intake_id BIGINT, host_id VARCHAR"
    return f"{keys}, {table.sql_columns()}"


def json_rows(columns: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return rows as one JSON text and the shape that `from_json` reads it by: much faster than values one by one.

    A list of texts is written ["VARCHAR"] in the shape, and must not be unfolded into rows of its own.
    """
    shape = [
        {name: ["VARCHAR"] if kind == "VARCHAR[]" else kind for name, kind in column_types(columns)}
    ]
    text = json.dumps(rows, ensure_ascii=False, default=_json_moment)
    return text, json.dumps(shape)


def column_types(columns: str) -> Iterable[tuple[str, str]]:
    """Yield the names and types of a list of columns as CREATE TABLE takes it."""
    for column in columns.split(", "):
        name, kind = column.rsplit(" ", 1)
        if kind not in SQL_TYPES.values():
            raise ValueError(f"not a column type of facts: {kind}")
        yield name.strip('"'), kind


def _json_moment(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"not a fact value: {value!r}")
