"""The normaliser as a whole: shapes, statuses, and bundles made to hurt."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from normalise_samples import bundle, fact, row, table

from khien.facts.collectors.khien_collect_linux import TABLES
from khien.facts.errors import BundleError, BundleFormatError, BundleTooLargeError
from khien.facts.linux import FACTS, normalise
from khien.facts.tables import fact_tables

TYPES = {"text": str, "integer": int, "boolean": bool, "moment": datetime}


def check_shape(tables: tuple[Any, ...]) -> None:
    declared = fact_tables()
    for found in tables:
        assert found.status in (
            "ok",
            "empty",
            "partial",
            "denied",
            "unsupported",
            "timeout",
            "error",
        )
        assert bool(found.rows) == (found.status in ("ok", "partial"))
        assert found.status != "empty" or declared[found.table].may_be_empty
        for one in found.rows:
            assert list(one) == list(declared[found.table].columns)
            for name, value in one.items():
                assert (
                    value is None or type(value) is TYPES[declared[found.table].columns[name].type]
                )


def test_every_declared_table_of_linux_is_produced_once() -> None:
    declared = {name for name, t in fact_tables().items() if "linux" in t.os_families}
    assert sorted(f.table for f in FACTS) == sorted(declared)


def test_every_raw_table_the_facts_ask_for_exists() -> None:
    asked = {name for f in FACTS for name in f.needs + f.helps + f.any_of}
    assert asked <= set(TABLES)


def test_a_bare_machine_gives_complete_rows() -> None:
    check_shape(normalise(bundle()))


def test_the_same_bundle_gives_the_same_facts() -> None:
    assert normalise(bundle()) == normalise(bundle())


@pytest.mark.parametrize("status", ["denied", "unsupported", "timeout", "error"])
def test_an_unread_source_is_an_unread_fact(status: str) -> None:
    unread = table(status, error="vì sao")
    found = fact("account_policy", pam=unread)
    assert (found.status, found.error, found.rows) == (status, "vì sao", ())


def test_rows_sent_with_a_failed_reading_are_not_believed() -> None:
    lying = table("denied", [{"name": "an", "uid": 1000}])
    assert fact("account", passwd=lying).rows == ()


def test_a_table_that_was_not_sent_is_never_empty() -> None:
    short = bundle()
    del short["tables"]["samba"]
    found = {t.table: t for t in normalise(short)}["share"]
    assert (found.status, found.rows) == ("error", ())


def test_no_accounts_at_all_is_a_reading_error() -> None:
    assert fact("account", passwd=table("empty")).status == "error"


def test_values_of_the_wrong_type_are_not_known() -> None:
    odd = table("ok", [{"name": 7, "uid": "x", "gid": True, "shell": None, "password": 1}])
    found = row("account", passwd=odd)
    assert (found["username"], found["uid"]) == ("", None)


def broken(**changes: Any) -> dict[str, Any]:
    return bundle() | changes


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (None, BundleError),
        ([], BundleError),
        ({}, BundleFormatError),
        (broken(format="khien-bundle/9"), BundleFormatError),
        (broken(format=["khien-bundle/1"]), BundleFormatError),
        (broken(more=1), BundleError),
        (broken(tables=[]), BundleError),
        (broken(collector={"name": "x"}), BundleError),
        (broken(host={"host_uid": "../../etc", "name": "x", "os_family": "linux"}), BundleError),
        (broken(host={"host_uid": "ab" * 16, "name": "", "os_family": "linux"}), BundleError),
        (
            broken(host={"host_uid": "ab" * 16, "name": "x", "os_family": "windows"}),
            BundleFormatError,
        ),
        (broken(finished_at="hôm qua"), BundleError),
        (broken(finished_at=1), BundleError),
        (bundle(pam=[]), BundleError),
        (bundle(pam={"status": "ok"}), BundleError),
        (bundle(pam=table("fine")), BundleError),
        (bundle(pam=table("ok", [1])), BundleError),  # type: ignore[list-item]
        (bundle(pam={"status": "ok", "error": None, "rows": "abc"}), BundleError),
        (bundle(pam=table("ok", [{"text": ["nested"]}])), BundleError),
        (bundle(pam=table("ok", [{"text": 1.5}])), BundleError),
        (bundle(pam=table("ok", [{"text": "a\x00b"}])), BundleError),
        (bundle(pam=table("ok", [{"text": "a\ud800b"}])), BundleError),
        (bundle(pam=table("ok", [{"Tên": "x"}])), BundleError),
        (bundle(pam=table("ok", [{"text": "x" * 1025}])), BundleTooLargeError),
        (bundle(pam=table("ok", [{"line": 2**60}])), BundleTooLargeError),
        (bundle(pam=table("ok", [{}] * 20_001)), BundleTooLargeError),
        (bundle(pam=table("ok", [{f"k{i}": 1 for i in range(41)}])), BundleTooLargeError),
        (bundle(**{f"t{i}": table("ok") for i in range(200)}), BundleTooLargeError),
        (bundle(**{f"t{i}": table("ok", [{}] * 20_000) for i in range(6)}), BundleTooLargeError),
    ],
)
def test_a_hostile_bundle_is_refused_with_a_sentence(bad: Any, error: type[BundleError]) -> None:
    with pytest.raises(error) as caught:
        normalise(bad)
    text = caught.value.text()
    assert text.vi != text.en
    assert "{" not in text.vi + text.en


WORDS = st.sampled_from(
    ["root", "an", "sudo", "filter", "linux", "0", "-1", "99999", "yes", "no", "auth required pam_unix.so",
     "@include a", "password requisite pam_pwquality.so minlen=", "[x]", "path=/", "TMOUT=5", "*.* @@h", "::1",
     "/etc/pam.d/a", "/etc/ssh/sshd_config", "Match all", "Include *", "2026-01-01T00:00:00Z", "0x1003", "0777",
     "9999-12-31T23:59:59-14:00", "", "\t", "ALL ALL=(ALL) ALL", "min=1,2,3,4,5", "/ *(rw)", "* * * * *"]
)  # fmt: skip
_KEYS = """
file line text name uid gid shell password state max min expire last_change member path mode modified_at
port address protocol process hardware flags addresses destination gateway status version installed origin
security table family policy rules last chain mount device filesystem crypt known removable tool when key
value id version_id chassis_type active at readable directive default
"""
KEYS = st.sampled_from(_KEYS.split())
SCALARS = st.one_of(
    WORDS, st.integers(-(2**53) + 1, 2**53 - 1), st.booleans(), st.none(), st.text(max_size=20)
)
ROWS = st.lists(st.dictionaries(KEYS, SCALARS, max_size=10), max_size=5)
RAW_TABLE = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["ok", "ok", "ok", "partial", "empty", "denied", "error"]),
        "error": st.none() | st.just("denied: x"),
        "rows": ROWS,
    }
)
BUNDLES = st.dictionaries(st.sampled_from(sorted(TABLES)), RAW_TABLE, max_size=12)


@given(BUNDLES)
@limits(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_rows_hold_the_answer_is_facts_or_a_refusal(tables: dict[str, Any]) -> None:
    try:
        found = normalise(bundle(**tables))
    except BundleError:
        return
    check_shape(found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(
    JSON,
    st.sampled_from(["collector", "host", "started_at", "finished_at", "tables", "format", "pam"]),
)
@limits(max_examples=200, deadline=None)
def test_any_json_in_any_place_is_facts_or_a_refusal(value: Any, place: str) -> None:
    bad = bundle(pam=value) if place == "pam" else broken(**{place: value})
    try:
        normalise(json.loads(json.dumps(bad)))
    except BundleError as error:
        str(error)
