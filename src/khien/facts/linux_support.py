"""A small dated table of when publishers stop supporting systems, kept by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

TABLE_DATED_ON = date(2026, 7, 1)

# Written from memory of the publishers' pages; check a date there before it decides a purchase.
# product, release: end of regular security updates, end of extended support (may have to be bought).
_ENDS: dict[tuple[str, str], tuple[str, str | None]] = {
    ("debian", "9"): ("2020-07-18", "2022-06-30"),
    ("debian", "10"): ("2022-09-10", "2024-06-30"),
    ("debian", "11"): ("2024-08-14", "2026-08-31"),
    ("debian", "12"): ("2026-06-10", "2028-06-30"),
    ("debian", "13"): ("2028-08-09", "2030-06-30"),
    ("ubuntu", "16.04"): ("2021-04-30", "2026-04-30"),
    ("ubuntu", "18.04"): ("2023-05-31", "2028-04-30"),
    ("ubuntu", "20.04"): ("2025-05-31", "2030-04-30"),
    ("ubuntu", "22.04"): ("2027-04-30", "2032-04-30"),
    ("ubuntu", "24.04"): ("2029-05-31", "2034-04-30"),
    ("ubuntu", "24.10"): ("2025-07-10", None),
    ("ubuntu", "25.04"): ("2026-01-15", None),
    ("ubuntu", "25.10"): ("2026-07-31", None),
    ("centos", "6"): ("2020-11-30", None),
    ("centos", "7"): ("2024-06-30", None),
    ("centos", "8"): ("2021-12-31", None),
    ("centos", "9"): ("2027-05-31", None),
    ("rhel", "6"): ("2020-11-30", "2024-06-30"),
    ("rhel", "7"): ("2024-06-30", "2028-06-30"),
    ("rhel", "8"): ("2029-05-31", "2032-05-31"),
    ("rhel", "9"): ("2032-05-31", "2035-05-31"),
    ("rhel", "10"): ("2035-05-31", "2038-05-31"),
    ("rocky", "8"): ("2029-05-31", None),
    ("rocky", "9"): ("2032-05-31", None),
    ("rocky", "10"): ("2035-05-31", None),
    ("almalinux", "8"): ("2029-03-01", None),
    ("almalinux", "9"): ("2032-05-31", None),
    ("almalinux", "10"): ("2035-05-31", None),
    ("ol", "7"): ("2024-12-31", "2028-06-30"),
    ("ol", "8"): ("2029-07-31", "2032-07-31"),
    ("ol", "9"): ("2032-06-30", "2035-06-30"),
    ("sles", "12"): ("2024-10-31", "2027-10-31"),
    ("amzn", "2"): ("2026-06-30", None),
    ("amzn", "2023"): ("2029-06-30", None),
}


def support_ends(
    product: str | None, version: str | None
) -> tuple[str | None, datetime, datetime | None] | None:
    """Return the release and the two ends of support of a system, or None when it is not in the table."""
    for release in _candidates(version or ""):
        found = _ENDS.get((product or "", release))
        if found:
            extended = found[1]
            return release, _end_of(found[0]), _end_of(extended) if extended else None
    return None


def table_dated_at() -> datetime:
    """Return when the table was made."""
    return datetime.combine(TABLE_DATED_ON, time(), tzinfo=UTC)


def _candidates(version: str) -> list[str]:
    return [version, version.split(".")[0]]


def _end_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(23, 59, 59), tzinfo=UTC)
