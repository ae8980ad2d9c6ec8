"""A text that is shared, in words: the forms it leaves in, and what came in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from khien.adoption.sharing.ciso_reading import Skeleton
from khien.adoption.sharing.errors import PackageKeyNotTrusted, SharedBroken
from khien.adoption.sharing.forms import (
    CISO,
    FOLDER,
    FORM_WORDS,
    OSCAL,
    PACKAGE,
    WORKBOOK,
    SharedText,
    verify_package,
)
from khien.adoption.sharing.keys import owner_of, trust_here
from khien.adoption.sharing.package import Verified
from khien.adoption.sharing.recognising import CLAUSES_MAX
from khien.adoption.sharing.selectors import signing_unit
from khien.kernel.errors import KhienError
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Document
from khien.org.models import Unit, User
from khien.org.roles import MANAGE
from khien.org.selectors import visible_to

# What stands in an address for each form that nobody signs.
UNSIGNED: Final[Mapping[str, str]] = {
    "thu-muc": FOLDER,
    "so-tinh": WORKBOOK,
    "oscal": OSCAL,
    "ciso-assistant": CISO,
}
_PURPOSES: Final[Mapping[str, Promise]] = {
    FOLDER: gettext_lazy("A zip of the library's files, byte for byte: for a version control system, or to keep."),
    WORKBOOK: gettext_lazy("For people who read and edit; an edited one can be brought in again."),
    OSCAL: gettext_lazy("A zip with catalog, controls and profile: for programs that know OSCAL 1.2."),
    CISO: gettext_lazy("A YAML file to be loaded into CISO Assistant: clauses and controls, the rest as notes."),
    PACKAGE: gettext_lazy("For other units with Khiên: they see that it is whole and that it comes from here."),
}  # fmt: skip
_CLAUSES_SHOWN: Final = 6
_PROBLEMS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class FormShown:
    """One form to take a text away in."""

    words: Text
    purpose: str
    address: str


@dataclass(frozen=True, slots=True)
class ShareFold:
    """What a document's page offers to take away.

    signing: the unit for which this person may sign; None: nobody asks them; is_long: only the command line can
    """

    forms: Sequence[FormShown]
    package: FormShown
    signing: Unit | None
    document: Document
    is_long: bool
    limit: int = CLAUSES_MAX


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was verified, or was not: good, bad, or neither."""

    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Came:
    """A file that came, read and not stored: a text, a skeleton, or refused with a reason.

    held: the text of the library or on its way here that bears the same code; keys: where keys are paired, for
    who may; problems: each mistake of a broken text with its place
    """

    name: str
    token: str
    form: str = ""
    text: SharedText | None = None
    skeleton: Skeleton | None = None
    refused: KhienError | None = None
    facts: Sequence[Fact] = ()
    seal: Verified | None = None
    problems: Sequence[str] = ()
    problems_left: int = 0
    keys: str = ""
    needs_pairing: bool = False
    is_held: bool = False

    @property
    def library_code(self) -> str:
        """Return the code under which the library shows such a text already; empty where it does not."""
        code = self.text.document.id if self.text else ""
        return code if code in load_library().documents else ""

    @property
    def duty_count(self) -> int:
        """Return how many duties the text holds."""
        return sum(1 for _ in self.text.document.duties()) if self.text else 0

    @property
    def control_count(self) -> int:
        """Return how many controls of the product the text names."""
        if self.text is None:
            return 0
        fed = {duty.control for _, duty in self.text.document.duties()}
        return len(fed - set(self.text.own_controls))

    @property
    def first_clauses(self) -> Sequence[str]:
        """Return the beginning of a skeleton, so that one sees what it is."""
        if self.skeleton is None:
            return ()
        said = [str(one.text) or str(one.title) for one in self.skeleton.clauses]
        return [words for words in said if words][:_CLAUSES_SHOWN]

    @property
    def proposal_count(self) -> int:
        """Return how many controls a skeleton proposes."""
        return sum(len(one.proposals) for one in self.skeleton.clauses) if self.skeleton else 0


def share_fold(document: Document, user: User | AnonymousUser) -> ShareFold:
    """Return what a document's page offers to take away."""
    return ShareFold(
        forms=[
            FormShown(
                FORM_WORDS[form],
                str(_PURPOSES[form]),
                reverse("text-shared", args=[document.id, slug]),
            )
            for slug, form in UNSIGNED.items()
        ],
        package=FormShown(
            FORM_WORDS[PACKAGE],
            str(_PURPOSES[PACKAGE]),
            reverse("text-package", args=[document.id]),
        ),
        signing=signing_unit(document.id, user),
        document=document,
        is_long=len(document.clauses) > CLAUSES_MAX,
    )


def came_text(got: SharedText | Skeleton, *, name: str, token: str) -> Came:
    """Return what a file that was read holds, in words."""
    words = str(FORM_WORDS[got.form])
    if isinstance(got, Skeleton):
        return Came(name, token, words, skeleton=got)
    facts = _seal_facts(got.seal) if got.seal else [_nobodys()]
    facts.append(Fact("good", gettext("Every clause, duty, value and cited law was checked")))
    held = got.document.id in load_library().documents
    return Came(name, token, words, text=got, facts=facts, seal=got.seal, is_held=held)


def came_refused(
    refused: KhienError, content: bytes, *, name: str, token: str, user: User | AnonymousUser
) -> Came:
    """Return why a file was refused, with what holds of it all the same and what to do next."""
    if isinstance(refused, PackageKeyNotTrusted):
        seal = verify_package(content, trust_here, name=name)
        unit = visible_to(user, MANAGE).first()
        keys = reverse("bundle-keys", args=[unit.code]) if unit else ""
        facts = _seal_facts(seal)
        return Came(
            name, token, refused=refused, facts=facts, seal=seal, keys=keys, needs_pairing=True
        )
    problems = refused.problems if isinstance(refused, SharedBroken) else ()
    shown = problems[:_PROBLEMS_SHOWN]
    left = len(problems) - len(shown)
    return Came(name, token, refused=refused, problems=shown, problems_left=left)


def _seal_facts(seal: Verified) -> list[Fact]:
    number = f"{seal.key.name} ({seal.key.key_id.hex()})"
    owner = owner_of(seal.key)
    whose = gettext("Signed with the key %(key)s: %(owner)s") if owner else gettext(
        "Signed with the key %(key)s, which nobody registered here"
    )  # fmt: skip
    trust = (
        Fact("good", gettext("This installation trusts the key"))
        if seal.distrust is None
        else Fact("bad", gettext("Not trusted here: %(why)s") % {"why": seal.distrust})
    )
    return [
        Fact("good", gettext("Intact: the signature holds")),
        Fact("good", gettext("%(n)s files are as they were signed") % {"n": len(seal.files)}),
        Fact("good" if owner else "bad", whose % {"key": number, "owner": owner or ""}),
        trust,
    ]


def _nobodys() -> Fact:
    return Fact(
        "noted",
        gettext("Not signed: nobody vouches for who made it. The leader who approves answers for it."),
    )  # fmt: skip
