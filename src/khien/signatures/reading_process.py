"""The process that reads one file: it has its own memory and its own end, so a hostile file harms nobody."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from khien.kernel.clock import parse_iso
from khien.signatures.reading import changes_since, read_here
from khien.signatures.readings import as_json
from khien.signatures.trust import Trust

if sys.platform != "win32":
    import resource

MEMORY_MAX = 3 * 2**30


def main() -> None:
    """Read one line of JSON and the file from stdin; write one line of JSON."""
    asked: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    _limit(int(asked["seconds"]))
    content = sys.stdin.buffer.read()
    if asked["do"] == "changes":
        answer: Any = changes_since(content, int(asked["size_bytes"]))
    else:
        trust = Trust(tuple(base64.b64decode(one) for one in asked["trust"]))
        answer = as_json(read_here(content, trust=trust, at=parse_iso(asked["at"])))
    sys.stdout.write(json.dumps(answer))


def _limit(seconds: int) -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


if __name__ == "__main__":
    main()
