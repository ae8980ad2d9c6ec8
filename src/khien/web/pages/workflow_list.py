"""The page of a list: its things with their columns in words, filters with counts, what may be decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from khien.kernel.language import Text
from khien.registers.declarations import Field, register_by_code
from khien.registers.references import reference_labels
from khien.web.pages.register_list import said as said_cell
from khien.workflows.declarations import Decision, Step
from khien.workflows.doers import Doer
from khien.workflows.listing import MACHINES
from khien.workflows.models import CaseItem
from khien.workflows.selectors import CaseView, ItemPage, items_page

UNDECIDED_WORD = Text("chưa quyết định", "undecided")
ALL_WORD = Text("tất cả", "all")
DAY_FIELD: Field = replace(register_by_code("training").fields["held_on"], code="on")


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One thing of the list, in words."""

    item: CaseItem
    cells: Sequence[str]
    decision: Text | None
    is_from_machine: bool


@dataclass(frozen=True, slots=True)
class FilterShown:
    """One filter of the list, with how many things it shows."""

    query: str
    word: Text
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The whole list as it is shown."""

    step: Step
    workflow_title: Text
    register: str
    heads: Sequence[Text]
    rows: Sequence[ItemShown]
    filters: Sequence[FilterShown]
    decisions: Sequence[Decision]
    quick: Sequence[Decision]
    page: ItemPage
    may_decide: bool
    is_closed: bool
    asks_note: Sequence[Decision]
    asks_day: bool

    @property
    def pages(self) -> range:
        """Return the numbers of the pages."""
        return range(1, self.page.page_count + 1)


def list_page(
    view: CaseView, step: Step, doer: Doer, *, only: str | None, search: str, number: int
) -> ListPage:
    """Return the page of a list for a person."""
    items = step.items
    if items is None:
        raise ValueError(f"step {step.code} has no list")
    register = register_by_code(items.sources[0].register)
    known = only if only in ("", *items.decisions) else None
    page = items_page(view.case, step.code, only=known, search=search, number=number)
    fields = [register.fields[code] for code in items.columns]
    labels = reference_labels(register, [item.values for item in page.items])
    rows = [
        ItemShown(
            item,
            [said_cell(f, item.values.get(f.code), labels) for f in fields],
            items.decisions[item.decision].title if item.decision in items.decisions else None,
            item.source == MACHINES,
        )
        for item in page.items
    ]
    is_now = any(state.step.code == step.code and state.standing == "now" for state in view.states)
    decisions = list(items.decisions.values())
    return ListPage(
        step=step,
        workflow_title=view.workflow.title,
        register=register.code,
        heads=[field.title for field in fields],
        rows=rows,
        filters=_filters(decisions, page, known, search),
        decisions=decisions,
        quick=[d for d in decisions if not d.is_note_required],
        page=page,
        may_decide=is_now and step.who in doer.may,
        is_closed=step.code in view.world.steps,
        asks_note=[d for d in decisions if d.note is not None],
        asks_day=any(d.asks_day for d in decisions),
    )


def _filters(
    decisions: Sequence[Decision], page: ItemPage, only: str | None, search: str
) -> list[FilterShown]:
    def shown(code: str | None, word: Text, count: int) -> FilterShown:
        slug = "chua" if code == "" else code
        given = {"loc": slug, "tim": search} if slug else {"tim": search}
        query = urlencode({name: value for name, value in given.items() if value})
        return FilterShown(f"?{query}", word, count, only == code)

    named = [shown(d.code, d.title, page.counts.get(d.code, 0)) for d in decisions]
    return [shown("", UNDECIDED_WORD, page.undecided), *named, shown(None, ALL_WORD, page.total)]
