"""Registers made up for the tests, and a way to write rows in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from khien.org.models import Unit
from khien.registers.declarations import Register, read_registers
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import RowDraft, read_row

NOW = datetime(2026, 6, 30, 3, 0, tzinfo=UTC)
AN = Act("an", NOW)
BINH = Act("binh", NOW)
ANCHORS = {"vd/D1.k1", "vd/D2"}

PRINTER = """
register: printer
title: {vi: Sổ máy in, en: Printers}
row: {vi: máy in, en: printer}
why: {vi: Biết máy in nào ở đâu., en: Know where each printer is.}
demand: explicit
clauses: [vd/D1.k1]
kind: list
personal_data: false
group: machines
name: label
key: [mac]
dates: [[bought_on, checked_at, sold_on]]
fields:
  label: {type: text, required: true, vi: Tên máy in, en: Label, filter: true, host_fact: system_info.hostname}
  mac: {type: mac, vi: Địa chỉ MAC, en: MAC address, host_fact: interface.mac}
  ip: {type: ip, vi: Địa chỉ IP, en: IP address, host_fact: interface.ipv4}
  kind:
    type: choice
    wanted: true
    vi: Chủng loại
    en: Kind
    choices: {laser: {vi: máy in la-de, en: laser}, ink: {vi: máy in phun, en: ink jet}}
  uses:
    type: choices
    vi: Dùng cho
    en: Used for
    choices: {letters: {vi: công văn, en: letters}, maps: {vi: 'bản đồ, bản vẽ', en: 'maps, plans'}}
  is_shared: {type: boolean, vi: Dùng chung, en: Shared}
  pages: {type: integer, vi: Số trang, en: Pages, min: 0}
  price: {type: money, vi: Giá mua, en: Price}
  ink_left: {type: percent, vi: Mực còn lại, en: Ink left}
  bought_on: {type: date, vi: Ngày mua, en: Bought on, clause: vd/D2, filter: true}
  checked_at: {type: moment, vi: Kiểm tra lúc, en: Checked at}
  sold_on: {type: date, vi: Ngày thanh lý, en: Sold on}
  room: {type: row, of: office, vi: Phòng đặt máy, en: Office}
  holder: {type: person, vi: Người giữ, en: Holder}
  owner_unit: {type: unit, vi: Đơn vị sở hữu, en: Owner}
  phone: {type: phone, vi: Điện thoại, en: Telephone}
  email: {type: email, vi: Thư điện tử, en: E-mail}
  page: {type: url, vi: Trang quản trị, en: Page}
  note: {type: long_text, vi: Ghi chú, en: Note}
"""
OFFICE = """
register: office
title: {vi: Sổ phòng, en: Offices}
row: {vi: phòng, en: office}
why: {vi: Biết có phòng nào., en: Know the offices.}
demand: implied
clauses: [vd/D2]
group: place
name: label
key: [label]
fields:
  label: {type: text, required: true, vi: Tên phòng, en: Office name}
"""
PERSON = """
register: person
title: {vi: Sổ nhân sự, en: Persons}
row: {vi: người, en: person}
why: {vi: Biết ai làm việc., en: Know who works here.}
demand: implied
clauses: [vd/D2]
personal_data: true
group: people
name: full_name
key: []
fields:
  full_name: {type: text, required: true, vi: Họ và tên, en: Full name}
"""


def write_library(folder: Path, **texts: str) -> Path:
    """Write declarations into a library folder and return it."""
    (folder / "registers").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / "registers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def made_registers(folder: Path) -> dict[str, Register]:
    """Return the registers of the tests."""
    write_library(folder, printer=PRINTER, office=OFFICE, person=PERSON)
    registers, problems = read_registers(folder, anchors=ANCHORS)
    assert [str(problem) for problem in problems] == []
    return registers


@dataclass(frozen=True)
class Cast:
    """Units, and a way to write rows as their officers."""

    registers: dict[str, Register]
    ward: Unit
    station: Unit
    strange: Unit

    @property
    def references(self) -> VisibleReferences:
        return VisibleReferences([self.ward, self.station], home=self.ward)

    def draft(self, register: str = "printer", **raw: object) -> RowDraft:
        return read_row(self.registers[register], raw, self.references)

    def add(
        self, register: str = "printer", *, unit: Unit | None = None, act: Act = AN, **raw: object
    ) -> Row:
        return add_row(self.draft(register, **raw), unit=unit or self.ward, act=act)
