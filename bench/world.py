"""A province made up from a seed, written straight into a data folder: units, people, machines, registers, history.

Run: KHIEN_DATA=FOLDER [KHIEN_DATABASE=ADDRESS] PYTHONPATH=src:bench python bench/world.py [--machines N] [--units N] [--years N]
Bulk on purpose: through the services 20,000 machines would take hours. What the services would have refused is
not written either. Facts of machines repeat what the collector reads here, changed by each machine's number.
"""

import argparse
import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

MACHINES, UNITS, YEARS = 20_000, 300, 5
SEED = 20261127
ROWS_OF_REGISTERS = 100_000
BIG_REGISTER = 20_000
CHANGED_WEEKLY = 150  # one finding of so many changes in a week: 0.67 %
FACT_ROWS_MAX = 150
NAMES = [
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Đức",
    "Giang",
    "Hà",
    "Hương",
    "Khánh",
    "Lan",
    "Minh",
    "Nam",
    "Oanh",
    "Phúc",
]
FAMILIES = [
    "Nguyễn Văn",
    "Trần Thị",
    "Lê Quang",
    "Phạm Thu",
    "Hoàng Đức",
    "Vũ Ngọc",
    "Đặng Hữu",
    "Bùi Thanh",
]


@contextmanager
def step(what: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - started:.1f} s", flush=True)


def open_folder() -> None:
    """Set Django up on KHIEN_DATA and bring its database up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
    Path(os.environ["KHIEN_DATA"]).mkdir(parents=True, exist_ok=True)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def build_units(count: int) -> None:
    """A department, centres and hospitals below it, stations below the centres; documents, users and roles."""
    from khien.kernel.clock import now_utc
    from khien.norms.library import load_library
    from khien.norms.models import Binding
    from khien.org.models import RoleHeld, Unit, UnitState, User

    now, began = now_utc(), date(2020, 1, 1)
    documents = list(load_library().documents)
    department = Unit.objects.create(
        code="so-y-te",
        name_vi="Sở Y tế tỉnh Mẫu",
        name_en="Model health department",
        kind="department",
        place="Mẫu",
    )
    centres = [
        Unit(code=f"trung-tam-{n}", name_vi=f"Trung tâm Y tế khu vực {n}", name_en=f"Health centre {n}",
             kind="hospital", place=f"Khu vực {n}", parent=department)
        for n in range(1, 31)
    ]  # fmt: skip
    Unit.objects.bulk_create(centres[: count - 1])
    centres = list(Unit.objects.filter(parent=department))
    stations = [
        Unit(code=f"tram-{n}", name_vi=f"Trạm Y tế phường Mẫu {n}", name_en=f"Health station {n}", kind="ward",
             place=f"Phường {n}", parent=centres[n % len(centres)])
        for n in range(1, count - len(centres))
    ]  # fmt: skip
    Unit.objects.bulk_create(stations)
    units = list(Unit.objects.order_by("pk"))
    UnitState.objects.bulk_create(
        UnitState(unit=u, from_on=began, name_vi=u.name_vi, name_en=u.name_en, kind=u.kind, place=u.place,
                  parent_id=u.parent_id, what="registered", recorded_at=now, by="bench")
        for u in units
    )  # fmt: skip
    Binding.objects.bulk_create(
        Binding(unit=u, document=documents[(n + k) % len(documents)], bound_from=began)
        for n, u in enumerate(units)
        for k in range(len(documents) if n == 0 else 2)
    )
    users, roles = [], []
    for unit in units:
        for role in ("leader", "officer", "staff"):
            users.append(
                User(
                    username=f"{role}-{unit.code}",
                    full_name=f"{role} {unit.code}",
                    unit=unit,
                    password="!",
                )
            )
            roles.append((users[-1], unit, role))
    for role in ("overseer", "responder", "inspector", "administrator"):
        users.append(User(username=role, full_name=role, unit=department, password="!"))
        roles.append((users[-1], department, role))
    User.objects.bulk_create(users)
    last = date.today() + timedelta(days=60)  # noqa: DTZ011  # a bench
    RoleHeld.objects.bulk_create(
        RoleHeld(user=user, unit=unit, role=role, from_on=began, until_on=last if role == "inspector" else None,
                 granted_by="bench", granted_at=now)
        for user, unit, role in roles
    )  # fmt: skip


def build_machines(count: int, chance: random.Random) -> None:
    """Machines over the units, large ones more, with one reading each in Parquet."""
    from khien.facts.models import FactFile, Host, Intake
    from khien.facts.services import facts_folder
    from khien.kernel.clock import now_utc
    from khien.org.models import Unit

    now = now_utc()
    units = list(Unit.objects.order_by("pk"))
    weights = [{"department": 20, "hospital": 12, "ward": 1}[u.kind] for u in units]
    places = chance.choices(units, weights, k=count)
    Host.objects.bulk_create(
        (
            Host(pk=n + 1, host_uid=uid_of(n), unit=unit, name=f"may-{n:05d}",
                 kind="server" if n % 20 == 0 else "workstation", os_family="linux",
                 first_seen_at=now - timedelta(days=1800), last_seen_at=now - timedelta(hours=3))
            for n, unit in enumerate(places)
        ),
        batch_size=2000,
    )  # fmt: skip
    Intake.objects.bulk_create(
        (
            Intake(pk=n + 1, host_id=n + 1, collected_at=now - timedelta(hours=3), received_at=now,
                   channel="local", actor="bench", collector="khien-collect-linux 1", sha256=f"{n:064x}", table_count=30)
            for n in range(count)
        ),
        batch_size=2000,
    )  # fmt: skip
    restart_keys(Host, Intake)
    folder = facts_folder()
    folder.mkdir(parents=True, exist_ok=True)
    write_facts(folder, count, now - timedelta(hours=3), first=0, name="000000000001")
    catalogue(folder, "000000000001", 1, count, now)
    assert FactFile.objects.exists()


def uid_of(number: int) -> str:
    return hashlib.md5(str(number).encode()).hexdigest()


def restart_keys(*models: type) -> None:
    """Let PostgreSQL count on after keys that were given by hand."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def catalogue(folder: Path, name: str, first: int, last: int, now: datetime) -> None:
    from khien.facts.models import FactFile

    FactFile.objects.bulk_create(
        FactFile(table=place.parent.name, path=f"{place.parent.name}/{place.name}",
                 sha256=hashlib.sha256(place.read_bytes()).hexdigest(), row_count=0, first_intake_id=first,
                 last_intake_id=last, written_at=now)
        for place in sorted(folder.glob(f"*/{name}.parquet"))
    )  # fmt: skip


