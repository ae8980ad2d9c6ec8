"""Running of the collector on this machine, as the separate read-only program that it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import khien.facts
from khien.kernel.errors import KhienError
from khien.kernel.language import Text

COLLECTOR = Path(khien.facts.__file__).parent / "collectors" / "khien_collect_linux.py"
_SECONDS_MAX = 120


class CannotCollect(KhienError):
    """The collector did not finish on this machine."""

    code = "KHIEN-CLI-001"
    sentence = Text(
        vi="Không thu thập được máy này: {why}. Chạy riêng để xem: python3 {collector} --list.",
        en="This machine could not be read: {why}. Run it alone to see: python3 {collector} --list.",
    )


def collect_here() -> tuple[dict[str, Any], str]:
    """Return this machine's bundle, parsed and as text.

    Raises: CannotCollect: not Linux, too slow, or the collector failed
    """
    if not sys.platform.startswith("linux"):
        why = Text(
            "bộ thu thập Windows chưa có trong bản này",
            "there is no Windows collector in this version",
        )
        raise CannotCollect(why=why, collector=COLLECTOR.name)
    try:
        done = subprocess.run(  # noqa: S603  # our own file, no shell
            [sys.executable, "-I", str(COLLECTOR)],
            capture_output=True,
            timeout=_SECONDS_MAX,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotCollect(why=f"> {_SECONDS_MAX} s", collector=COLLECTOR.name) from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise CannotCollect(why="".join(last), collector=COLLECTOR.name) from error
    text = done.stdout.decode("utf-8")
    return json.loads(text), text
