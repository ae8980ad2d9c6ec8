"""The only door for reading what people decided about the clauses of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from khien.adoption.models import ClauseReview, ImportedText, OwnControl, ReviewClaim
from khien.adoption.review.clauses import Chapter, ancestors_of, words_digest
from khien.adoption.review.drafts import NOTHING, DutyDraft, draft_of, nothing_of
from khien.adoption.review.errors import UnknownClause
from khien.adoption.review.suggesting import clauses_to_decide, suggestions_of
from khien.adoption.structure import structure_of
from khien.kernel.canonical import canonical_bytes, sha256_hex
from khien.norms.library import load_library
from khien.norms.model import Control, Library
from khien.norms.own_controls import OwnControlWords, own_control
from khien.norms.suggest.suggesting import Suggestion
from khien.norms.text.model import Node

# The longest sweep: what a person can still look through.
SWEEP_MAX = 500
# So many of the five regulations make a control one that a text is expected to speak of.
_MOST_TEXTS = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a clause; `is_stale`: its words changed since, and it counts as undecided."""

    path: str
    outcome: str
    duties: tuple[Mapping[str, object], ...]
    none: str
    how: str
    version: int
    by: str
    review: ClauseReview
    is_stale: bool


@dataclass(frozen=True, slots=True)
class ChapterProgress:
    """How far the review of a chapter has come, and who took it."""

    chapter: Chapter
    decided: int
    stale: int
    sure: int
    claimed_by: str
    next_path: str

    @property
    def total(self) -> int:
        """Return how many clauses there are to decide."""
        return len(self.chapter.nodes)

    @property
    def undecided(self) -> int:
        """Return how many wait."""
        return self.total - self.decided

    @property
    def doubtful(self) -> int:
        """Return how many wait and want a look."""
        return self.undecided - self.sure


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review of a text has come; orphans: decisions of clauses that the structure no longer has."""

    chapters: tuple[ChapterProgress, ...]
    duties: int
    nothing: int
    own: int
    fed: frozenset[str]
    orphans: tuple[str, ...]

    @property
    def controls(self) -> int:
        """Return how many controls are fed."""
        return len(self.fed)

    @property
    def total(self) -> int:
        """Return how many clauses there are to decide."""
        return sum(one.total for one in self.chapters)

    @property
    def decided(self) -> int:
        """Return how many are decided."""
        return sum(one.decided for one in self.chapters)

    @property
    def undecided(self) -> int:
        """Return how many wait."""
        return self.total - self.decided

    @property
    def sure(self) -> int:
        """Return how many wait with a sure suggestion."""
        return sum(one.sure for one in self.chapters)

    @property
    def stale(self) -> int:
        """Return how many were decided of words that changed since."""
        return sum(one.stale for one in self.chapters)

    @property
    def doubtful(self) -> int:
        """Return how many wait and want a look."""
        return self.undecided - self.sure

    @property
    def percent(self) -> int:
        """Return the share decided; 100 only when all are."""
        return 100 if not self.undecided else min(99, 100 * self.decided // self.total)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands in the review: in which chapter, as which of how many, between which others."""

    chapter: Chapter | None
    number: int
    total: int
    decided: int
    previous: str
    following: str

    @property
    def undecided(self) -> int:
        """Return how many clauses of the text wait."""
        return self.total - self.decided


