"""Opening of the data folder: Django set up, the database made or brought up to date."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from khien.kernel.errors import KhienError
from khien.kernel.language import Text


class DataFolderUnusable(KhienError):
    """The data folder cannot be written, or what lies there as the database is none."""

    code = "KHIEN-CLI-007"
    sentence = Text(
        vi="Không dùng được thư mục số liệu {folder}: {why}. Đặt KHIEN_DATA là một thư mục bạn có quyền "
        "ghi, hoặc khôi phục thư mục này từ bản sao lưu.",
        en="The data folder {folder} cannot be used: {why}. Set KHIEN_DATA to a folder you may write to, "
        "or restore this one from its backup.",
    )


def _make_private(folder: Path) -> None:
    """Make the data folder, and all that will be written into it, the owner's alone."""
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    if os.name != "nt" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def open_project() -> None:
    """Set Django up and apply migrations that are missing; nothing is printed.

    Raises: DataFolderUnusable: the data folder cannot be written, or its database is not one
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khien.project.settings")
    folder = os.environ.get("KHIEN_DATA", "var/data")
    try:
        _make_private(Path(folder))
        django.setup()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        # Its module needs models, which stand only now.
        importlib.import_module("khien.adoption.force.keeping").own_library_there()
    except OSError as error:
        raise DataFolderUnusable(folder=folder, why=error.strerror) from error
    except DatabaseError as error:
        raise DataFolderUnusable(folder=folder, why=error) from error
