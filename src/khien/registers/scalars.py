"""Reading of single values by type: what a person, a form or a cell gives becomes one canonical form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from khien.kernel.canonical import INTEGER_MAX, Json
from khien.kernel.clock import VIETNAM, iso_utc
from khien.kernel.vietnamese import search_key
from khien.registers import refusals as no
from khien.registers.cleaning import clean_lines, one_line, shortened
from khien.registers.declarations import NUMBERS, Field
from khien.registers.refusals import Refused

TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 10_000
PERCENT_MAX = 100
_YEAR_MIN, _YEAR_MAX = 1900, 2200

_THOUSANDS = re.compile(
    r"[+-]?\d{1,3}(?:\.\d{3})+|[+-]?\d{1,3}(?: \d{3})+|[+-]?\d{1,3}(?:,\d{3}){2,}"
)
_PLAIN = re.compile(r"[+-]?\d{1,18}")
_ONE_COMMA = re.compile(r"[+-]?\d{1,3},\d{3}")
_MONEY = re.compile(
    r"(?P<number>[+-]?[\d., ]*\d) ?(?P<scale>nghin|ngan|trieu|ty|ti)?(?: ?(?:d|dong|vnd))?\.?"
)
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_DAY = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPOKEN_DAY = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}\s?[/.\-]\s?\d{1,2}(?:\s?[/.\-]\s?\d{2})?")
_CLOCK = re.compile(r"(\d{1,2})(?::|h|g| gio )(\d{2})(?::(\d{2}))?")
_MAC = re.compile(r"[0-9a-f]{12}")
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_EXTENSION = re.compile(r"(?:#|ext\.?|x|may le|nhanh|so le|so nhanh)\s*:?\s*(\d{1,6})$")
_HOST = re.compile(r"(?:[\w](?:[\w-]{0,61}[\w])?\.)*[\w](?:[\w-]{0,61}[\w])?\.?", re.UNICODE)
_YES = frozenset(
    ["co", "x", "v", "yes", "y", "true", "t", "1", "dung", "roi", "✓", "✔", "☑", "☒", "on"]
)
_NO = frozenset(["khong", "no", "n", "false", "f", "0", "sai", "chua", "off", "☐"])


_word = lru_cache(maxsize=4096)(search_key)


def read_scalar(field: Field, raw: object) -> Json:
    """Return the canonical value of a field that is no reference; None where nothing was given.

    Raises: Refused: the value cannot stand here
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    value = _READERS[field.type](field, raw)
    return _within(field, value) if field.type in NUMBERS else value


def text_of(raw: object) -> str:
    """Return what a person or a cell gave as one line of text; a whole number loses its ".0".

    Raises: Refused: not something that can be said in one line
    """
    if isinstance(raw, str):
        return one_line(raw)
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return f"{raw:%d/%m/%Y %H:%M}"
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return str(raw)
    raise Refused(no.UNREADABLE)


def _within(field: Field, value: Json) -> Json:
    low = 0 if field.min is None and field.type == "percent" else field.min
    high = PERCENT_MAX if field.max is None and field.type == "percent" else field.max
    if not isinstance(value, int):
        return value
    if low is not None and value < low:
        raise Refused(no.TOO_SMALL, value=value, limit=low)
    limit = min(INTEGER_MAX, high if high is not None else INTEGER_MAX)
    if abs(value) > INTEGER_MAX or value > limit:
        raise Refused(no.TOO_GREAT, value=value, limit=limit)
    return value


def _read_text(field: Field, raw: object) -> Json:
    is_long = field.type == "long_text"
    text = clean_lines(raw) if is_long and isinstance(raw, str) else text_of(raw)
    limit = field.max or (LONG_TEXT_LENGTH if is_long else TEXT_LENGTH)
    if len(text) > limit:
        raise Refused(no.TOO_LONG, size=len(text), limit=limit)
    if text and field.min and len(text) < field.min:
        raise Refused(no.TOO_SHORT, limit=field.min)
    return text or None


def _read_integer(_field: Field, raw: object) -> Json:
    return _integer(raw)