@dataclass(frozen=True, slots=True)
class SweepMade:
    """A sweep of which something still stands: who made it, when, and how many clauses it decided."""

    version: int
    by: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Sure:
    """One clause of a sweep: the duty it would get, or why it would get none."""

    node: Node
    duty: DutyDraft | None
    none: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The sure suggestions of a chapter; `seen` is the digest of exactly this list."""

    chapter: Chapter
    clauses: tuple[Sure, ...]
    seen: str


def decisions_of(text: ImportedText, *, stale: bool = False) -> dict[str, Decision]:
    """Return what was decided, by path, in the order of the text.

    Args: stale: also decisions of words that changed since, and of clauses that are no longer there
    """
    clauses = clauses_to_decide(text)
    document = structure_of(text)
    found = []
    for review in ClauseReview.objects.filter(text=text):
        digest = clauses.digests.get(review.path)
        if digest is None and document.node(review.path) is not None:
            digest = review.words_sha256  # decided although nothing had to be: a lead-in, a title
        decision = _decision(review, is_stale=digest != review.words_sha256)
        if stale or not decision.is_stale:
            found.append(decision)
    last = len(clauses.place)
    found.sort(key=lambda one: (clauses.place.get(one.path, last), one.path))
    return {one.path: one for one in found}


def _decision(review: ClauseReview, *, is_stale: bool) -> Decision:
    return Decision(
        path=review.path,
        outcome=review.outcome,
        duties=tuple(review.duties),
        none=review.none,
        how=review.how,
        version=review.version,
        by=review.decided_by,
        review=review,
        is_stale=is_stale,
    )


def decided_duties(text: ImportedText) -> dict[str, tuple[Mapping[str, object], ...]]:
    """Return the duties decided, by path; clauses that demand nothing are left out."""
    return {path: one.duties for path, one in decisions_of(text).items() if one.duties}


def is_reviewed(text: ImportedText) -> bool:
    """Say whether every clause that is to be decided is, of the words it has now."""
    decided, total = decided_count(text)
    return bool(total) and decided == total


def decided_count(text: ImportedText) -> tuple[int, int]:
    """Return how many clauses are decided, of how many; without a look at suggestions."""
    total = len(clauses_to_decide(text).digests)
    return total - len(undecided(text)), total


def undecided(text: ImportedText) -> list[str]:
    """Return the paths of the clauses nobody decided on, or whose words changed since, in their order."""
    current = clauses_to_decide(text).digests
    held = dict(ClauseReview.objects.filter(text=text).values_list("path", "words_sha256"))
    return [path for path, digest in current.items() if held.get(path) != digest]


def progress_of(text: ImportedText) -> Progress:
    """Return how far the review has come, by chapter."""
    clauses, decisions = clauses_to_decide(text), decisions_of(text, stale=True)
    suggestions = suggestions_of(text)
    claims = dict(ReviewClaim.objects.filter(text=text).values_list("path", "person"))
    fresh = {path for path, one in decisions.items() if not one.is_stale}
    chapters = tuple(
        _chapter_progress(chapter, fresh, set(decisions) - fresh, suggestions, claims)
        for chapter in clauses.chapters
    )
    controls = {
        str(duty["control"])
        for path in fresh
        for duty in decisions[path].duties
        if path in clauses.place
    }
    return Progress(
        chapters=chapters,
        duties=sum(len(decisions[path].duties) for path in fresh),
        nothing=sum(decisions[path].outcome == ClauseReview.Outcome.NOTHING for path in fresh),
        own=len(
            controls & set(OwnControl.objects.filter(text=text).values_list("code", flat=True))
        ),
        fed=frozenset(controls),
        orphans=tuple(
            path for path in decisions if path not in clauses.place and decisions[path].is_stale
        ),
    )


def _chapter_progress(
    chapter: Chapter,
    fresh: set[str],
    stale: set[str],
    suggestions: Mapping[str, Suggestion],
    claims: Mapping[str, str],
) -> ChapterProgress:
    waiting = [node.path for node in chapter.nodes if node.path not in fresh]
    return ChapterProgress(
        chapter=chapter,
        decided=len(chapter.nodes) - len(waiting),
        stale=sum(path in stale for path in waiting),
        sure=sum(is_sure(suggestions.get(path)) for path in waiting),
        claimed_by=claims.get(chapter.path, ""),
        next_path=waiting[0] if waiting else "",
    )


def missing_controls(fed: Collection[str]) -> list[Control]:
    """Return the controls that most regulations of the library ask for and a text does not, the commonest first.

    Args: fed: the controls that the text's decided duties feed
    """
    library = load_library()
    spread = Counter(
        control
        for document in library.regulations.values()
        if not document.is_own
        for control in {duty.control for _, duty in document.duties() if duty.modality != "info"}
    )
    return [
        library.controls[control]
        for control, count in spread.most_common()
        if count >= _MOST_TEXTS and control not in fed
    ]


def is_sure(suggestion: Suggestion | None) -> bool:
    """Say whether a suggestion may be confirmed without a look at it alone."""
    if suggestion is None or not suggestion.sure:
        return False
    return bool(suggestion.controls) or suggestion.modality.code == "info"


def chapter_at(text: ImportedText, path: str) -> Chapter:
    """Return a chapter of a text by its path.

    Raises: UnknownClause: the text has none of this path
    """
    chapter = clauses_to_decide(text).chapter(path)
    if chapter is None:
        raise UnknownClause(text=text.code, path=path)
    return chapter


def sweep_of(text: ImportedText, chapter: Chapter) -> Sweep:
    """Return what one confirmation of a chapter's sure suggestions would write."""
    library, suggestions = load_library(), suggestions_of(text)
    held = dict(ClauseReview.objects.filter(text=text).values_list("path", "words_sha256"))
    digests = clauses_to_decide(text).digests
    sure = [
        _sure(text, node, suggestions[node.path], library)
        for node in chapter.nodes
        if held.get(node.path) != digests[node.path] and is_sure(suggestions.get(node.path))
    ][:SWEEP_MAX]
    seen = sha256_hex(
        canonical_bytes(
            [[one.node.path, one.none, one.duty.as_json() if one.duty else None] for one in sure]
        )
    )
    return Sweep(chapter, tuple(sure), seen)


