"""An occurrence in words: its duty, its clause, its days and why they are so, what closes it, what closed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from khien.duties.comparing import (
    CLAUSE_AMENDED,
    DOCUMENT_ENDED,
    ROW_GONE,
    SCHEDULE_CHANGED,
    UNIT_ENDED,
)
from khien.duties.holidays import working_days
from khien.duties.models import Occurrence
from khien.duties.plan import DutyPlan, plan_of
from khien.duties.proofs import ANSWER, ProofRule, ProofRules
from khien.duties.windows import (
    AT_ONCE,
    LATE_FROM_START,
    NO_DAY_IN_TEXT,
    OWN_INTERVAL,
    data_window,
)
from khien.kernel.clock import said_day, said_moment
from khien.kernel.language import Text
from khien.norms.library import load_library
from khien.norms.model import Clause, Document, Duty, Library
from khien.norms.wording import cited
from khien.org.roles import ROLES
from khien.registers.declarations import Register, load_registers

STAND_WORDS: Mapping[str, Text] = {
    "upcoming": Text("chưa tới kỳ", "not open yet"),
    "open": Text("đang trong kỳ", "open"),
    "due_soon": Text("sắp tới hạn", "due soon"),
    "overdue": Text("quá hạn", "overdue"),
    "done": Text("đã xong", "done"),
    "done_late": Text("xong, trễ hạn", "done late"),
    "missed": Text("đã bỏ lỡ", "missed"),
    "not_applicable": Text("không áp dụng kỳ này", "does not apply this time"),
    "replaced": Text("không còn hiệu lực", "no longer due"),
}
REMARKS: Mapping[str, Text] = {
    LATE_FROM_START: Text(
        "Hạn {due} đã qua khi văn bản bắt đầu áp dụng cho đơn vị ({opens}): trễ ngay từ ngày đầu. "
        "Làm ngay và ghi rõ lý do khi báo cáo.",
        "The day {due} was past when the text began to bind the unit ({opens}): late from its first day. "
        "Do it now and state the reason when reporting.",
    ),
    NO_DAY_IN_TEXT: Text(
        "Văn bản không nêu ngày; Khiên lấy ngày cuối kỳ.",
        "The text names no day; the last day of the period is taken.",
    ),
    OWN_INTERVAL: Text(
        "Văn bản yêu cầu làm thường xuyên, định kỳ, không nêu số; chu kỳ này do đơn vị tự đặt.",
        "The text asks for it regularly without a number; this interval is the unit's own choice.",
    ),
    AT_ONCE: Text(
        "Văn bản yêu cầu làm ngay, không nêu số giờ; Khiên nhắc trong ngày.",
        "The text says at once without a number of hours; it is reminded of on the day itself.",
    ),
}
REASONS: Mapping[str, Text] = {
    UNIT_ENDED: Text(
        "Đơn vị kết thúc hoặc sáp nhập trong kỳ.", "The unit ended or merged within the period."
    ),
    DOCUMENT_ENDED: Text(
        "Văn bản hết hiệu lực hoặc không còn áp dụng cho đơn vị trong kỳ.",
        "The text ended, or ceased to bind the unit, within the period.",
    ),
    CLAUSE_AMENDED: Text(
        "Điều khoản được văn bản khác sửa đổi hoặc bãi bỏ trong kỳ.",
        "Another text replaced or removed the clause within the period.",
    ),
    SCHEDULE_CHANGED: Text("Lịch của nghĩa vụ đã đổi.", "The schedule of the duty changed."),
    ROW_GONE: Text(
        "Dòng sổ làm phát sinh kỳ này không còn.", "The register row that gave rise to it is gone."
    ),
}
_HOLIDAY = Text(
    "Ngày cuối {due} là ngày nghỉ: làm xong chậm nhất {act}, ngày làm việc cuối cùng trước đó. "
    "Hạn theo văn bản không đổi.",
    "The last day {due} is a day off: have it done by {act}, the last working day before. "
    "The day of the text does not move.",
)
_UNSURE = Text(
    "Lịch nghỉ năm {year} chưa có thông báo chính thức hoặc chưa xác nhận: cần đối chiếu.",
    "The holidays of {year} are not officially announced or confirmed: to be checked.",
)
_AHEAD = ("upcoming", "open", "due_soon", Occurrence.State.PENDING)
_DATA = Text("Số liệu từ {since} đến {until}.", "Data from {since} to {until}.")


@dataclass(frozen=True, slots=True)
class ProofPlace:
    """Where what closed an occurrence stands: a row of a register, or the findings of a control."""

    kind: str
    register: str = ""
    number: int = 0
    version: int = 0
    control: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One occurrence in words of both languages."""

    occurrence: Occurrence
    title: Text
    cited: Text
    state: Text
    when: Text
    role: Text
    notes: tuple[Text, ...]
    closes: tuple[Text, ...]
    parts: tuple[Text, ...]
    proof: Text | None
    place: ProofPlace | None
    reason: Text | None


