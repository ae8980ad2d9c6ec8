"""Registers as files, and files of rows: import after a preview, export, attachments."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status

from khien.api.door import FORM, READ, Call
from khien.api.operations import Words, operation, words
from khien.api.register_schemas import act_of, conditions_of, references_of
from khien.api.registers import ROWS, Search, State, Where
from khien.api.signatures import SignaturesOut, signatures_out
from khien.kernel.language import current_language
from khien.org.models import Unit
from khien.org.roles import WRITE
from khien.registers.beside import attachment_of, attachments_of
from khien.registers.declarations import Register, register_by_code
from khien.registers.errors import UnknownRow
from khien.registers.exports import export_csv, export_xlsx
from khien.registers.files import SIZE_MAX, content_of
from khien.registers.filing import add_attachment, restore_attachment, retire_attachment
from khien.registers.imports import ImportPreview, preview_import
from khien.registers.models import Attachment, Row
from khien.registers.selectors import RowQuery, row_at, rows_of
from khien.registers.services import commit_import
from khien.registers.sheets import FILE_SIZE_MAX

router = Router(tags=["registers"])
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELLS_SHOWN = 500
# A form around the largest file.
_AROUND = 64 * 2**10


class BadCellOut(Schema):
    """A cell that cannot be imported."""

    sheet: str
    cell: str
    line: int
    column: str
    value: str
    text: Words


class PreviewOut(Schema):
    """What an import would do; `digest` confirms exactly this."""

    digest: str
    file_sha256: str
    sheet: str
    columns: list[str]
    ignored_columns: list[str]
    new_count: int
    changed_count: int
    unchanged_count: int
    bad_count: int
    bad: list[BadCellOut]
    formula_cells: list[str]


class ImportOut(Schema):
    """What an import did."""

    added: int
    changed: int


class AttachmentOut(Schema):
    """A file of a row."""

    id: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_at: datetime
    added_by: str
    is_retired: bool
    ledger_index: int


@operation(
    router,
    "POST /units/{code}/registers/{register_code}/imports/preview",
    WRITE,
    "Xem trước một tệp Excel, ODS, CSV: chưa ghi gì",
    gives=PreviewOut,
    door={"takes": FORM, "body_max": FILE_SIZE_MAX + _AROUND},
)
def preview_register_import(
    request: Call, code: str, register_code: str, file: Annotated[UploadedFile, File(...)]
) -> PreviewOut:
    """Preview an Excel, ODS or CSV file: nothing is written."""
    unit, found = request.auth.unit(code), register_by_code(register_code)
    return _preview_out(_preview(request, unit, found, file))


@operation(
    router,
    "POST /units/{code}/registers/{register_code}/imports",
    WRITE,
    "Nhập tệp đã xem trước, với digest của bản xem trước; gửi lại không nhập hai lần",
    gives=ImportOut,
    door={"takes": FORM, "body_max": FILE_SIZE_MAX + _AROUND},
)
def commit_register_import(
    request: Call,
    code: str,
    register_code: str,
    file: Annotated[UploadedFile, File(...)],
    digest: Annotated[str, Form(..., max_length=64)],
) -> ImportOut:
    """Import a file that was previewed, with the digest of the preview; sent again it is not imported twice."""
    unit, found = request.auth.unit(code), register_by_code(register_code)
    preview = _preview(request, unit, found, file)
    added, changed = commit_import(preview, expected_digest=digest, act=act_of(request))
    return ImportOut(added=added, changed=changed)


def _preview(request: Call, unit: Unit, register: Register, file: UploadedFile) -> ImportPreview:
    return preview_import(
        file.read(),
        file.name or "",
        register=register,
        unit=unit,
        references=references_of(request, unit),
    )


def _preview_out(preview: ImportPreview) -> PreviewOut:
    return PreviewOut(
        digest=preview.digest,
        file_sha256=preview.file_sha256,
        sheet=preview.sheet,
        columns=list(preview.columns),
        ignored_columns=list(preview.ignored_columns),
        new_count=len(preview.new),
        changed_count=len(preview.changed),
        unchanged_count=preview.unchanged_count,
        bad_count=preview.bad_count,
        bad=[
            BadCellOut(
                sheet=bad.sheet,
                cell=bad.cell,
                line=bad.line,
                column=bad.column,
                value=bad.value,
                text=words(bad.text),
            )
            for bad in preview.bad[:_CELLS_SHOWN]
        ],
        formula_cells=list(preview.formula_cells),
    )


@operation(
    router,
    "GET /units/{code}/registers/{register_code}/export",
    READ,
    "Sổ thành tệp CSV hoặc Excel",
    file=_XLSX,
)
def export_register(
    request: Call,
    code: str,
    register_code: str,
    q: Search,
    where: Where,
    state: State,
    format: Annotated[Literal["csv", "xlsx"], Query("xlsx", description="Dạng tệp / file format")],
) -> HttpResponseBase:
    """A register as a CSV or Excel file."""
    unit, found = request.auth.unit(code), register_by_code(register_code)
    query = RowQuery(search=q, filters=conditions_of(found, where), order="number", state=state)
    rows, language = rows_of([unit], found, query), current_language()
    target = io.BytesIO()
    if format == "csv":
        target.write("".join(export_csv(found, rows, language=language)).encode("utf-8-sig"))
    else:
        export_xlsx(found, rows, target, language=language)
    kind = "text/csv; charset=utf-8" if format == "csv" else _XLSX
    return _file(target.getvalue(), kind, f"{found.code}-{unit.code}.{format}")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@operation(
    router,
    f"GET {ROWS}/{{number}}/attachments",
    READ,
    "Các tệp của một dòng",
    gives=list[AttachmentOut],
)
def list_attachments(
    request: Call, code: str, register_code: str, number: int
) -> list[AttachmentOut]:
    """The files of a row."""
    row = _row(request, code, register_code, number)
    return [AttachmentOut.from_orm(one) for one in attachments_of([row])]


@operation(
    router,
    f"POST {ROWS}/{{number}}/attachments",
    WRITE,
    "Nộp một tệp vào dòng, tối đa 50 MiB",
    gives={201: AttachmentOut},
    door={"takes": FORM, "body_max": SIZE_MAX + _AROUND},
)
def file_attachment(
    request: Call,
    code: str,
    register_code: str,
    number: int,
    file: Annotated[UploadedFile, File(...)],
) -> Status[AttachmentOut]:
    """File a document beside a row, at most 50 MiB."""
    row = _row(request, code, register_code, number)
    made = add_attachment(row, file.read(), name=file.name or "", act=act_of(request))
    return Status(201, AttachmentOut.from_orm(made))


@operation(
    router,
    f"GET {ROWS}/{{number}}/attachments/{{attachment}}/content",
    READ,
    "Nội dung của một tệp",
    file="application/octet-stream",
)
def download_attachment(
    request: Call, code: str, register_code: str, number: int, attachment: int
) -> HttpResponseBase:
    """The content of a file."""
    found = _attachment(request, code, register_code, number, attachment)
    # The name is for people; what goes into a header is the digest, which nobody chose.
    return _file(content_of(found.sha256, found.name), found.media_type, found.sha256)


@operation(
    router,
    f"GET {ROWS}/{{number}}/attachments/{{attachment}}/signatures",
    READ,
    "Chữ ký của một tệp PDF: ai, khi nào, nguyên vẹn hay không, đã kiểm đến đâu",
    gives=SignaturesOut,
)
def read_attachment_signatures(
    request: Call, code: str, register_code: str, number: int, attachment: int
) -> SignaturesOut:
    """The signatures of a PDF as they were read last: who, when, intact or not, how far checked."""
    found = _attachment(request, code, register_code, number, attachment)
    return signatures_out(found.sha256)


@operation(
    router,
    f"POST {ROWS}/{{number}}/attachments/{{attachment}}/retire",
    WRITE,
    "Gỡ một tệp khỏi dòng",
    gives=AttachmentOut,
)
def retire_one_attachment(
    request: Call, code: str, register_code: str, number: int, attachment: int
) -> AttachmentOut:
    """Take a file off its row."""
    found = _attachment(request, code, register_code, number, attachment)
    return AttachmentOut.from_orm(retire_attachment(found, act=act_of(request)))


@operation(
    router,
    f"POST {ROWS}/{{number}}/attachments/{{attachment}}/restore",
    WRITE,
    "Đưa một tệp trở lại dòng",
    gives=AttachmentOut,
)
def restore_one_attachment(
    request: Call, code: str, register_code: str, number: int, attachment: int
) -> AttachmentOut:
    """Put a file back to its row."""
    found = _attachment(request, code, register_code, number, attachment)
    return AttachmentOut.from_orm(restore_attachment(found, act=act_of(request)))


def _row(request: Call, code: str, register_code: str, number: int) -> Row:
    unit, found = request.auth.unit(code), register_by_code(register_code)
    if not 0 < number < 2**31:
        raise UnknownRow(register=found.title.vi, number=number)
    return row_at([unit], found, unit=unit.code, number=number)


def _attachment(
    request: Call, code: str, register_code: str, number: int, attachment: int
) -> Attachment:
    row = _row(request, code, register_code, number)
    return attachment_of(row, attachment if attachment < 2**63 else 0)