def _sure(text: ImportedText, node: Node, suggestion: Suggestion, library: Library) -> Sure:
    nothing = nothing_of(suggestion, titles_above(text, node))
    if nothing:
        return Sure(node, None, nothing)
    return Sure(node, draft_of(suggestion, library.controls[suggestion.controls[0].control]))


def titles_above(text: ImportedText, node: Node) -> list[str]:
    """Return the titles that stand above a clause, the highest first."""
    above = ancestors_of(structure_of(text), node)
    return [one.title or one.text for one in above]


def decision_at(text: ImportedText, path: str) -> Decision | None:
    """Return what was decided about one clause; None where nothing was."""
    review = ClauseReview.objects.filter(text=text, path=path).first()
    node = structure_of(text).node(path)
    if review is None or node is None:
        return None
    return _decision(review, is_stale=review.words_sha256 != words_digest(node))


def clause_at(text: ImportedText, path: str) -> Node:
    """Return a clause of a text by its path.

    Raises: UnknownClause: the text has none of this path
    """
    node = structure_of(text).node(path)
    if node is None:
        raise UnknownClause(text=text.code, path=path)
    return node


def place_of(text: ImportedText, node: Node) -> Place:
    """Return where a clause stands among those that are decided."""
    clauses = clauses_to_decide(text)
    held = dict(ClauseReview.objects.filter(text=text).values_list("path", "words_sha256"))
    number = clauses.place.get(node.path, _nearest(text, node))
    before = clauses.nodes[number - 1].path if number > 0 else ""
    after = number + (node.path in clauses.place)
    return Place(
        chapter=clauses.chapter(clauses.chapter_of.get(node.path, "")),
        number=number + 1,
        total=len(clauses.nodes),
        decided=sum(held.get(path) == digest for path, digest in clauses.digests.items()),
        previous=before,
        following=clauses.nodes[after].path if after < len(clauses.nodes) else "",
    )


def _nearest(text: ImportedText, node: Node) -> int:
    """Return the place of the first clause to decide that stands after one that need not be."""
    nodes = clauses_to_decide(text).nodes
    return next(
        (place for place, one in enumerate(nodes) if one.line_start >= node.line_start), len(nodes)
    )


def sweeps_of(text: ImportedText) -> list[SweepMade]:
    """Return the sweeps of which something stands, the newest first."""
    rows = (
        ClauseReview.objects.filter(text=text, how="sweep")
        .values_list("version", "decided_by", "decided_at")
        .annotate(count=Count("pk"))
        .order_by("-version")
    )
    return [SweepMade(*row) for row in rows]


def next_undecided(text: ImportedText, after: str = "") -> str:
    """Return the next clause that waits, from a place on and then from the beginning; empty where none does."""
    clauses = clauses_to_decide(text)
    held = dict(ClauseReview.objects.filter(text=text).values_list("path", "words_sha256"))
    start = clauses.place.get(after, -1) + 1
    order: Sequence[Node] = (*clauses.nodes[start:], *clauses.nodes[:start])
    for node in order:
        if held.get(node.path) != clauses.digests[node.path]:
            return node.path
    return ""


def last_decision_by(text: ImportedText, person: str) -> ClauseReview | None:
    """Return what a person decided last in a text and still stands."""
    mine = ClauseReview.objects.filter(text=text, decided_by=person)
    return mine.order_by("-version", "pk").first()


def own_controls_of(text: ImportedText) -> dict[str, Control]:
    """Return the controls written for a text, as controls of the library's form, by code."""
    return {row.code: own_control(words_of_own(row)) for row in _own_rows(text)}


def _own_rows(text: ImportedText) -> Iterator[OwnControl]:
    yield from OwnControl.objects.filter(text=text).order_by("code")


def words_of_own(row: OwnControl) -> OwnControlWords:
    """Return what the unit wrote about its own control."""
    return OwnControlWords(
        code=row.code,
        title=row.title,
        why=row.why,
        fix=row.fix,
        supply=row.supply,
        evidence=row.evidence,
        severity=row.severity,
    )


def own_words_of(text: ImportedText, code: str) -> OwnControlWords | None:
    """Return what the unit wrote about a control of this text; None where it has no such control."""
    row = OwnControl.objects.filter(text=text, code=code).first()
    return words_of_own(row) if row else None


def nothing_words(code: str) -> str:
    """Return why a clause demands nothing, in words."""
    return str(NOTHING.get(code) or load_library().label(code))
