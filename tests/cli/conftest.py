"""The command line in this process, its language put back after each test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from khien.cli.main import main
from khien.kernel.language import use_language


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The result, which must be JSON and nothing else."""
        return json.loads(self.out)


@pytest.fixture
def khien(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Answer]]:
    """Run one command line in this process."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("KHIEN_LANG", raising=False)

    def run(*words: object) -> Answer:
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Answer(status, out, err)

    yield run
    use_language("vi")
