"""The pages' worker starts from nothing: forked beside jobs that write, it would wait for a lock for ever."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import pytest

from khien.cli import serve_command


@pytest.fixture(autouse=True)
def start_method() -> Iterator[None]:
    before = multiprocessing.get_start_method()
    yield
    multiprocessing.set_start_method(before, force=True)


def test_the_worker_of_the_pages_is_spawned_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []

    class Server:
        def __init__(self, *words: object, **options: object) -> None:
            used.append(multiprocessing.get_start_method())

        def serve(self) -> None: ...

    class NoJobs:
        def __enter__(self) -> None: ...

        def __exit__(self, *raised: object) -> None: ...

    monkeypatch.setattr(serve_command, "Granian", Server)
    monkeypatch.setattr(serve_command, "Background", NoJobs)
    serve_command.serve()
    assert used == ["spawn"]
