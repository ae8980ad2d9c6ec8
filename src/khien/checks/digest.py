"""One digest over all findings of an assessment, the same when it is made and when it is verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def findings_digest(findings: Iterable[tuple[Any, ...]]) -> str:
    """Return the SHA-256 over findings in an order of their own, whatever order they come in.

    Args: findings: unit code, control, subject kind, subject, verdict, reason, known, detail (a mapping)
    """
    lines = sorted(
        json.dumps(finding, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for finding in findings
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
