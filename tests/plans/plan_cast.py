"""Units bound by texts, and rows of registers, for the tests of money, suppliers and plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from khien.kernel.clock import now_utc
from khien.norms.library import load_library
from khien.norms.services import bind_document
from khien.org.models import Unit
from khien.org.services import register_unit
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.references import VisibleReferences
from khien.registers.services import Act, add_row
from khien.registers.values import read_row


def bound_unit(code: str, *documents: str) -> Unit:
    made = register_unit(
        code,
        name_vi=f"Đơn vị {code}",
        name_en=f"Unit {code}",
        kind="ward",
        place="X",
        now=now_utc(),
    )
    for document in documents:
        bind_document(
            made, document, library=load_library(), bound_from=date(2021, 1, 1), now=now_utc()
        )
    return made


def add(unit: Unit, register: str, **raw: Any) -> Row:
    """File a row as a form would."""
    draft = read_row(register_by_code(register), raw, VisibleReferences([unit], home=unit))
    assert not draft.problems, draft.problems
    return add_row(draft, unit=unit, act=Act("an", now_utc()))