def _integer(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise Refused(no.NOT_WHOLE, value=shortened(raw))
    if isinstance(raw, (int, float)):
        if raw != raw or abs(raw) > INTEGER_MAX or raw != int(raw):  # NaN is not itself
            raise Refused(no.NOT_WHOLE, value=shortened(raw))
        return int(raw)
    text = one_line(raw)
    if _ONE_COMMA.fullmatch(text):
        raise Refused(no.AMBIGUOUS_NUMBER, value=text)
    if _THOUSANDS.fullmatch(text):
        text = re.sub("[., ]", "", text)
    if not _PLAIN.fullmatch(text):
        raise Refused(no.NOT_WHOLE, value=shortened(text))
    return int(text)


def _read_money(_field: Field, raw: object) -> Json:
    if not isinstance(raw, str):
        return _integer(raw)
    found = _MONEY.fullmatch(search_key(one_line(raw)).replace("₫", "d"))
    if found is None:
        raise Refused(no.NOT_MONEY, value=shortened(raw))
    if found["scale"] is None:
        return _integer(found["number"])
    try:
        amount = (
            Decimal(found["number"].replace(" ", "").replace(",", ".")) * _SCALES[found["scale"]]
        )
    except InvalidOperation:
        raise Refused(no.NOT_MONEY, value=shortened(raw)) from None
    if amount != int(amount):
        raise Refused(no.NOT_MONEY, value=shortened(raw))
    return int(amount)


def _read_percent(_field: Field, raw: object) -> Json:
    text = one_line(raw).removesuffix("%").strip() if isinstance(raw, str) else raw
    try:
        return _integer(text)
    except Refused:
        raise Refused(no.NOT_PERCENT, value=shortened(raw)) from None


def _read_date(_field: Field, raw: object) -> Json:
    return _day(raw).isoformat()


def _day(raw: object) -> date:
    if isinstance(raw, datetime):
        return _sane(raw.astimezone(VIETNAM).date() if raw.tzinfo else raw.date())
    if isinstance(raw, date):
        return _sane(raw)
    if not isinstance(raw, str):
        raise Refused(no.NOT_A_DATE, value=shortened(raw))
    text = one_line(raw)
    found = _DAY.fullmatch(text) or _SPOKEN_DAY.fullmatch(search_key(text))
    if found is not None:
        day, month, year = (int(part) for part in found.groups())
    else:
        year, month, day = _iso_parts(text)
    try:
        return _sane(date(year, month, day))
    except ValueError:
        raise Refused(no.NO_SUCH_DAY, value=shortened(text)) from None


def read_day(raw: object) -> date:
    """Return a day that a person wrote outside of any field.

    Raises: Refused: it is none
    """
    return _day(raw)


def _iso_parts(text: str) -> tuple[int, int, int]:
    found = _ISO_DAY.fullmatch(text.removesuffix(" 00:00:00").removesuffix("T00:00:00"))
    if found is None:
        is_short = _SHORT_YEAR.fullmatch(text) is not None
        raise Refused(no.YEAR_NEEDED if is_short else no.NOT_A_DATE, value=shortened(text))
    year, month, day = (int(part) for part in found.groups())
    return year, month, day


def _sane(day: date) -> date:
    if not _YEAR_MIN <= day.year <= _YEAR_MAX:
        raise Refused(no.YEAR_FAR, value=day.year)
    return day


def _read_moment(_field: Field, raw: object) -> Json:
    moment = raw if isinstance(raw, datetime) else _moment_of_text(raw)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    _sane(moment.date())
    return iso_utc(moment.astimezone(UTC))


def _moment_of_text(raw: object) -> datetime:
    if not isinstance(raw, str):
        raise Refused(no.NOT_A_MOMENT, value=shortened(raw))
    text = one_line(raw)
    if "T" in text and _ISO_DAY.match(text):
        try:
            return datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            raise Refused(no.NOT_A_MOMENT, value=shortened(text)) from None
    bare = search_key(text)
    clock = _CLOCK.search(bare)
    if clock is None:
        raise Refused(no.NOT_A_MOMENT, value=shortened(text))
    rest = (bare[: clock.start()] + " " + bare[clock.end() :]).replace(",", " ")
    day = _day(" ".join(rest.removeprefix("luc ").split()))
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=VIETNAM)
    except ValueError:
        raise Refused(no.NOT_A_MOMENT, value=shortened(text)) from None


def _read_boolean(_field: Field, raw: object) -> Json:
    if isinstance(raw, bool):
        return raw
    word = _word(text_of(raw))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused(no.NOT_YES_NO, value=shortened(raw))


def _read_choice(field: Field, raw: object) -> Json:
    return _choice(field, text_of(raw))


def _choice(field: Field, text: str) -> str:
    code = field.choice_words.get(_word(text))
    if code is not None:
        return code
    known_vi = "; ".join(label.vi for label in field.choices.values())
    known_en = "; ".join(label.en for label in field.choices.values())
    raise Refused(no.NOT_A_CHOICE, value=shortened(text), known_vi=known_vi, known_en=known_en)


