"""The head of a text, line by line: state header, issuer, number, date, kind, title, recitals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from khien.kernel.vietnamese import nfc
from khien.norms.text.dates import SPOKEN_DATE
from khien.norms.text.letters import vietnamese
from khien.norms.text.lines import Line
from khien.norms.text.phrases import (
    ADDRESSEES,
    AUTHORITY,
    ENACT,
    ISSUED_WITH,
    KIND_CAPS,
    KIND_LINE,
    KIND_START,
    KINDS,
    MOTTO,
    NATION,
    POSITION_LINE,
    RECITAL,
    STRONG_RECITAL,
    SUBJECT,
    is_caps,
)

_NUMBER_LINE = re.compile(r"(?:^|\s)(?:Luật |Nghị quyết |Pháp lệnh )?(?:Số|SỐ|số) ?[:.]")
_NUMBER_SHORT = re.compile(r"(?:Số|SỐ) ?: ?\d{1,5} ?/ ?[\dA-ZĐ]")
_NUMBER_START = re.compile(r"(?:Số|SỐ) ?[:.]?\s*(?:\d|/|[.…_])")
_NUMBER_TAIL = re.compile(r"[\d ]*/ ?(?:\d{4} ?/ ?)?[A-ZĐ]{2,}[\w-]*(?:-[\wĐ]+)*$")
_PLACE_DATE = re.compile(r"ngày\s*[\d.…_ ]*\s*tháng\s*[\d.…_ ]*\s*năm\s*(?:\d{4}|[\d.…_ ]*)")
# A date broken over lines: "Lạng Sơn, ngày 13" / "tháng 01 năm 2020".
_DATE_BEGINS = vietnamese(
    r"[A-ZĐÀ-Ỹ][^,;:()]{1,40}, ngày(?:\s*[\d.…_]*)(?:\s*tháng(?:\s*[\d.…_]*)?)?(?:\s*năm)?$"
)
_DATE_GOES_ON = re.compile(r"(?:\d{1,2}\s*tháng|tháng|\d{1,2}\s*năm|năm|\d{4}$)")
_PLACE_BEGINS = vietnamese(r"(?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]*[ .-]*){1,4}$")
_PLACE_GOES_ON = vietnamese(r"[A-ZĐÀ-Ỹ][^,;:()]{1,30}, ngày\b")
_WIDE_GAP = re.compile(r"[ \u00a0]{3,}|\t+|\|")
_BULLET = re.compile(r"[-–—•+*]\s*")
_FILL_IN = re.compile(r"\{\{[^{}]{1,60}\}\}(?: \{\{[^{}]{1,60}\}\})?")
_OTHER_TEXT = re.compile(
    r"(?:Luật|Bộ luật|Nghị định|Thông tư|Quyết định|Nghị quyết)\b[^.;]{0,80} số \d"
)
_TITLE_LINES_MAX = 8
_LONG = 400


def left_of_state(text: str) -> str:
    """Return what stands left of the name or motto of the state on the same line."""
    found = [match.start() for match in (NATION.search(text), MOTTO.search(text)) if match]
    return text[: min(found, default=len(text))].strip(" |\t*-_")


@dataclass(slots=True)
class Head:
    """The lines of one head sorted by what they are; raw material for the metadata.

    Args: outline: the part has no articles, so that the first sentence that is not head is its body;
          starts_at: physical line of the state header; what stands above it is of the page
    """

    outline: bool
    starts_at: int = 0
    issuer: list[Line] = field(default_factory=list)
    numbers: list[Line] = field(default_factory=list)
    dates: list[Line] = field(default_factory=list)
    kind: str | None = None
    kind_line: int | None = None
    title: list[Line] = field(default_factory=list)
    subject: list[Line] = field(default_factory=list)
    issued_with: list[Line] = field(default_factory=list)
    addressees: list[Line] = field(default_factory=list)
    recitals: list[list[Line]] = field(default_factory=list)
    authority: list[Line] = field(default_factory=list)
    enacting: list[Line] = field(default_factory=list)
    state: str = "start"
    previous: str = ""
    ending: str = ""
    following: str = ""

    def feed(self, line: Line, ending: str, following: str = "") -> str | None:
        """Return why the line is head, or None when the body begins with it.

        Args: ending: the sign that ends the paragraph which starts with the line
              following: the line after it
        """
        self.ending = ending
        self.following = following
        text = line.text
        reason = self._fixed(line, text) or self._by_state(line, text)
        if reason is not None:
            self.previous = text
        return reason

    def _fixed(self, line: Line, text: str) -> str | None:
        """Sort lines that are known by their own words."""
        if NATION.search(text) or MOTTO.search(text):
            self._beside_state(line)
            return "header"
        if self._is_number(text):
            self.numbers.append(line)
            if _PLACE_DATE.search(text):
                self.dates.append(line)
            return "header"
        if len(text) < 120 and _PLACE_DATE.search(text) and "," in text and self._is_place(text):
            self.dates.append(line)
            left = _WIDE_GAP.split(line.raw.strip())[0].strip()
            if left != line.raw.strip() and is_caps(left):
                self.issuer.append(replace(line, text=nfc(left)))
            return "header"
        if self.state in ("start", "subject") and self._is_broken_date(text):
            self.dates.append(line)
            return "header"
        if KIND_LINE.match(text) and self.kind in (None, "văn bản hợp nhất"):
            return self._kind(line, text.rstrip(". ").replace(" MẪU", ""))
        match = KIND_START.match(text)
        if match and self.kind is None and is_caps(match.group(1)) and self.state != "recital":
            self.title = [line]
            if "(Ban hành" in text or "(Kèm theo" in text:
                self.issued_with.append(line)
            return self._kind(line, match.group(1))
        return self._opening(line, text)

    def _opening(self, line: Line, text: str) -> str | None:
        """Sort the lines that open addressees, the issuing note or the enacting words."""
        if ADDRESSEES.match(text):
            self.state = "addressee"
            self.addressees.append(line)
            return "addressee"
        if self.state != "recital" and ISSUED_WITH.match(text) and text[:1] == "(":
            self.state = "issued-with"
            self.issued_with.append(line)
            return "title"
        if ENACT.match(text) and (text.endswith(":") or is_caps(text) or len(text) < 200):
            self.state = "enacted"
            self.enacting.append(line)
            return "enacting"
        return None

    def _kind(self, line: Line, printed: str) -> str:
        if self.title and self.title[-1] is not line:
            self.title = []
        name = next(key for key in sorted(KINDS, key=len, reverse=True) if printed.startswith(key))
        self.kind = KINDS[name]
        self.kind_line = line.number
        self.state = "title"
        return "title"

    def _is_number(self, text: str) -> bool:
        if self.state in ("recital", "enacted"):
            return False
        if _NUMBER_START.match(text) or _NUMBER_LINE.search(text[:60]):
            return len(text) < 160
        near = self.previous.startswith(("Số", "SỐ")) or not self.numbers
        return bool(near and _NUMBER_TAIL.match(text))

    def _is_place(self, text: str) -> bool:
        before = text.split("ngày", 1)[0].strip()
        return before.endswith(",") and len(before) < 60 and self.state not in ("recital",)

    def _is_broken_date(self, text: str) -> bool:
        """Say whether a line is a piece of the place and date, which stand on more than one line."""
        if self.kind is not None:
            return False
        if _DATE_BEGINS.match(text):
            return True
        if self.dates and self.dates[-1].text == self.previous and _DATE_GOES_ON.match(text):
            return SPOKEN_DATE.search(self.previous) is None
        return (
            bool(self.numbers)
            and _PLACE_BEGINS.match(text) is not None
            and _PLACE_GOES_ON.match(self.following) is not None
        )

    def _beside_state(self, line: Line) -> None:
        """Take issuer, number and date that stand on the line of the state's name or motto."""
        if _NUMBER_SHORT.search(line.text):
            self.numbers.append(line)
        if _PLACE_DATE.search(line.text):
            self.dates.append(line)
        left = left_of_state(line.text)
        if left and is_caps(left):
            self.issuer.append(line)

    def _by_state(self, line: Line, text: str) -> str | None:
        if SUBJECT.match(text) and self.state in ("start", "header", "title"):
            if self.state == "title":
                self.title.append(line)
                return "title"
            self.state = "subject"
            self.subject.append(line)
            return "title"
        handler = {
            "title": self._in_title,
            "subject": self._in_subject,
            "addressee": self._in_addressees,
            "issued-with": self._in_issued_with,
            "recital": self._in_recitals,
            "enacted": self._after_enacting,
        }.get(self.state, self._at_start)
        return handler(line, text)

    def _at_start(self, line: Line, text: str) -> str | None:
        if line.number < self.starts_at and not is_caps(text):
            return "preamble"
        titled = KIND_CAPS.match(text) if self.kind is None and is_caps(text) else None
        if titled and line.number < self.starts_at:
            return "preamble"
        if titled and text[-1] != ":":
            self.title = [line]
            return self._kind(line, titled[1])
        if self._is_nameless_title(text):
            self.state = "title"
            self.title.append(line)
            return "title"
        if line.heading and not self._is_heading_of_issuer(text):
            if self.kind is None and not self.title:
                self.title.append(line)
                return "title"
        elif line.heading:
            self.issuer.append(line)
            return "header"
        if is_caps(text) and len(text) < 120 and not (line.heading or self.outline_started(text)):
            office = bool(self.numbers) and POSITION_LINE.match(text) is not None
            (self.authority if office else self.issuer).append(line)
            return "header"
        return self._recital_or_body(line, text)

    def _is_nameless_title(self, text: str) -> bool:
        """Say whether a title in capitals follows number and date though the kind was left out."""
        complete = bool(self.numbers and self.dates) and self.kind is None and not self.title
        return complete and is_caps(text) and len(text) > 12 and not AUTHORITY.match(text)

    def _is_heading_of_issuer(self, text: str) -> bool:
        return is_caps(text) and not self.title and AUTHORITY.match(text) is not None

    def outline_started(self, text: str) -> bool:
        """Say whether a line in capitals after the head is a heading of the body."""
        return self.outline and self.kind is not None and not AUTHORITY.match(text)

    def _in_title(self, line: Line, text: str) -> str | None:
        if STRONG_RECITAL.match(text) or (self.title and self._starts_recital(text)):
            return self._recital_or_body(line, text)
        if is_caps(text) and self._is_authority(text):
            self.authority.append(line)
            return "header"
        if len(self.title) >= _TITLE_LINES_MAX or len(text) > _LONG:
            return self._recital_or_body(line, text)
        if self.title and self._follows_title(text):
            return self._recital_or_body(line, text)
        self.title.append(line)
        return "title"

    def _is_authority(self, text: str) -> bool:
        if self.authority or _FILL_IN.fullmatch(text):
            return bool(self.title)
        return AUTHORITY.match(text) is not None and bool(self.title or self.kind != "luật")

    def _follows_title(self, text: str) -> bool:
        """Say whether a line after the title is a sentence of its own, not the title's second line."""
        if _OTHER_TEXT.match(text):
            return True
        if not self.outline or text[-1] not in ".:;":
            return False
        return len(text) > 60 or is_caps(self.title[-1].text)

    def _starts_recital(self, text: str) -> bool:
        return RECITAL.match(text) is not None and not text.isupper()

    def _in_subject(self, line: Line, text: str) -> str | None:
        ended = self.previous.endswith((".", ";")) or len(self.subject) >= _TITLE_LINES_MAX
        continues = text[0].islower() or text[0].isdecimal() or len(text) < 60
        if not ended and continues and not STRONG_RECITAL.match(text):
            self.subject.append(line)
            return "title"
        self.state = "start"
        if is_caps(text):
            return self._at_start(line, text)
        return self._recital_or_body(line, text)

    def _in_addressees(self, line: Line, text: str) -> str | None:
        opened = self.previous.rstrip().endswith((":", ";", ",")) or ADDRESSEES.fullmatch(
            self.previous
        )
        if _BULLET.match(text) or text[0].islower() or opened:
            self.addressees.append(line)
            return "addressee"
        self.state = "body"
        return self._recital_or_body(line, text)

    def _in_issued_with(self, line: Line, text: str) -> str | None:
        if (
            ")" not in " ".join(item.text for item in self.issued_with)
            and len(self.issued_with) < 6
        ):
            self.issued_with.append(line)
            return "title"
        self.state = "title-done"
        if is_caps(text) and AUTHORITY.match(text):
            self.authority.append(line)
            return "header"
        return self._recital_or_body(line, text)

    def _in_recitals(self, line: Line, text: str) -> str | None:
        closed = self.previous.endswith((";", ".", ":", ","))
        if self._starts_recital(text) and (closed or STRONG_RECITAL.match(text)):
            return self._recital_or_body(line, text)
        if not closed or text[0].islower():
            self.recitals[-1].append(line)
            return "recital"
        self.state = "enacted"
        return self._after_enacting(line, text)

    def _after_enacting(self, line: Line, text: str) -> str | None:
        if self.enacting and not self.enacting[-1].text.endswith((".", ":")) and text[0].islower():
            self.enacting.append(line)
            return "enacting"
        if is_caps(text) and self.kind is None and len(text) < 120 and not line.heading:
            self.issuer.append(line)
            return "header"
        if KIND_LINE.match(text):
            self.enacting.append(line)
            return "enacting"
        if is_caps(text) and AUTHORITY.match(text):
            self.authority.append(line)
            return "header"
        if self._starts_recital(text) and STRONG_RECITAL.match(text) and not self.outline:
            return self._recital(line)
        return self._body(line)

    def _recital_or_body(self, line: Line, text: str) -> str | None:
        if self._starts_recital(text) and (not self.outline or self._is_basis(text)):
            return self._recital(line)
        return self._body(line)

    def _is_basis(self, text: str) -> bool:
        """Tell a basis of a letter or plan ("Căn cứ …;") from its first sentence ("… như sau:")."""
        if self.ending == ":" or self.state in ("addressee", "body"):
            return False
        return self.ending == ";" or STRONG_RECITAL.match(text) is not None

    def _recital(self, line: Line) -> str:
        self.state = "recital"
        self.recitals.append([line])
        return "recital"

    def _body(self, line: Line) -> str | None:
        if self.outline:
            return None
        return "preamble"
