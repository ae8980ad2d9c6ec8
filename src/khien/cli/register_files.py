"""Files of registers on the command line: read within the limit, written whole or not at all."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

from django.db.models import QuerySet

from khien.kernel.errors import KhienError
from khien.kernel.language import Language, Text
from khien.registers.declarations import Register
from khien.registers.errors import FileRefused
from khien.registers.exports import export_csv, export_xlsx
from khien.registers.models import Row
from khien.registers.sheets import FILE_SIZE_MAX


class RegisterFileExists(KhienError):
    """A file of that name is there already; rows somebody typed into it are not overwritten."""

    code = "KHIEN-CLI-010"
    sentence = Text(
        vi="Đã có tệp «{path}», có thể đã được chỉnh sửa nên không ghi đè. "
        "Chọn tên khác bằng --output, hoặc thêm --force để ghi đè.",
        en="The file «{path}» is there already and may have been edited, so it is not overwritten. "
        "Choose another name with --output, or add --force.",
    )


class CannotWriteRegister(KhienError):
    """The place for a register's file cannot be written."""

    code = "KHIEN-CLI-011"
    sentence = Text(
        vi="Không ghi được sổ vào «{path}» ({why}). Kiểm tra thư mục có tồn tại và có quyền ghi không, "
        "hoặc chọn tệp khác bằng --output.",
        en="The register cannot be written to «{path}» ({why}). See that the folder exists and may be "
        "written to, or choose another file with --output.",
    )


def read_file(path: Path) -> bytes:
    """Return a file's content; of one that is too large, one byte more than the limit.

    Raises: FileRefused: it cannot be opened
    """
    try:
        with path.open("rb") as stream:
            return stream.read(FILE_SIZE_MAX + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise FileRefused(str(path), Text(vi=why, en=why)) from error


def content_of(
    register: Register, rows: QuerySet[Row], suffix: str, *, language: Language
) -> tuple[int, bytes]:
    """Return how many rows there were, and the file: a workbook, or CSV where the suffix is .csv."""
    if suffix == ".csv":
        lines = list(export_csv(register, rows, language=language))
        return len(lines) - 1, "".join(lines).encode("utf-8-sig")
    target = io.BytesIO()
    count = export_xlsx(register, rows, target, language=language)
    return count, target.getvalue()


def write_file(target: Path, content: bytes, *, is_forced: bool) -> None:
    """Write a file beside its place, then move it there.

    Raises: RegisterFileExists: there is one, and it is not to be overwritten; CannotWriteRegister: no
            such folder, or no right
    """
    beside = target.with_name(f".{target.name}.part")
    try:
        if target.exists() and not is_forced:
            raise RegisterFileExists(path=target)
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise CannotWriteRegister(path=target, why=error.strerror or error) from error
