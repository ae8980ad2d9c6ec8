"""Pictures of signatures and seals: what Nghị định 30 asks of them is looked at before they are placed."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from khien.kernel.language import Text
from khien.signatures.errors import PictureUnusable

PICTURE_MAX: Final = 5 * 2**20
PIXELS_MAX: Final = 6000
_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
_WITH_ALPHA: Final = (4, 6)
_NO_PNG: Final = Text(
    "không phải ảnh PNG; Nghị định 30 yêu cầu PNG nền trong suốt",
    "it is no PNG picture; Nghị định 30 asks for PNG with a transparent ground",
)
_NOT_CLEAR: Final = Text(
    "nền không trong suốt nên sẽ che chữ của văn bản; xóa nền rồi lưu lại thành PNG",
    "its ground is not transparent and would hide the text; remove the ground and save it as PNG",
)
_TOO_LARGE: Final = Text(
    "lớn hơn 5 MB hoặc 6000 điểm ảnh mỗi chiều; thu nhỏ ảnh",
    "it is larger than 5 MB or 6000 pixels a side; make it smaller",
)
_NO_SIZE: Final = Text(
    "không ghi độ phân giải nên không biết kích thước thực của dấu; ghi chiều rộng thật bằng --width (milimét)",
    "it does not say its resolution, so the real size of the seal is not known; give its real width with --width "
    "(millimetres)",
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with a transparent ground; `width_mm` as the file itself says, 0 where it does not."""

    content: bytes
    width_px: int
    height_px: int
    width_mm: float

    def sized(self, width_mm: float) -> tuple[float, float]:
        """Return width and height in millimetres at a width."""
        return width_mm, width_mm * self.height_px / self.width_px

    def within(self, width_mm: float, height_mm: float) -> tuple[float, float]:
        """Return the largest size in a frame, no larger than its own real size, shape kept."""
        own = self.width_mm or width_mm
        width = min(width_mm, own, height_mm * self.width_px / self.height_px)
        return self.sized(width)

    def real_size(self, asked_mm: float | None, name: str) -> tuple[float, float]:
        """Return the real size in millimetres: as asked, else as the file says.

        Raises: PictureUnusable: neither says it
        """
        width = asked_mm or self.width_mm
        if not width:
            raise PictureUnusable(name, _NO_SIZE)
        return self.sized(width)


def picture_of(content: bytes, name: str) -> Picture:
    """Return a picture that may be placed on a document.

    Source: Nghị định 30/2020, Phụ lục I, phần I, mục II (images of signature and seal: PNG, transparent)
    Raises: PictureUnusable: no PNG, not transparent, too large
    """
    if not content.startswith(_MAGIC) or content[12:16] != b"IHDR" or len(content) < 33:
        raise PictureUnusable(name, _NO_PNG)
    width, height, _depth, colour = struct.unpack(">IIBB", content[16:26])
    if len(content) > PICTURE_MAX or not 0 < width <= PIXELS_MAX or not 0 < height <= PIXELS_MAX:
        raise PictureUnusable(name, _TOO_LARGE)
    chunks = _chunks_before_pixels(content)
    if colour not in _WITH_ALPHA and b"tRNS" not in chunks:
        raise PictureUnusable(name, _NOT_CLEAR)
    return Picture(content, width, height, _width_mm(chunks.get(b"pHYs", b""), width))


def _chunks_before_pixels(content: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    place = len(_MAGIC)
    while place + 8 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind = content[place + 4 : place + 8]
        if kind == b"IDAT":
            break
        found[kind] = content[place + 8 : place + 8 + length]
        place += 12 + length
    return found


def _width_mm(chunk: bytes, width_px: int) -> float:
    if len(chunk) != 9 or chunk[8] != 1:
        return 0.0
    (per_metre,) = struct.unpack(">I", chunk[:4])
    return width_px / per_metre * 1000 if per_metre else 0.0
