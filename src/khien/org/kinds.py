"""Kinds of units (loại đơn vị); their words stand in the library's labels."""

from __future__ import annotations

from khien.kernel.vietnamese import search_key

# The order is that of choices on screens: from the top of the state's tree down.
UNIT_KINDS = (
    "province",
    "department",
    "ward",
    "hospital",
    "health_centre",
    "division",
    "office",
)
# What people write in the column of an Excel file, without tone marks.
_WRITTEN = {
    "province": ("tinh", "thanh pho", "ubnd tinh", "ubnd thanh pho", "city"),
    "department": ("so", "ban", "nganh", "so, ban, nganh", "so nganh"),
    "ward": (
        "xa",
        "phuong",
        "dac khu",
        "thi tran",
        "xa, phuong, dac khu",
        "commune",
        "special zone",
    ),
    "hospital": ("benh vien",),
    "health_centre": ("trung tam y te", "tram y te", "health centre", "health center", "trung tam"),
    "division": ("chi cuc", "don vi truc thuoc", "chi cuc, don vi truc thuoc"),
    "office": ("phong", "van phong", "phong, van phong", "khoa", "to"),
}


def kind_written(text: str) -> str | None:
    """Return the kind that a person's word means; None where no kind fits."""
    word = search_key(text)
    for kind in UNIT_KINDS:
        if word == search_key(kind) or word in _WRITTEN[kind]:
            return kind
    return None
