"""Made-up bundles in the shape of real machines, for the tests of the normaliser."""

from __future__ import annotations

from typing import Any

from khien.facts.collectors.khien_collect_linux import TABLES
from khien.facts.linux import NormalisedTable, normalise

Raw = dict[str, Any]


def table(status: str = "ok", rows: list[Raw] | None = None, error: str | None = None) -> Raw:
    return {"status": status, "error": error, "rows": rows or []}


def settings(files: dict[str, str]) -> Raw:
    """A table of settings lines, numbered as in the files."""
    rows = [
        {"file": file, "line": number, "text": text.strip()}
        for file, content in files.items()
        for number, text in enumerate(content.strip().splitlines(), 1)
    ]
    return table("ok" if rows else "empty", rows)


def printed(text: str) -> Raw:
    lines = [line.strip() for line in text.strip().splitlines()]
    return table("ok", [{"line": n, "text": line} for n, line in enumerate(lines, 1)])


def stat(*paths: str, at: str = "2026-05-01T00:00:00Z") -> Raw:
    always = ("/etc/passwd", *paths)
    return table(
        "ok",
        [
            {"path": p, "uid": 0, "gid": 0, "size": 1, "mode": "0644", "modified_at": at}
            for p in always
        ],
    )


def processes(*names: str) -> Raw:
    return table("ok", [{"name": name, "count": 1} for name in ("bash", *names)])


def services(**states: str) -> Raw:
    rows = [
        {"name": name.replace("__", "-").replace("_timer", ".timer").replace("_service", ".service"),
         "state": state, "active": "active" if state == "enabled" else "inactive"}
        for name, state in states.items()
    ]  # fmt: skip
    return table("ok", rows or [{"name": "x.service", "state": "static", "active": "inactive"}])


def bundle(**tables: Raw) -> Raw:
    """A bundle of a bare machine where everything was readable, with some tables replaced."""
    found = {name: table("empty") for name in TABLES} | {
        "os_release": table(
            "ok", [{"id": "debian", "version_id": "12", "kernel": "6.1", "arch": "x86_64"}]
        ),
        "system": table("ok", [{"hostname": "may-01", "hypervisor": False, "container": None}]),
        "passwd": table("ok", [account("root", 0)]),
        "shadow": table("ok", [shadow("root")]),
        "group": table("ok", [{"name": "root", "gid": 0, "member": None}]),
        "stat": stat(),
        "process": processes(),
        "service": services(),
    }
    return {
        "format": "khien-bundle/1",
        "collector": {"name": "khien_collect_linux", "version": "0.1.0", "sha256": "0" * 64},
        "host": {
            "host_uid": "ab" * 16,
            "uid_source": "machine-id",
            "name": "may-01",
            "os_family": "linux",
            "privileged": True,
        },
        "started_at": "2026-06-01T01:00:00Z",
        "finished_at": "2026-06-01T01:00:05Z",
        "tables": found | tables,
    }


def account(name: str, uid: int, shell: str = "/bin/bash", gid: int | None = None) -> Raw:
    return {
        "name": name,
        "uid": uid,
        "gid": uid if gid is None else gid,
        "shell": shell,
        "password": "shadow",
    }


def shadow(name: str, state: str = "hashed", **more: Any) -> Raw:
    base = {"last_change": 20_000, "min": 0, "max": 99_999, "inactive": None, "expire": None}
    return {"name": name, "state": state} | base | more


def fact(name: str, **tables: Raw) -> NormalisedTable:
    """One fact table of a bare machine with some raw tables replaced."""
    return next(t for t in normalise(bundle(**tables)) if t.table == name)


def row(name: str, **tables: Raw) -> dict[str, Any]:
    """The first row of one fact table."""
    return fact(name, **tables).rows[0]