def shown_of(occurrence: Occurrence, *, rules: ProofRules, library: Library | None = None) -> Shown:
    """Return an occurrence in words; of a duty that the library no longer holds, what is stored."""
    library = library or load_library()
    clause, duty = _found(library, occurrence)
    plan = plan_of(library, rules, occurrence.duty)
    document = library.documents.get(occurrence.document)
    stands = getattr(occurrence, "stands", occurrence.state)
    path = f"{occurrence.document}/{occurrence.clause}"
    gone = Text(occurrence.duty, occurrence.duty)
    reason = occurrence.reason
    return Shown(
        occurrence=occurrence,
        title=duty.text if duty else gone,
        cited=_cited(document, occurrence.clause) if clause else Text(path, path),
        state=STAND_WORDS.get(stands, Text(stands, stands)),
        when=when_of(occurrence),
        role=ROLES[occurrence.role].title if occurrence.role in ROLES else gone,
        notes=tuple(_notes(occurrence, library)),
        closes=tuple(_closing(plan)) if plan else (),
        parts=tuple(_cited(document, c.path) for c, _ in plan.parts) if plan else (),
        proof=_proof_words(occurrence),
        place=_place(occurrence),
        reason=REASONS.get(reason, Text(reason, reason)) if reason else None,
    )


def _closing(plan: DutyPlan) -> Iterator[Text]:
    for rule in plan.rules:
        yield closing_words(rule, event=plan.schedule.register or plan.schedule.each)


def _cited(document: Document | None, path: str) -> Text:
    return cited(document, path) if document is not None else Text(path, path)


def _found(library: Library, occurrence: Occurrence) -> tuple[Clause | None, Duty | None]:
    document = library.documents.get(occurrence.document)
    clause = document.clauses.get(occurrence.clause) if document else None
    duties = clause.duties if clause else ()
    return clause, next((duty for duty in duties if duty.id == occurrence.duty), None)


def when_of(occurrence: Occurrence) -> Text:
    """Return by when: the last day, or the hour where the text counts hours."""
    if occurrence.due_at is not None:
        at = said_moment(occurrence.due_at)
        return Text(f"trước {at}", f"by {at}")
    day = said_day(occurrence.due_on)
    return Text(f"chậm nhất {day}", f"{day} at the latest")


def _notes(occurrence: Occurrence, library: Library) -> list[Text]:
    due, act = occurrence.due_on, occurrence.act_on
    words = {"due": said_day(due), "act": said_day(act), "opens": said_day(occurrence.opens_on)}
    notes = [REMARKS[occurrence.remark].fill(words)] if occurrence.remark in REMARKS else []
    text = library.documents.get(occurrence.document)
    if text is not None and text.note is not None:
        notes.append(text.note)
    _, duty = _found(library, occurrence)
    window = data_window(duty.schedule, occurrence.period) if duty and duty.schedule else None
    if window is not None:
        notes.append(_DATA.fill({"since": said_day(window[0]), "until": said_day(window[1])}))
    if occurrence.kind == "event" and act == due:
        return notes
    if getattr(occurrence, "stands", occurrence.state) not in _AHEAD:
        return notes  # the days off before a day that is past help nobody
    if act < due:
        notes.append(_HOLIDAY.fill(words))
    if not working_days().is_sure(act - timedelta(days=1), due):
        notes.append(_UNSURE.fill({"year": due.year}))
    return notes


