"""What steps do to registers: rows added and changed through the registers' own services."""

from __future__ import annotations

from collections.abc import Sequence

from khien.kernel.canonical import Json
from khien.registers.declarations import register_by_code
from khien.registers.models import Row
from khien.registers.services import add_row, bulk_change, change_row
from khien.registers.values import read_row
from khien.workflows.declarations import Effect
from khien.workflows.doers import Doer
from khien.workflows.models import CaseItem
from khien.workflows.world import World


def carry_out(effects: Sequence[Effect], world: World, doer: Doer) -> None:
    """Carry out changes in their order; rows that are added become known to the case by their names.

    Raises: InvalidRow, DuplicateKey, RowIsRetired: a register refuses; the caller's transaction ends
    """
    for effect in effects:
        if not world.holds(effect.only_if):
            continue
        if effect.add is not None:
            row = _add(effect, world, doer)
            if effect.alias is not None:
                world.case.rows[effect.alias] = row.pk
        elif effect.change_rows is not None:
            _change_rows(effect, world, doer)
        else:
            _change(effect, world, doer)


def carry_out_for(
    effects: Sequence[Effect], items: Sequence[CaseItem], world: World, doer: Doer
) -> None:
    """Carry out the changes of one decision for all things it was taken about.

    Things that get the same values are changed together, with one record.
    """
    for effect in effects:
        if effect.change is None:
            _each(effect, items, world, doer)
        else:
            _together(effect, items, world, doer)
    world.item = None


def _each(effect: Effect, items: Sequence[CaseItem], world: World, doer: Doer) -> None:
    for item in items:
        world.item = item
        carry_out([effect], world, doer)


def _together(effect: Effect, items: Sequence[CaseItem], world: World, doer: Doer) -> None:
    groups: dict[str, tuple[dict[str, Json], list[Row]]] = {}
    for item in items:
        world.item = item
        row = world.row_called(effect.change or "")
        if row is not None and not row.is_retired and world.holds(effect.only_if):
            raw = _raw(effect, world)
            groups.setdefault(repr(sorted(raw.items())), (raw, []))[1].append(row)
    for raw, rows in groups.values():
        bulk_change(rows, raw, references=doer.references, act=doer.act)
        for row in rows:
            world.forget(row.pk)


def _raw(effect: Effect, world: World) -> dict[str, Json]:
    """Return the values to write; what leads to nothing is left as it is, what is declared empty is emptied."""
    read = {field: world.value(given) for field, given in effect.values.items()}
    return {f: v for f, v in read.items() if v is not None or effect.values[f] is None}


def _add(effect: Effect, world: World, doer: Doer) -> Row:
    draft = read_row(register_by_code(effect.add or ""), _raw(effect, world), doer.references)
    return add_row(draft, unit=world.unit, act=doer.act)


def _change(effect: Effect, world: World, doer: Doer) -> None:
    row = world.row_called(effect.change or "")
    if row is None:
        return
    draft = read_row(
        register_by_code(row.register), _raw(effect, world), doer.references, base=row.values
    )
    change_row(row, draft, expected_version=row.version, act=doer.act)
    world.forget(row.pk)


def _change_rows(effect: Effect, world: World, doer: Doer) -> None:
    rows = world.rows_where(effect.change_rows or "", effect.where)
    if rows:
        bulk_change(rows, _raw(effect, world), references=doer.references, act=doer.act)
    for row in rows:
        world.forget(row.pk)
