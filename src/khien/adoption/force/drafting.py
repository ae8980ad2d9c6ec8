"""A text put together as it would be published: files, units, what it replaces; checked, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from khien.adoption.force.errors import (
    CodeOfAnother,
    DaysInWrongOrder,
    NotReviewed,
)
from khien.adoption.force.files import Binds, Decided, Reviewed, library_files, with_binds
from khien.adoption.force.head import Head, head_of
from khien.adoption.force.scope import SUBTREE, Scope, scope_from, units_in
from khien.adoption.force.selectors import decided_of
from khien.adoption.force.targets import (
    Acting,
    checked_amendments,
    document_named,
    must_not_circle,
    replaced_documents,
)
from khien.adoption.force.verifying import read_back
from khien.adoption.models import ImportedText, OwnControl
from khien.adoption.review.drafts import controls_known
from khien.adoption.review.selectors import own_controls_of, undecided, words_of_own
from khien.adoption.structure import structure_of
from khien.kernel.clock import said_day
from khien.kernel.language import Text
from khien.norms.law_fate import law_fates
from khien.norms.library import load_library
from khien.norms.model import Document, Library
from khien.norms.own_controls import own_control_files
from khien.norms.own_library import digest_of
from khien.norms.wording import clause_name
from khien.org.models import Unit, User

_NAMED_MAX = 10
NO_DAY = Text("chưa ghi ngày có hiệu lực", "the day it comes into force is missing")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it would be published.

    library: as it would be with the text in it; replaces: ids of the library's texts that it ends.
    """

    code: str
    files: Mapping[str, str]
    document: Document
    library: Library
    units: tuple[Unit, ...]
    scope: Scope
    replaces: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Return the digest of the files, as it stands in the ledger."""
        return digest_of(self.files)


def draft_of(text: ImportedText, *, user: User | None = None, is_whole: bool = True) -> Draft:
    """Return a text as it would be published now.

    Args:   user: who asks: only units this person sees may be bound; None: the command line
            is_whole: refuse while clauses are not reviewed
    Raises: NotReviewed, TextHasMistakes, NobodyBound, UnitOutOfReach, DaysInWrongOrder, ActsOnItself,
            CircleOfTexts, UnknownAmended, CodeOfAnother
    """
    left = undecided(text) if is_whole and not text.shared else []
    if left:
        named = ", ".join(clause_name(path).vi for path in left[:_NAMED_MAX])
        more = " …" if len(left) > _NAMED_MAX else ""
        raise NotReviewed(count=len(left), clauses=named + more)
    library = library_without(text.code)
    head = head_of(text)
    begin = checked_days(head, library, names_replaced(text, head))
    scope = scope_from(text.scope, text.unit)
    units = units_in(scope, text.unit, user=user)
    amends = checked_amendments(text.amends, text.code, library)
    names = names_replaced(text, head)
    must_not_circle(
        Acting(text.code, head.number, (*names, *(str(one["document"]) for one in amends))), library
    )
    binds = Binds(
        words=scope_words(scope, units, text.unit).vi,
        unit_kinds=tuple(dict.fromkeys(unit.kind for unit in units)),
        in_force_from=begin,
        in_force_to=head.in_force_to,
        replaces=names,
        amends=tuple(amends),
    )
    files = _files(text, head, binds, library)
    read, document = read_back(text.code, files, library)
    ended = replaced_documents(names, library)
    return Draft(text.code, files, document, read, tuple(units), scope, ended)


def _files(text: ImportedText, head: Head, binds: Binds, library: Library) -> dict[str, str]:
    if text.shared:
        return with_binds(text.shared["files"], text.code, binds)
    decided = decided_of(text)
    return library_files(
        Reviewed(
            code=text.code,
            head=head,
            structure=structure_of(text),
            decided=decided,
            binds=binds,
            controls=controls_known(library, own_controls_of(text)),
            law=tuple(law_fates()),
            own_controls=own_controls_fed(text, decided),
        )
    )


def library_without(code: str) -> Library:
    """Return the library in use without a text of that code, and without the own controls that it alone feeds.

    Raises: CodeOfAnother: the product's library has the code
    """
    library = load_library()
    held = library.documents.get(code)
    if held is None:
        return library
    if not held.is_own:
        raise CodeOfAnother(text=code)
    others = {name: one for name, one in library.documents.items() if name != code}
    fed = {duty.control for one in others.values() for _, duty in one.duties()}
    own = held.folder.parent.parent
    controls = {
        name: control
        for name, control in library.controls.items()
        if name in fed or not control.folder.is_relative_to(own)
    }
    return replace(library, documents=others, controls=controls)


def names_replaced(text: ImportedText, head: Head) -> tuple[str, ...]:
    """Return what a text replaces, as words: chosen by a person, else as the text itself says."""
    return tuple(str(one) for one in text.replaces) if text.replaces else head.replaces


def checked_days(head: Head, library: Library, replaced: Sequence[str]) -> date:
    """Return the day from which a text is in force.

    Raises: DaysInWrongOrder: none is known, before it was issued, after its end, or before what it replaces
    """
    begin = head.in_force_from
    if begin is None:
        raise DaysInWrongOrder(NO_DAY)
    if head.issued_on is not None and begin < head.issued_on:
        days = {"begin": said_day(begin), "issued": said_day(head.issued_on)}
        raise DaysInWrongOrder(
            Text(
                "có hiệu lực {begin} trước ngày ban hành {issued}",
                "in force from {begin}, before it was issued on {issued}",
            ).fill(days)
        )
    if head.in_force_to is not None and head.in_force_to <= begin:
        days = {"begin": said_day(begin), "end": said_day(head.in_force_to)}
        raise DaysInWrongOrder(
            Text(
                "hết hiệu lực {end} không sau ngày có hiệu lực {begin}",
                "it ends on {end}, not after it comes into force on {begin}",
            ).fill(days)
        )
    for name in replaced:
        old = document_named(name, library.documents.values())
        if old is not None and begin < old.in_force_from:
            days = {
                "begin": said_day(begin), "old": old.short.vi, "old_day": said_day(old.in_force_from)
            }  # fmt: skip
            raise DaysInWrongOrder(
                Text(
                    "có hiệu lực {begin}, trước văn bản bị thay thế ({old}, {old_day})",
                    "in force from {begin}, before the text it replaces ({old}, {old_day})",
                ).fill(days)
            )
    return begin


def scope_words(scope: Scope, units: Sequence[Unit], home: Unit) -> Text:
    """Return whom a scope means, in words."""
    if scope.how == SUBTREE and not scope.kinds and not scope.place:
        top = next((unit.name_vi for unit in units if unit.code == scope.under), home.name_vi)
        return Text(
            f"{top} và các đơn vị cấp dưới ({len(units)})",
            f"{top} and the units below it ({len(units)})",
        )
    named = ", ".join(unit.name_vi for unit in units[:_NAMED_MAX])
    more = " …" if len(units) > _NAMED_MAX else ""
    return Text(f"{named}{more} ({len(units)} đơn vị)", f"{named}{more} ({len(units)} units)")


def own_controls_fed(text: ImportedText, decided: Mapping[str, Decided]) -> dict[str, str]:
    """Return the library files of the controls that the unit wrote for a text and that a clause feeds."""
    fed = {str(duty.get("control")) for one in decided.values() for duty in one.duties}
    files: dict[str, str] = {}
    for row in OwnControl.objects.filter(text=text, code__in=fed).order_by("code"):
        files.update(own_control_files(words_of_own(row)))
    return files