def closing_words(rule: ProofRule, *, event: str = "") -> Text:
    """Return in words what closes a duty.

    Args: event: the register whose rows start the clock, where they do
    """
    registers = load_registers()
    if rule.finding:
        return Text(
            f"Biện pháp {rule.finding} đạt trong kỳ.",
            f"Control {rule.finding} passes within the period.",
        )
    if rule.row == ANSWER:
        return Text(
            "Sổ gửi văn bản, báo cáo: đã gửi báo cáo trả lời; hoặc văn bản trả lời đã ký, có tệp.",
            "Dispatch register: the answering report was sent; or the answer is signed and filed.",
        )
    if rule.row and event in registers:
        return _row_words(rule, registers[event])
    if rule.row:
        return Text("Dòng sổ của sự việc ghi đã làm xong.", "The event's own row says it is done.")
    title = registers[rule.register].title
    kinds = [registers["document"].fields["kind"].choices[kind] for kind in rule.kinds]
    what = Text(", ".join(k.vi for k in kinds), ", ".join(k.en for k in kinds))
    if rule.register == "dispatch":
        names = [registers["authority"].fields["stands_for"].choices[one] for one in rule.to]
        to = Text(", ".join(n.vi for n in names), ", ".join(n.en for n in names))
        return Text(
            f"{title.vi}: đã gửi {what.vi}{f' tới {to.vi}' if names else ''}.",
            f"{title.en}: {what.en} was sent{f' to {to.en}' if names else ''}.",
        )
    if kinds:
        return Text(
            f"{title.vi}: {what.vi}, đã ký và có tệp.", f"{title.en}: {what.en}, signed and filed."
        )
    return _row_words(rule, registers[rule.register])


def _row_words(rule: ProofRule, register: Register) -> Text:
    """Return which row of a register closes a duty: of which kind, with which day filled, reaching what."""
    said = [
        register.fields[name].choices[value]
        for name, values in (rule.where or {}).items()
        for value in values
        if value in register.fields[name].choices
    ]
    kinds = Text("; ".join(one.vi for one in said), "; ".join(one.en for one in said))
    of_kind = Text(f" ({kinds.vi})", f" ({kinds.en})") if said else Text("", "")
    filled = [rule.dates[0], *rule.filled]
    titles = [register.fields[name].title for name in filled if name in register.fields]
    day = Text("», «".join(one.vi for one in titles), "”, “".join(one.en for one in titles))
    which = Text("mọi dòng", "every row") if rule.is_every else Text("dòng", "a row")
    whole = _whole_words(rule, register)
    return Text(
        f"{register.title.vi}: {which.vi}{of_kind.vi} có «{day.vi}»{whole.vi}.",
        f"{register.title.en}: {which.en}{of_kind.en} with “{day.en}”{whole.en}.",
    )


def _whole_words(rule: ProofRule, register: Register) -> Text:
    cover = rule.covers
    if cover is None:
        return Text("", "")
    if cover.register:
        title = load_registers()[cover.register].title
        return Text(
            f", tới mọi dòng đang dùng của {title.vi[:1].lower()}{title.vi[1:]}",
            f", reaching every row in use of the register: {title.en}",
        )
    words = [register.fields[cover.field].choices[value] for value in cover.values]
    return Text(
        f", đủ {', '.join(word.vi for word in words)}",
        f", for all of {', '.join(word.en for word in words)}",
    )


def _proof_words(occurrence: Occurrence) -> Text | None:
    if not occurrence.proof or occurrence.proof_on is None:
        return None
    day = said_day(occurrence.proof_on)
    if occurrence.proof_at is not None and occurrence.due_at is not None:
        day = said_moment(occurrence.proof_at)
    row = occurrence.proof_row
    if row is None:
        return Text(
            f"Biện pháp {occurrence.control} đạt ngày {day}.",
            f"Control {occurrence.control} passed on {day}.",
        )
    register = load_registers()[row.register].title
    return Text(
        f"{register.vi}, dòng {row.number}: {row.name} ({day}).",
        f"{register.en}, row {row.number}: {row.name} ({day}).",
    )


def _place(occurrence: Occurrence) -> ProofPlace | None:
    row = occurrence.proof_row
    if row is not None:
        version = occurrence.proof_version or row.version
        return ProofPlace("row", row.register, row.number, version)
    if occurrence.proof == Occurrence.Proof.FINDING:
        return ProofPlace("control", control=occurrence.control)
    return None
