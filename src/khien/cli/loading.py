"""Modules of the command line, loaded only when their verb is asked for."""

from __future__ import annotations

import importlib
from types import ModuleType


def plain_module(name: str) -> ModuleType:
    """Return a module of the command line that needs no database."""
    return importlib.import_module(f"khien.cli.{name}")


def database_module(name: str) -> ModuleType:
    """Return a module of the command line that needs the database, opened first.

    Raises: DataFolderUnusable: the data folder cannot be written, or holds no database of ours
    """
    plain_module("opened_project").open_project()
    return plain_module(name)
