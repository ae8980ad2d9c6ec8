"""A shared file between its being dropped and its being taken in: it waits for its sender, two hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from khien.adoption.sharing.errors import SharedFileGone
from khien.adoption.sharing.recognising import must_suit_page
from khien.org.models import Unit, User
from khien.registers.errors import UploadGone
from khien.registers.files import clean_name
from khien.registers.uploads import Upload, keep_upload, upload_of

_NAME_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class _SharedTexts:
    """What the file was sent for; no register has such a code."""

    code: str = "van-ban/nhan"


def keep_to_look(content: bytes, name: str, unit: Unit, user: User) -> str:
    """Keep a shared file for its sender until it was looked at; return its token.

    Raises: TooMuchForPage
    """
    name = clean_name(name)[-_NAME_LENGTH:]
    must_suit_page(content, name, unit.code)
    by = user.get_username()
    return keep_upload(content, name, unit=unit, register=_SharedTexts(), owner=by).token


def kept_file(token: str, units: Iterable[Unit], user: User) -> tuple[Upload, Unit]:
    """Return a kept file and the unit it was sent for.

    Args:   units: where its sender may write now
    Raises: SharedFileGone
    """
    for unit in units:
        try:
            by = user.get_username()
            return upload_of(token, unit=unit, register=_SharedTexts(), owner=by), unit
        except UploadGone:
            continue
    raise SharedFileGone
