"""Signatures of files of strangers: read in a process of its own that ends in time, whatever the file does."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from khien.kernel.clock import iso_utc
from khien.signatures.readings import Changes, FileReading, Problem, from_json
from khien.signatures.trust import Trust

SIZE_MAX: Final = 50 * 2**20
SECONDS_MAX: Final = 30
_MARKS_MAX: Final = 256
_MARK: Final = b"/ByteRange"
_END: Final = b"%%EOF"
_END_WITHIN: Final = 4096
_SOURCE = Path(__file__).resolve().parents[2]


def read_signatures(
    content: bytes, *, trust: Trust, at: datetime, seconds: int = SECONDS_MAX
) -> FileReading:
    """Return the signatures of a PDF, oldest first, with no more claimed than was verified.

    Whether the file can be read at all is part of the answer, never an error.
    Args: trust: the authorities an administrator loaded; at: aware; the moment of the reading
    """
    if len(content) > SIZE_MAX:
        return FileReading(problem="too_large")
    marks = content.count(_MARK)
    if not marks:
        return FileReading()
    if marks > _MARKS_MAX:
        return FileReading(problem="too_many")
    if _END not in content[-_END_WITHIN:]:
        # Readers look for the end near the end; searching megabytes for it is what such a file is made for.
        return FileReading(problem="broken")
    asked = {
        "do": "read",
        "trust": [base64.b64encode(der).decode("ascii") for der in trust.certificates],
        "at": iso_utc(at),
    }
    answer, problem = _asked(asked, content, seconds)
    return from_json(answer) if answer is not None else FileReading(problem=problem)


def changes_after(content: bytes, size_bytes: int, *, seconds: int = SECONDS_MAX) -> Changes:
    """Return what a PDF adds to its own first bytes; what cannot be told is "forbidden"."""
    if len(content) == size_bytes:
        return "none"
    if len(content) > SIZE_MAX:
        return "forbidden"
    asked = {"do": "changes", "size_bytes": size_bytes}
    answer, _ = _asked(asked, content, seconds)
    return "forbidden" if answer is None else cast("Changes", answer)


def _asked(asked: dict[str, Any], content: bytes, seconds: int) -> tuple[Any, Problem]:
    line = json.dumps({**asked, "seconds": seconds}).encode() + b"\n"
    # A bare interpreter: no folder of the caller's, none of the user's, can put a module in between.
    environment = {**os.environ, "PYTHONPATH": str(_SOURCE), "PYTHONSAFEPATH": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "khien.signatures.reading_process"],
            input=line + content,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return None, "too_slow"
    if done.returncode != 0:
        return None, "too_slow" if done.returncode < 0 else "broken"
    return json.loads(done.stdout), ""