def write_facts(
    folder: Path, count: int, moment: datetime, *, first: int, name: str, salt: int = 0
) -> None:
    """Write one Parquet file per fact table with so many machines' rows; intake and machine n stand at n + 1."""
    from bench_checks import changed_value

    from khien.cli.local_collection import collect_here
    from khien.facts.engine import FactEngine
    from khien.facts.linux import normalise
    from khien.facts.tables import fact_tables

    engine = FactEngine(fact_tables(), folder=folder)
    bundle, _ = collect_here()
    engine.sql.execute(
        "CREATE TABLE machine AS SELECT range + ? AS n, md5((range)::VARCHAR) AS host_id, "
        f"range + {first} + 1 AS intake_id FROM range({count})",
        [salt],
    )
    seen = []
    for table in normalise(bundle):
        seen.append((table.table, table.status))
        if not table.rows:
            continue
        keys = {"intake_id": 0, "host_id": ""}
        engine.add_rows(table.table, [{**keys, **row} for row in table.rows[:FACT_ROWS_MAX]])
        changed = ", ".join(
            changed_value(c.name, c.type) for c in engine.tables[table.table].columns.values()
        )
        copy(engine, folder, table.table, name,
             f'SELECT m.intake_id, m.host_id, {changed} FROM machine AS m CROSS JOIN "{table.table}__rows" AS r ORDER BY m.intake_id')  # fmt: skip
    names = ", ".join(f"('{table}', '{status}')" for table, status in seen)
    copy(engine, folder, "collection", name,
         "SELECT intake_id, host_id, t.name AS table_name, t.status, NULL::VARCHAR AS error, 1 AS row_count, "
         f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}' AS collected_at FROM machine, (VALUES {names}) AS t(name, status) ORDER BY 1")  # fmt: skip
    engine.close()


def copy(engine: object, folder: Path, table: str, name: str, query: str) -> None:
    (folder / table).mkdir(exist_ok=True)
    target = folder / table / f"{name}.parquet"
    engine.sql.execute(
        f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)"
    )


# ---- registers


