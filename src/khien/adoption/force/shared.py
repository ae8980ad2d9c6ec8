"""A text that came reviewed from elsewhere is taken in: it goes the same way of scope, impact and approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import yaml
from django.db import transaction

from khien.adoption import events as text_events
from khien.adoption.force.errors import CodeOfAnother
from khien.adoption.importing.codes import checked_code
from khien.adoption.importing.services import taken_codes
from khien.adoption.models import ImportedText, OwnControl
from khien.adoption.sharing.contents import TextFiles
from khien.adoption.sharing.forms import SharedText
from khien.kernel.canonical import sha256_hex
from khien.ledger import services as ledger
from khien.norms.library import load_library
from khien.norms.library_format import canonical_data
from khien.norms.model import Control
from khien.norms.own_controls import EVIDENCE, OwnControlWords, next_code, own_control_files
from khien.norms.own_library import digest_of
from khien.norms.wording import clause_name
from khien.org.errors import NotAllowed
from khien.org.models import Unit, User
from khien.org.roles import WRITE
from khien.org.selectors import may_do
from khien.registers.files import LookedAt, keep

_HEAD = ("number", "kind", "place", "issued_on", "in_force_from")
_NAME_MAX = 200


@transaction.atomic
def take_shared(
    unit: Unit,
    shared: SharedText,
    *,
    user: User,
    now: datetime,
    origin: str = "",
    file: LookedAt | None = None,
) -> ImportedText:
    """Take in a text that was read from a shared form; nothing of it is in force before a leader approves.

    Controls of its unit's own get codes that are free here, and the check of a control of one's own.
    Args:   origin: where it came from, for people: the file, or whose key signed it
            file: what came, to be kept as it came; None keeps only what was read of it
    Raises: NotAllowed; CodeOfAnother: a text of that code is here already
    """
    if not may_do(user, WRITE, unit):
        raise NotAllowed(unit=unit.name_vi)
    code = shared.document.id
    if code in load_library().documents or ImportedText.objects.filter(code=code).exists():
        raise CodeOfAnother(text=code)
    files = _with_own_controls(shared)
    source = _words_of(shared)
    by = user.get_username()
    if file is not None:
        keep(file)
    text = ImportedText.objects.create(
        unit=unit,
        code=code,
        file_name=(file.name if file else origin or f"{code} ({shared.form})")[-_NAME_MAX:],
        file_sha256=file.sha256 if file else digest_of(files),
        source=source,
        source_sha256=sha256_hex(source.encode()),
        head=_head_of(shared),
        shared={"files": files, "form": shared.form, "origin": origin, "is_kept": file is not None},
        made_at=now,
        made_by=by,
        changed_at=now,
        changed_by=by,
    )
    body = {"file": text.file_name, "unit": unit.code, "by": by, "sha256": text.file_sha256}
    ledger.record(text_events.TEXT_IMPORTED, subject=code, body=body, at=now)
    return text


def under_code(shared: SharedText, given: str) -> SharedText:
    """Return a shared text under another code, for where its own is taken here.

    Raises: CodeRefused, CodeTaken
    """
    code = checked_code(given, taken_codes())
    if code == shared.document.id:
        return shared
    files = shared.files
    said = {**yaml.safe_load(files.document_yaml), "id": code}
    named = TextFiles(code, canonical_data(said), files.clauses_yaml, files.controls)
    return replace(shared, files=named, document=replace(shared.document, id=code))


def _head_of(shared: SharedText) -> dict[str, Any]:
    document = shared.document
    said: dict[str, Any] = {
        "number": document.number,
        "kind": document.kind,
        "title": document.title.vi,
        "issuer": document.issuer.vi,
        "place": document.place,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "in_force_from": document.in_force_from.isoformat(),
        "replaces": list(document.replaces),
    }
    return {name: value for name, value in said.items() if value}


def _words_of(shared: SharedText) -> str:
    """Return the text as people read it, a clause a line."""
    document = shared.document
    lines = [document.title.vi]
    lines += [f"{clause_name(c.path).vi}: {c.text.vi}" for c in document.clauses.values()]
    return "\n".join(lines) + "\n"


def _with_own_controls(shared: SharedText) -> dict[str, str]:
    """Return the files of a text with its own controls under codes that nobody has here."""
    taken = set(load_library().controls) | set(OwnControl.objects.values_list("code", flat=True))
    for held in ImportedText.objects.exclude(shared={}).values_list("shared", flat=True):
        taken |= {name.split("/")[2] for name in held["files"] if name.startswith("controls/")}
    codes: dict[str, str] = {}
    files: dict[str, str] = {}
    for old, control in shared.own_controls.items():
        codes[old] = next_code(taken)
        taken.add(codes[old])
        files.update(own_control_files(_own_words(codes[old], control)))
    place = f"norms/{shared.document.id}"
    files[f"{place}/document.yaml"] = shared.files.document_yaml
    files[f"{place}/clauses.yaml"] = _recoded(shared.files.clauses_yaml, codes)
    return dict(sorted(files.items()))


def _own_words(code: str, control: Control) -> OwnControlWords:
    evidence = control.evidence if control.evidence in EVIDENCE else EVIDENCE[0]
    return OwnControlWords(
        code=code,
        title=control.title.vi,
        why=control.why.vi,
        fix=control.fix.vi,
        supply=control.supply.vi,
        evidence=evidence,
        severity=control.severity,
    )


def _recoded(clauses_yaml: str, codes: Mapping[str, str]) -> str:
    if not codes:
        return clauses_yaml
    data = yaml.safe_load(clauses_yaml)
    for clause in data["clauses"]:
        for duty in clause.get("duties") or ():
            duty["control"] = codes.get(duty["control"], duty["control"])
    return canonical_data(data)
