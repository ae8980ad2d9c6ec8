"""A file between its preview and its confirmation: kept beside the database, for its owner, for two hours."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

from khien.org.models import Unit
from khien.registers.declarations import Register
from khien.registers.errors import UploadGone
from khien.registers.imports import ChangedRow, ImportPreview, NewRow

KEPT_SECONDS: Final = 2 * 3600
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


class Purpose(Protocol):
    """What a file was sent for: a register, or something else with a code that no register has."""

    @property
    def code(self) -> str:
        """Return what it is called."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file: its token, its name, its bytes."""

    token: str
    name: str
    content: bytes


def keep_upload(content: bytes, name: str, *, unit: Unit, register: Purpose, owner: str) -> Upload:
    """Keep a file for the person who sent it, and forget those that waited too long."""
    _forget_old()
    token = secrets.token_hex(16)
    folder = _folder() / token
    folder.mkdir(mode=0o700, parents=True)
    said = {
        "name": name,
        "owner": owner,
        "unit": unit.code,
        "register": register.code,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (folder / "about.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    handle = os.open(folder / "content", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    return Upload(token, name, content)


def upload_of(token: str, *, unit: Unit, register: Purpose, owner: str) -> Upload:
    """Return a file that waits, to its owner and for the register it was sent to.

    Raises: UploadGone: it expired, was carried out, was changed on the disk, or is somebody else's
    """
    folder = _folder() / token
    if not _TOKEN.fullmatch(token) or _is_old(folder):
        raise UploadGone
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        content = (folder / "content").read_bytes()
    except (OSError, ValueError) as error:
        raise UploadGone from error
    wanted = {"owner": owner, "unit": unit.code, "register": register.code}
    wanted["sha256"] = hashlib.sha256(content).hexdigest()
    if {key: about.get(key) for key in wanted} != wanted:
        raise UploadGone
    return Upload(token, str(about["name"]), content)


def keep_preview(token: str, preview: ImportPreview) -> None:
    """Keep beside a file what importing it would do, so that a confirmation need not read the file again."""
    said = {
        "file": preview.file,
        "file_sha256": preview.file_sha256,
        "sheet": preview.sheet,
        "columns": preview.columns,
        "bad_count": preview.bad_count,
        "digest": preview.digest,
        "new": [[row.line, dict(row.values)] for row in preview.new],
        "changed": [
            [c.line, c.row_id, c.number, c.version, dict(c.values), dict(c.before), c.fields]
            for c in preview.changed
        ],
    }
    place = _folder() / token / "preview.json"
    place.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def kept_preview(upload: Upload, *, unit: Unit, register: Register) -> ImportPreview | None:
    """Return what importing a file would have done when it was looked at; None where nobody did.

    `services.commit_import` sees to it that rows and keys are still as they were then.
    """
    try:
        said = json.loads((_folder() / upload.token / "preview.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return ImportPreview(
        register=register,
        unit=unit,
        file=said["file"],
        file_sha256=said["file_sha256"],
        sheet=said["sheet"],
        columns=tuple(said["columns"]),
        ignored_columns=(),
        bad_count=said["bad_count"],
        digest=said["digest"],
        new=[NewRow(line, values) for line, values in said["new"]],
        changed=[
            ChangedRow(line, row_id, number, version, values, before, tuple(fields))
            for line, row_id, number, version, values, before, fields in said["changed"]
        ],
    )


def forget_upload(token: str) -> None:
    """Forget a file: it was carried out, or its owner gave it up."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(_folder() / token, ignore_errors=True)


def _folder() -> Path:
    return Path(settings.KHIEN_DATA) / "uploads"


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > KEPT_SECONDS
    except OSError:
        return True


def _forget_old() -> None:
    if not _folder().is_dir():
        return
    for folder in _folder().iterdir():
        if _is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)
