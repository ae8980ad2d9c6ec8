"""Values that should stand in one row only (MAC, IP), watched while a file is read."""

from __future__ import annotations

from typing import Final

from khien.kernel.canonical import Json
from khien.kernel.language import Text
from khien.registers.declarations import Register
from khien.registers.values import Values

ALIKE_SHOWN: Final = 200
_SAME = Text(
    "Hàng {line} của tệp: {label_vi} {value} trùng với {other_vi}.",
    "Line {line} of the file: {label_en} {value} is also in {other_en}.",
)


class Watch:
    """Knows which row has a value of each field that should stand only once."""

    def __init__(self, register: Register) -> None:
        self._fields = [field for field in register.fields.values() if field.is_unique]
        self._owners: dict[tuple[str, Json], tuple[int | None, Text]] = {}
        self.found: list[Text] = []

    def know(self, row_id: int, number: int, values: Values) -> None:
        """Take in a row that stands in the register."""
        for field in self._fields:
            value = values.get(field.code)
            if value is not None:
                words = Text(f"dòng {number} của sổ", f"row {number} of the register")
                self._owners.setdefault((field.code, value), (row_id, words))

    def see(self, line: int, values: Values, *, row_id: int | None, before: Values) -> None:
        """Take in a row of the file and note each value that another row has; what stood before is not new."""
        for field in self._fields:
            value = values.get(field.code)
            if value is None or before.get(field.code) == value:
                continue
            own = (row_id, Text(f"hàng {line} của tệp", f"line {line} of the file"))
            owner, words = self._owners.setdefault((field.code, value), own)
            is_other = words != own[1] and (row_id is None or owner != row_id)
            if is_other and len(self.found) < ALIKE_SHOWN:
                said = {"label_vi": field.title.vi, "label_en": field.title.en, "value": value}
                self.found.append(
                    _SAME.fill({**said, "line": line, "other_vi": words.vi, "other_en": words.en})
                )
