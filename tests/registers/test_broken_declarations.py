"""Declarations: all that is wrong is told at once, each with its file and line; the library's own are right."""

from __future__ import annotations

from pathlib import Path

import pytest
from registers_cast import ANCHORS, OFFICE, PRINTER, made_registers, write_library

from khien.facts.tables import fact_tables
from khien.norms.library import LIBRARY
from khien.registers.declarations import load_registers, read_registers, register_by_code
from khien.registers.errors import UnknownRegister
from khien.registers.proposals import HostReadings, proposals_among
from khien.registers.values import NoReferences, read_row


def problems(folder: Path, **texts: str) -> list[str]:
    found = read_registers(write_library(folder, **texts), anchors=ANCHORS)[1]
    return [f"{problem.path.name}:{problem.line}: {problem.en}" for problem in found]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("vd/D1.k1", "vd/D99", "printer.yaml:7: «clauses» there is no clause «vd/D99»"),
        ("clause: vd/D2", "clause: vd/D9", "printer.yaml:33: «clause» there is no clause «vd/D9»"),
        ("of: office", "of: nowhere", "printer.yaml:36: «of» there is no register «nowhere»"),
        ("key: [mac]", "key: [macc]", "printer.yaml:12: «key» there is no field «macc»"),
        ("name: label", "name: [label, x]", "printer.yaml:11: «name» there is no field «x»"),
        ("[[bought_on, checked_at, sold_on]]", "[[bought_on, label]]", "printer.yaml:13: «dates» label is not a date"),
        ("[[bought_on, checked_at, sold_on]]", "[bought_on]", "printer.yaml:13: «dates» must be a list of sequences"),
        ("[[bought_on, checked_at, sold_on]]", "[[bought_on]]", "printer.yaml:13: «dates» needs two different dates"),
        ("row: {vi: máy in, en: printer}", "row: {vi: máy in}", "printer.yaml:4: «en» is missing"),
        ("type: mac", "type: mack", "printer.yaml:16: «type» must be one of"),
        ("register: printer", "register: print", "printer.yaml:2: «register» must equal the file's name"),
        ("required: true", "required: yes", "printer.yaml:15: «required» must be true or false"),
        ("demand: explicit", "demand: maybe", "printer.yaml:6: «demand» must be one of"),
        ("group: machines", "colour: red", "printer.yaml:10: «colour» unknown key"),
        ("  note: {type", "  row_number: {type", "printer.yaml:42: «row_number»: a field code"),
        ("vi: Ghi chú", "vi: So trang", "«note» has the name of field «pages» without tone marks"),
        ("vi: máy in phun", "vi: May in la-de", "reads the same as choice «laser» without tone marks"),
        ("type: choices", "type: text", "«choices» needed for choice and choices fields, and only for them"),
        ("min: 0", "min: 9, max: 1", "«min» is greater than max"),
        ("host_fact: interface.mac", "host_fact: interface", "«host_fact» must be table.column"),
        ("  ip: {", "  mac: {", "printer.yaml:17: bad YAML: 'mac' twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in PRINTER
    found = problems(tmp_path, printer=PRINTER.replace(old, new, 1), office=OFFICE)
    assert any(says in problem for problem in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    broken = (
        PRINTER.replace("vd/D1.k1", "vd/D8")
        .replace("of: office", "of: x")
        .replace("type: ip", "type: i")
    )
    assert len(problems(tmp_path, printer=broken, office="register: [")) == 4


def test_the_registers_of_the_library_are_right() -> None:
    registers = load_registers()
    assert len(registers) >= 36
    with pytest.raises(UnknownRegister):
        register_by_code("nowhere")
    for register in registers.values():
        draft = read_row(register, {}, NoReferences())
        required = {code for code, field in register.fields.items() if field.is_required}
        assert {problem.field for problem in draft.problems} == required


def test_facts_that_fill_registers_exist() -> None:
    tables = fact_tables(LIBRARY)
    unknown = [
        f"{register.code}.{field.code}: {field.host_fact}"
        for register in load_registers().values()
        for field in register.fields.values()
        if field.host_fact
        and (
            field.host_fact[0] not in tables
            or field.host_fact[1] not in tables[field.host_fact[0]].columns
        )
    ]
    assert unknown == []


def test_a_machine_that_is_not_registered_is_proposed(tmp_path: Path) -> None:
    printer = made_registers(tmp_path)["printer"]
    seen = HostReadings(
        "h1", "may-1",
        {
            "system_info": [{"hostname": "may-1"}],
            "interface": [
                {"name": "lo", "mac": None, "ipv4": "127.0.0.1/8"},
                {"name": "eth0", "mac": "00:1A:2B:3C:4D:5E", "ipv4": "10.0.0.5/24"},
            ],
        },
    )  # fmt: skip
    proposals = proposals_among(printer, [], [seen, seen])
    assert [dict(p.values) for p in proposals] == [{"label": "may-1", "mac": "00:1a:2b:3c:4d:5e", "ip": "10.0.0.5"}]  # fmt: skip
    assert (proposals[0].host_id, proposals[0].name) == ("h1", "may-1")
    assert proposals_among(printer, [{"label": "khác", "mac": "00:1a:2b:3c:4d:5e"}], [seen]) == []
    assert proposals_among(printer, [], [HostReadings("h2", "x", {})]) == []
    nameless = HostReadings(
        "h3", "may-3", {"system_info": [{"hostname": "may-3"}], "interface": []}
    )
    assert [p.name for p in proposals_among(printer, [], [nameless, seen])] == ["may-3", "may-1"]
    assert proposals_among(printer, [{"label": "MAY-3"}], [nameless]) == []
    endpoint = load_registers()["endpoint"]
    assert proposals_among(endpoint, [{"host": "h1", "endpoint_name": "cũ"}], [seen]) == []


def test_each_account_of_a_machine_is_a_proposal_of_its_own() -> None:
    account = load_registers()["account"]
    rows = [{"username": "an", "is_admin": True}, {"username": "binh", "is_admin": False}]
    known = [{"username": "AN", "host": "h1", "place": "machine"}]
    found = proposals_among(account, known, [HostReadings("h1", "may-1", {"account": rows})])
    assert [dict(p.values) for p in found] == [
        {"host": "h1", "username": "binh", "is_admin": False}
    ]


def test_unique_is_for_values_that_name_one_thing(tmp_path: Path) -> None:
    text = PRINTER.replace("is_shared: {type: boolean,", "is_shared: {type: boolean, unique: true,")
    _, problems = read_registers(write_library(tmp_path, printer=text), anchors=ANCHORS)
    assert any("unique" in str(problem) and "boolean" in str(problem) for problem in problems)
