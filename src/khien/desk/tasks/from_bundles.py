"""Tasks from bundles between instances: a ledger below that did not continue, a bundle that a receiver refused."""

from __future__ import annotations

from collections.abc import Iterable

from khien.desk.targets import Target
from khien.desk.tasks.task import Asked, Task
from khien.exchange.submission_facts import facts_of
from khien.exchange.submission_selectors import alarms_under, answer_of, refused_of
from khien.kernel.language import Text


def to_look_at(asked: Asked) -> Iterable[Task]:
    """Find alarms about units in detail and below, and bundles of the units that wait for a person."""
    for partner, above in alarms_under([*asked.units, *asked.below]):
        yield Task(
            source="bundles",
            title=Text(
                f"Hỏi {partner.unit.name_vi} vì sao sổ cái không nối tiếp",
                f"Ask {partner.unit.name_en} why its ledger does not continue",
            ),
            target=Target("bundles", (("unit", above.code),)),
            why=facts_of([partner.alarm])[0].text,
            is_urgent=True,
            rank=0,
        )
    for sent in refused_of(asked.units):
        name = sent.partner.name_vi
        yield Task(
            source="bundles",
            title=Text(
                f"Gửi lại gói số {sent.sequence} cho {name}",
                f"Send bundle {sent.sequence} to {name} again",
            ),
            target=Target("bundles", (("unit", sent.partner.unit.code),)),
            why=answer_of(sent),
            is_urgent=True,
            where=asked.where(sent.partner.unit),
        )
