"""Vietnamese letters in patterns: a range such as À-Ỹ holds small letters too, so the capitals are listed."""

from __future__ import annotations

import re

CAPITALS = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
SMALL = CAPITALS.lower()


def vietnamese(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which A-ZĐÀ-Ỹ stands for the capitals and a-zđà-ỹ for the small letters."""
    return re.compile(pattern.replace("A-ZĐÀ-Ỹ", CAPITALS).replace("a-zđà-ỹ", SMALL))