def build_registers(chance: random.Random, rows: int, big: int) -> None:
    """Rows of every register over all units, and one register with very many rows at the department."""
    from khien.org.models import Unit
    from khien.registers.declarations import load_registers

    units = list(Unit.objects.order_by("pk"))
    registers = list(load_registers().values())
    each = max(1, rows // (len(units) * len(registers)))
    for register in registers:
        patterns = drafts_of(register, chance, 30)
        if patterns:
            write_rows(register, patterns, [(unit, each) for unit in units])
    endpoint = load_registers()["endpoint"]
    write_rows(endpoint, drafts_of(endpoint, chance, 200), [(units[0], big)], start=each)


def drafts_of(register: object, chance: random.Random, count: int) -> list[dict[str, object]]:
    """Return valid values of rows, as the register itself reads them."""
    from khien.registers.values import NoReferences, read_row

    found = []
    for _ in range(count):
        raw = {code: sample(field, chance) for code, field in register.fields.items()
               if field.is_required or field.is_wanted or chance.random() < 0.5}  # fmt: skip
        draft = read_row(register, raw, NoReferences())
        for problem in draft.problems:
            raw.pop(problem.field, None)
        draft = read_row(register, raw, NoReferences())
        if not draft.problems:
            found.append(dict(draft.values))
    return found


def sample(field: object, chance: random.Random) -> object:
    n = chance.randrange(10_000)
    person = f"{chance.choice(FAMILIES)} {chance.choice(NAMES)}"
    day = date(2025, 6, 1) + timedelta(days=n % 300)
    choices = list(field.choices) or ["x"]
    return {
        "text": f"{field.title.vi} {n}", "long_text": f"Ghi chép số {n} của {person}.", "date": f"{day:%d/%m/%Y}",
        "moment": f"{day:%d/%m/%Y} 08:{n % 60:02}", "choice": chance.choice(choices), "choices": [choices[0]],
        "boolean": "có" if n % 2 else "không", "integer": str(n % 90 + 1), "money": str(n * 1000 + 1000),
        "percent": str(n % 100), "phone": f"09{n:08}", "email": f"a{n}@mau.gov.vn", "ip": f"10.1.{n % 250}.{n % 240}",
        "mac": f"02:00:00:{n % 250:02x}:{n % 240:02x}:01", "person": person, "host": f"may-{n:05}", "url": "https://mau.gov.vn/",
        "unit": "Sở Y tế tỉnh Mẫu",
    }.get(field.type, f"{field.title.vi} {n}")  # fmt: skip


def write_rows(register: object, patterns: list, places: list, *, start: int = 0) -> None:
    from khien.kernel.clock import now_utc
    from khien.registers.models import Row, RowCounter, RowVersion
    from khien.registers.services import Act, _fill

    act = Act("bench", now_utc())
    made = []
    for unit, count in places:
        for n in range(start, start + count):
            values = dict(patterns[(n + unit.pk) % len(patterns)])
            for code, field in register.fields.items():
                if (
                    code in values
                    and field.type == "text"
                    and (code in register.key or code == register.name)
                ):
                    values[code] = f"{field.title.vi} {unit.pk}-{n}"
                if code in values and field.type == "mac":
                    values[code] = (
                        f"02:{unit.pk % 256:02X}:{unit.pk // 256:02X}:{n >> 16 & 255:02X}:{n >> 8 & 255:02X}:{n & 255:02X}"
                    )
                if code in values and field.type == "ip":
                    values.pop(code)
            made.append(
                (Row(unit=unit, register=register.code, number=n + 1, created_at=act.now), values)
            )
    rows = [row for row, _ in made]
    _fill(rows, [values for _, values in made], register, act)
    seen: set[tuple[int, str]] = set()
    for (
        row
    ) in rows:  # two rows that are the same thing: the second has no key, as if it were retired
        place = (row.unit_id, row.key_digest or "")
        row.is_retired = row.key_digest is not None and place in seen
        seen.add(place)
    Row.objects.bulk_create(rows, batch_size=1000)
    RowVersion.objects.bulk_create(
        (
            RowVersion(row=row, version=1, values=row.values, what="imported", changed_at=act.now, changed_by="bench",
                       salt="0" * 32, ledger_index=0)
            for row in rows
        ),
        batch_size=1000,
    )  # fmt: skip
    RowCounter.objects.bulk_create(
        [RowCounter(unit=unit, register=register.code, next_number=start + count + 1) for unit, count in places],
        update_conflicts=True, unique_fields=["unit", "register"], update_fields=["next_number"],
    )  # fmt: skip


# ---- history


def assess_all() -> object:
    from khien.checks.services import assess
    from khien.kernel.clock import now_utc
    from khien.ledger.services import publish
    from khien.norms.library import load_library
    from khien.norms.services import record_library
    from khien.org.models import Unit

    record_library(load_library(), now=now_utc())
    done = assess(list(Unit.objects.all()), library=load_library(), now=now_utc())
    publish(now_utc())
    return done


def build_history(years: int) -> None:
    """Spread the findings of now over the past: weekly assessments, at each of which one finding of 150 had changed."""
    import duckdb
    from django.db import connection, transaction

    from khien.checks.bulk import fetched, insert_rows
    from khien.checks.models import Assessment, Finding
    from khien.checks.services import rebuild_standing
    from khien.checks.storing import read_findings
    from khien.kernel.clock import now_utc
    from khien.norms.library import load_library
    from khien.org.models import Unit

    newest, weeks, now = Assessment.objects.latest("as_of"), years * 52, now_utc()
    units = list(Unit.objects.all())
    past = [
        Assessment(as_of=newest.as_of - timedelta(weeks=weeks - n), library_sha256=newest.library_sha256,
                   unit_count=len(units), host_count=newest.host_count, opened_count=0, closed_count=0)
        for n in range(weeks)
    ]  # fmt: skip
    Assessment.objects.bulk_create(past)
    links = Assessment.units.through
    links.objects.bulk_create(
        (links(assessment_id=a.pk, unit_id=u.pk) for a in past for u in units), batch_size=5000
    )
    sql = duckdb.connect(":memory:")
    sql.execute("SET threads = 2; SET TimeZone = 'UTC'; SET memory_limit = '4GB'")
    read_findings(sql, Finding.objects.filter(to_at=None), table="stood")
    sql.execute("CREATE TABLE week AS SELECT unnest(?::BIGINT[]) AS pk, unnest(?::TIMESTAMPTZ[]) AS moment",
                [[a.pk for a in past], [a.as_of for a in past]])  # fmt: skip
    sql.execute(_HISTORY.format(one_in=CHANGED_WEEKLY))
    print(
        "findings:", sql.execute("SELECT count(*), count(to_at) FROM made").fetchone(), flush=True
    )
    fields = [
        "unit",
        "control",
        "subject_kind",
        "subject",
        "verdict",
        "reason",
        "known",
        "detail",
        "from_at",
        "to_at",
        "opened_by",
    ]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {Finding._meta.db_table}")
        insert_rows(Finding, fields, aware(fetched(sql.execute("SELECT * FROM made"))))
    sql.close()
    with step("standing tables rebuilt from findings"):
        rebuild_standing(units, library=load_library(), now=now)


def aware(batches: Iterator[list[tuple]]) -> Iterator[list[tuple]]:
    """The engine gives moments in UTC without saying so; they stand third and second from the end."""
    for batch in batches:
        yield [
            (
                *row[:-3],
                row[-3].replace(tzinfo=UTC),
                row[-2] and row[-2].replace(tzinfo=UTC),
                row[-1],
            )
            for row in batch
        ]


# Each finding changes at the weeks that its hash names; the last interval says what stands now, those before
# it say the other of pass and fail in turn.
_HISTORY = """
CREATE TABLE made AS
WITH begun AS (
    SELECT s.id, w.pk, w.moment FROM stood AS s JOIN week AS w
        ON w.pk = (SELECT min(pk) FROM week) OR hash(s.id, w.pk) % {one_in} = 0
), lasted AS (
    SELECT *, lead(moment) OVER (PARTITION BY id ORDER BY moment) AS to_at,
           row_number() OVER (PARTITION BY id ORDER BY moment DESC) AS back FROM begun
)
SELECT unit_id, control, kind, subject,
       CASE WHEN back % 2 = 1 THEN verdict WHEN verdict = 'pass' THEN 'fail' WHEN verdict = 'fail' THEN 'pass'
            ELSE verdict END AS verdict,
       CASE WHEN back % 2 = 1 THEN reason ELSE 'not_yet' END AS reason, known, detail, moment AT TIME ZONE 'UTC' AS from_at, to_at AT TIME ZONE 'UTC' AS to_at, pk
  FROM lasted JOIN stood USING (id)
 ORDER BY from_at, unit_id, control
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--machines", type=int, default=MACHINES)
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--years", type=int, default=YEARS)
    parser.add_argument("--rows", type=int, default=ROWS_OF_REGISTERS)
    parser.add_argument("--big", type=int, default=BIG_REGISTER)
    asked = parser.parse_args()
    chance = random.Random(SEED)
    open_folder()
    with step(f"{asked.units} units, their users and roles"):
        build_units(asked.units)
    with step(f"{asked.machines:,} machines with facts"):
        build_machines(asked.machines, chance)
    with step(f"{asked.rows:,} rows of registers, {asked.big:,} of one"):
        build_registers(chance, asked.rows, asked.big)
    with step("first assessment"):
        assess_all()
    if asked.years:
        with step(f"{asked.years} years of history"):
            build_history(asked.years)
        with step("assessment after it"):
            done = assess_all()
        print(f"opened {done.opened_count}, closed {done.closed_count}")


if __name__ == "__main__":
    main()
