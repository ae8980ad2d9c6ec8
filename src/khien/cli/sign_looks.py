"""What is seen of a signature that `khien sign` makes, by the role one signs in."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime

from pyhanko.sign.signers import Signer

from khien.cli.output import say
from khien.kernel.clock import VIETNAM
from khien.kernel.language import Text
from khien.signatures.certificates import facts_of
from khien.signatures.errors import FileUnreadable, PictureUnusable
from khien.signatures.pictures import Picture, picture_of
from khien.signatures.placing import (
    Place,
    place_asked,
    place_for_seal,
    place_for_signature,
    place_for_stamp,
)
from khien.signatures.signing import Seen, places_signed
from khien.signatures.typesetting import lines_page, picture_page

_BAD_PLACE = Text(
    "--at cần năm số: trang, trái, trên, rộng, cao (milimét), ví dụ 2,110,180,60,30",
    "--at needs five numbers: page, left, top, width, height (millimetres), for example 2,110,180,60,30",
)


def look_of(args: argparse.Namespace, content: bytes, signer: Signer, now: datetime) -> Seen | None:
    """Return what is seen: a leader's picture, a seal over a third of it, or lines of text at the top right.

    Source: Nghị định 30/2020, Phụ lục I, ô 7c, 8, 14
    Raises: NoPlace, PictureUnusable, PdfNotSignable
    """
    facts = facts_of(signer.signing_cert)
    if args.role in ("annex", "copy"):
        taken = [place for _, place in places_signed(content)]
        place = _asked(args, content) or place_for_stamp(content, taken)
        lines = stamp_lines(args, facts.name, now)
        return Seen(lines_page(lines, (place.width_mm, place.height_mm)), place)
    if args.picture is None:
        say(
            "Không có ảnh (--picture): chữ ký số có trong tệp nhưng không hiện trên trang.",
            "No picture (--picture): the signature is in the file but is not seen on the page.",
        )
        return None
    name = args.picture.name
    picture = picture_of(_content(args), name)
    if args.role == "organisation":
        return _seal(args, content, picture)
    frame = _asked(args, content) or place_for_signature(content, args.name or facts.name)
    size = picture.within(min(frame.width_mm, args.width or frame.width_mm), frame.height_mm)
    return Seen(picture_page(picture.content, size, name=name), frame.centred(size))


def stamp_lines(args: argparse.Namespace, organisation: str, now: datetime) -> Sequence[str]:
    """Return the lines of a stamp without a picture: number and symbol or form of copy, who, when."""
    moment = now.astimezone(VIETNAM)
    zone = f"{moment:%z}"
    when = f"{moment:%d/%m/%Y}; {moment:%H:%M:%S}; {zone[:3]}:{zone[3:]}"
    first = [part for part in (args.copy_form, args.number) if part]
    if args.role == "annex":
        return ["; ".join([*first, when])] if first else [when]
    return [line for line in ("; ".join(first), organisation, when) if line]


def _seal(args: argparse.Namespace, content: bytes, picture: Picture) -> Seen:
    """Return the seal over a third of the leader's signature, in its real size."""
    name = args.picture.name
    size = picture.real_size(args.width, name)
    frame = _asked(args, content)
    if frame is None:
        signed = places_signed(content)
        if not signed:
            say(
                "Chưa thấy chữ ký của người có thẩm quyền trên tệp; đặt dấu theo chỗ của chữ ký.",
                "No signature of a person is seen in the file; the seal goes by its place.",
            )
        frame = signed[0][1] if signed else _usual(place_for_signature(content, args.name or ""))
        frame = place_for_seal(frame, size)
    return Seen(picture_page(picture.content, size, name=name), frame.centred(size))


def _usual(frame: Place) -> Place:
    """Return where a signature of usual width would stand in a frame."""
    return frame.centred((frame.width_mm * 2 / 3, frame.height_mm))


def _content(args: argparse.Namespace) -> bytes:
    try:
        content: bytes = args.picture.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=args.picture, why=error.strerror or error) from error
    return content


def _asked(args: argparse.Namespace, content: bytes) -> Place | None:
    if not args.at:
        return None
    try:
        page, *frame = [float(part) for part in args.at.split(",")]
        left, top, width, height = frame
    except ValueError as error:
        raise PictureUnusable("--at", _BAD_PLACE) from error
    if width <= 0 or height <= 0 or page != int(page):
        raise PictureUnusable("--at", _BAD_PLACE)
    return place_asked(content, int(page), (left, top, width, height))
