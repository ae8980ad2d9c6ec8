"""Words that pages put to codes: verdicts, ways of knowing, clause addresses, ages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from khien.kernel.language import Text

VERDICT_WORDS: Mapping[str, Promise] = {
    "pass": gettext_lazy("Pass"),
    "fail": gettext_lazy("Fail"),
    "unknown": gettext_lazy("Unknown"),
    "not_applicable": gettext_lazy("Not applicable"),
}
# The query-string word of each verdict; addresses are Vietnamese without marks.
VERDICT_SLUGS: Mapping[str, str] = {
    "fail": "khong-dat",
    "unknown": "chua-ro",
    "pass": "dat",
    "not_applicable": "khong-ap-dung",
}
KNOWN_WORDS: Mapping[str, Promise] = {
    "measured": gettext_lazy("Measured on the machine"),
    "recorded": gettext_lazy("Recorded in a register or file"),
    "stated": gettext_lazy("Stated by a person"),
    "not_yet": gettext_lazy("Nothing decides it yet"),
}
SEVERITY_WORDS: Mapping[str, Promise] = {
    "high": gettext_lazy("High"),
    "medium": gettext_lazy("Medium"),
    "low": gettext_lazy("Low"),
}
SEVERITIES = tuple(SEVERITY_WORDS)
# What would decide an unknown control, by the kind of its evidence: the thing, and how to supply it.
SUPPLY_WORDS: Mapping[str, tuple[Promise, Promise]] = {
    "host": (
        gettext_lazy("A fuller reading of the machines"),
        gettext_lazy("Run the collector as administrator, on every machine of the unit."),
    ),
    "register": (
        gettext_lazy("A register that is kept"),
        gettext_lazy("Keep the register the clause asks for, so that what was done stands there."),
    ),
    "document": (
        gettext_lazy("A signed document or minutes"),
        gettext_lazy("Issue the decision, plan or minutes and keep it at hand."),
    ),
    "log": (
        gettext_lazy("System logs"),
        gettext_lazy("Keep the logs of systems and devices for as long as the clause says."),
    ),
    "workflow": (
        gettext_lazy("A process that was carried out"),
        gettext_lazy("Carry out the process and keep the trace of each step."),
    ),
    "attest": (
        gettext_lazy("The word of the person in charge"),
        gettext_lazy("No machine can tell; the person in charge has to state it."),
    ),
}
STATUS_WORDS: Mapping[str, Promise] = {
    "ok": gettext_lazy("Read"),
    "empty": gettext_lazy("Read, empty"),
    "partial": gettext_lazy("Read in part"),
    "denied": gettext_lazy("No right to read"),
    "unsupported": gettext_lazy("The machine cannot tell"),
    "timeout": gettext_lazy("Stopped, took too long"),
    "error": gettext_lazy("Reading failed"),
    "stale": gettext_lazy("Too old"),
    "never": gettext_lazy("Never collected"),
}
KIND_WORDS: Mapping[str, Promise] = {
    "workstation": gettext_lazy("Workstation"),
    "server": gettext_lazy("Server"),
    "network_device": gettext_lazy("Network device"),
    "isolated": gettext_lazy("Machine kept off the network"),
}
CHANNEL_WORDS: Mapping[str, Promise] = {
    "local": gettext_lazy("on this machine"),
    "file": gettext_lazy("from a file"),
    "api": gettext_lazy("through the API"),
}
MARK_WORDS: Mapping[str, Promise] = {
    "A": gettext_lazy("read in the text itself"),
    "B": gettext_lazy("from a secondary source"),
    "C": gettext_lazy("to be checked"),
}
TIER_WORDS: Mapping[str, Promise] = {
    "regulation": gettext_lazy("Regulations"),
    "law": gettext_lazy("Law"),
    "standard": gettext_lazy("Standards"),
}
# How two values stand where neither text is the stricter.
STRICTER_WORDS: Mapping[str, Promise] = {
    "same": gettext_lazy("the same"),
    "differs": gettext_lazy("cannot be ranked"),
    "": gettext_lazy("only one says it"),
}
# How far back the trend goes, by the word in the address.
SPAN_WORDS: Mapping[str, Promise] = {
    "90-ngay": gettext_lazy("90 days"),
    "12-thang": gettext_lazy("12 months"),
    "5-nam": gettext_lazy("5 years"),
}
# What a task without a day is about, by its source.
TASK_WORDS: Mapping[str, Promise] = {
    "own": gettext_lazy("for you"),
    "failing": gettext_lazy("fails now"),
    "steps": gettext_lazy("waits for a step"),
    "requests": gettext_lazy("waits for a decision"),
    "texts": gettext_lazy("waits for a decision"),
    "unknown": gettext_lazy("unknown"),
}


@lru_cache(maxsize=16_384)
def own_number(path: str, kind: str) -> Text:
    """Return the mark that a clause carries inside its parent: "Điều 6", "2.", "a)", "Bước 3"."""
    step = path.split(".")[-1].split("#")[0]
    match kind:
        case "dieu":
            return Text(f"Điều {step[1:]}", f"Article {step[1:]}")
        case "chuong":
            return Text(f"Chương {step}", f"Chapter {step}")
        case "khoan":
            return Text(f"{step[1:]}.", f"{step[1:]}.")
        case "diem":
            return Text(f"{step})", f"{step})")
        case "buoc":
            return Text(f"Bước {step[1:]}.", f"Step {step[1:]}.")
        case "muc":
            number = ".".join(part for part in path.split(".") if part[:1] != "C").removeprefix("M")
            return Text(f"Mục {number}", f"Section {number}")
        case "gach":
            return Text("–", "–")
        case _:
            return Text("", "")


def said_age(age: timedelta) -> str:
    """Return an age in the coarsest unit that fits: "5 minutes ago", "3 days ago"."""
    minutes = max(0, int(age.total_seconds()) // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {
            "count": minutes
        }
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}


def status_of(
    status: str, *, collected_at: datetime | None, age_max: timedelta, now: datetime
) -> str:
    """Return a reading's status, with "stale" where usable rows are older than the table allows."""
    if status in ("ok", "empty", "partial") and collected_at and now - collected_at > age_max:
        return "stale"
    return status