def _read_choices(field: Field, raw: object) -> Json:
    """Read several choices: a list, or text with ; or line breaks between; a comma where that alone helps."""
    if isinstance(raw, (list, tuple)):
        parts = [text_of(item) for item in raw if item not in (None, "")]
    else:
        parts = re.split(r"[;\n]", clean_lines(raw) if isinstance(raw, str) else text_of(raw))
    chosen: set[str] = set()
    for part in parts:
        if part.strip():
            chosen |= _choices_of_part(field, one_line(part))
    return [code for code in field.choices if code in chosen] or None


def _choices_of_part(field: Field, part: str) -> set[str]:
    try:
        return {_choice(field, part)}
    except Refused:
        if "," not in part:
            raise
    return {_choice(field, piece.strip()) for piece in part.split(",") if piece.strip()}


def _read_mac(_field: Field, raw: object) -> Json:
    bare = re.sub(r"[\s:.\-]", "", text_of(raw)).lower()
    # An odd first byte means a group of receivers, never one device.
    if not _MAC.fullmatch(bare) or not bare.strip("0") or int(bare[:2], 16) & 1:
        raise Refused(no.NOT_A_MAC, value=shortened(raw))
    return ":".join(bare[at : at + 2] for at in range(0, 12, 2))


def _read_ip(_field: Field, raw: object) -> Json:
    text = text_of(raw)
    try:
        address = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        raise Refused(no.NOT_AN_IP, value=shortened(text)) from None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _read_email(_field: Field, raw: object) -> Json:
    text = text_of(raw).removeprefix("mailto:")
    name, at, domain = text.rpartition("@")
    text = f"{name}{at}{domain.lower()}"
    if not _EMAIL.fullmatch(text) or ".." in name or name.startswith(".") or name.endswith("."):
        raise Refused(no.NOT_AN_EMAIL, value=shortened(raw))
    return text


def _read_phone(_field: Field, raw: object) -> Json:
    """Read a number of Viet Nam as 0…, of elsewhere as +…, an extension as #…"""
    text = search_key(text_of(raw))
    extension = _EXTENSION.search(text)
    main = text[: extension.start()].rstrip(" ,;-") if extension else text
    digits = re.sub(r"[\s.\-()]", "", main.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+84"):
        digits = "0" + digits[3:].lstrip("0")
    # A cell of numbers drops the zero in front of a mobile number.
    if re.fullmatch(r"[35789]\d{8}", digits):
        digits = "0" + digits
    if not re.fullmatch(r"0[1-9]\d{7,9}|1[89]00\d{4,6}|1\d{2}|\+[1-9]\d{6,14}", digits):
        raise Refused(no.NOT_A_PHONE, value=shortened(raw))
    return digits + (f"#{extension[1]}" if extension else "")


def _read_url(_field: Field, raw: object) -> Json:
    text = text_of(raw)
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused(no.NOT_A_URL, value=shortened(text)) from None
    is_good = (
        parts.scheme.lower() in ("http", "https") and "@" not in parts.netloc and " " not in whole
    )
    if not is_good or not (_HOST.fullmatch(host) or _is_ip(host)) or len(whole) > TEXT_LENGTH:
        raise Refused(no.NOT_A_URL, value=shortened(text))
    shown = f"[{host}]" if ":" in host else host
    netloc = shown + (f":{port}" if port is not None else "")
    return parts._replace(scheme=parts.scheme.lower(), netloc=netloc).geturl()


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


_READERS: Mapping[str, Callable[[Field, object], Json]] = {
    "text": _read_text,
    "long_text": _read_text,
    "integer": _read_integer,
    "money": _read_money,
    "percent": _read_percent,
    "date": _read_date,
    "moment": _read_moment,
    "boolean": _read_boolean,
    "choice": _read_choice,
    "choices": _read_choices,
    "mac": _read_mac,
    "ip": _read_ip,
    "email": _read_email,
    "phone": _read_phone,
    "url": _read_url,
}


def said_value(field: Field, value: Json) -> Json | date | datetime:
    """Return a canonical value as a typed one for a person's file: days, moments of Viet Nam, numbers."""
    if isinstance(value, str) and field.type == "date":
        return date.fromisoformat(value)
    if isinstance(value, str) and field.type == "moment":
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return (moment + timedelta(hours=7)).replace(tzinfo=None)
    return value
