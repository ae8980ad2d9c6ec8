"""Opens a document file and hands its text to the structure parser, whatever kind of file it is."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final, cast

from khien.kernel.errors import KhienError
from khien.norms.text import errors
from khien.norms.text.source import Reader, SourceFile, SourceText

SIZE_MAX: Final = 20 * 2**20

# Modules by the kind of content. They are imported when the first such file is read, so that reading a
# plain text needs neither lxml nor PDFium: the parser stays usable where these are not installed.
_READERS: Final[Mapping[str, tuple[str, str]]] = {
    "txt": ("khien.norms.text.plain_text", "read_plain_text"),
    "docx": ("khien.norms.text.docx_reading", "read_docx"),
    "pdf": ("khien.norms.text.pdf_reading", "read_pdf"),
}

_PDF_HEADER_REACH: Final = 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INVISIBLE: Final = " \t\n\r\v\f\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff\x1a"
# What the first bytes say, and what to call it in both languages.
_OTHER_KINDS: Final = (
    (b"{\\rtf", "tệp RTF", "an RTF file"),
    (b"\x89PNG", "ảnh PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "ảnh JPEG", "a JPEG picture"),
    (b"II*\0", "ảnh TIFF", "a TIFF picture"),
    (b"MM\0*", "ảnh TIFF", "a TIFF picture"),
    (b"GIF8", "ảnh GIF", "a GIF picture"),
    (b"\x1f\x8b", "tệp nén gzip", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7z", "a 7z archive"),
    (b"Rar!", "tệp nén RAR", "a RAR archive"),
    (b"\x7fELF", "chương trình", "a program"),
    (b"MZ\x90\0", "chương trình", "a program"),
)
_HTML: Final = (b"<!doctype html", b"<html")


def read_file(path: Path, *, size_max: int = SIZE_MAX) -> SourceText:
    """Return the text of a document for the parser, judging the file by its content, not its name.

    Args: size_max: bytes
    Raises: KhienError: one of `errors.DOCUMENT_ERRORS`, naming the file, the place and the remedy
    """
    return read_content(str(path), _read_bytes(path, size_max))


def read_content(name: str, content: bytes, *, size_max: int = SIZE_MAX) -> SourceText:
    """Return the text of a document whose bytes are at hand, judged by its content, not its name.

    Args: name: what messages call it; size_max: bytes
    Raises: KhienError: one of `errors.DOCUMENT_ERRORS`
    """
    if len(content) > size_max:
        raise _too_large(name, len(content), size_max)
    source = SourceFile(name, content)
    module, function = _READERS[_kind_of(source)]
    # importlib gives an untyped function; the registry above is what vouches for its type.
    reader = cast(Reader, getattr(import_module(module), function))
    text = reader(source)
    if not text.text.strip(_INVISIBLE):
        raise errors.DocumentEmpty(file=source.name)
    return text


def _read_bytes(path: Path, size_max: int) -> bytes:
    try:
        status = path.stat()
        # A pipe or a device could keep us waiting for ever.
        if not stat.S_ISREG(status.st_mode):
            raise errors.DocumentNotAFile(file=path)
        if status.st_size > size_max:
            raise _too_large(path, status.st_size, size_max)
        with path.open("rb") as file:
            content = file.read(size_max + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise errors.DocumentMissing(file=path) from error
    except OSError as error:
        raise errors.DocumentUnreadable(file=path, reason=error.strerror or error) from error
    except ValueError as error:  # a zero byte in the name
        raise errors.DocumentMissing(file=repr(str(path))) from error
    if len(content) > size_max:
        raise _too_large(path, len(content), size_max)
    return content


def _too_large(path: Path | str, size: int, size_max: int) -> KhienError:
    return errors.DocumentTooLarge(
        file=path, size_mib=f"{size / 2**20:.1f}", limit_mib=f"{size_max / 2**20:g}"
    )


def _kind_of(source: SourceFile) -> str:
    content = source.content
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if b"%PDF-" in content[:_PDF_HEADER_REACH]:
        return "pdf"
    if content.startswith(_OLE):
        raise _ole_refusal(source)
    for start, vi, en in _OTHER_KINDS:
        if content.startswith(start):
            raise errors.DocumentKindUnknown(file=source.name, kind_vi=vi, kind_en=en)
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        raise errors.DocumentKindUnknown(
            file=source.name, kind_vi="trang HTML", kind_en="an HTML page"
        )
    return "txt"


def _ole_refusal(source: SourceFile) -> KhienError:
    """Name the old container's content: its directory lists the streams in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in source.content:
        return errors.DocxEncrypted(file=source.name)
    if "WordDocument".encode("utf-16-le") in source.content:
        return errors.OldWordDocument(file=source.name)
    return errors.DocumentKindUnknown(
        file=source.name,
        kind_vi="tệp Office đời cũ (.xls, .ppt hoặc .msi)",
        kind_en="an old Office file (.xls, .ppt or .msi)",
    )
