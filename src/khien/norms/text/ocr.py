"""Recognises the text of a scanned page with Tesseract, where it is installed with Vietnamese."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

from khien.norms.text.errors import RecognitionFailed

LANGUAGE: Final = "vie"
DPI: Final = 300
PAGE_SECONDS_MAX: Final = 120
PAGES_MAX: Final = 150
_ASK_SECONDS_MAX: Final = 20


def find_tesseract() -> str | None:
    """Return the path of a Tesseract that knows Vietnamese, or nothing."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 (a fixed program with fixed arguments)
            [program, "--list-langs"], capture_output=True, timeout=_ASK_SECONDS_MAX, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # Older versions list the languages on the error stream.
    return program if LANGUAGE.encode() in (answer.stdout + answer.stderr).split() else None


def recognise_page(program: str, picture: bytes, *, file: str, page: int) -> str:
    """Return the lines recognised in one page.

    Args: picture: a PNM or PNG file; file, page: how messages call the page
    Raises: RecognitionFailed: the program failed or took too long
    """
    # One thread per page: with its default Tesseract is several times slower on machines of few cores.
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    command = [program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(DPI)]
    try:
        result = subprocess.run(  # noqa: S603 (the page goes through a pipe, never into the command)
            command,
            input=picture,
            capture_output=True,
            timeout=PAGE_SECONDS_MAX,
            check=True,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise RecognitionFailed(file=file, page=page, reason=f"> {PAGE_SECONDS_MAX} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", errors="replace").strip().splitlines()
        reason = said[-1] if said else f"exit {error.returncode}"
        raise RecognitionFailed(file=file, page=page, reason=reason) from error
    except OSError as error:
        raise RecognitionFailed(file=file, page=page, reason=error.strerror or error) from error
    return result.stdout.decode("utf-8", errors="replace").replace("\r\n", "\n").strip("\f\n ")
