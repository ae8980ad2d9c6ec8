"""The sentence of a finding: from the control's own reasons, or a common one where no check ran."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from khien.facts.register_tables import check_tables
from khien.kernel.clock import parse_iso, said_day, said_moment
from khien.kernel.language import Text
from khien.norms.model import WAITS, Control, Library, Value
from khien.norms.rulebook import Rule

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

COMMON: Mapping[str, Text] = {
    "out_of_scope": Text(
        vi="Không áp dụng cho loại máy này.", en="Does not apply to this kind of machine."
    ),
    "never_collected": Text(
        vi="Chưa bao giờ thu thập được bảng «{table}» của máy này.",
        en="Table «{table}» was never collected from this machine.",
    ),
    "stale": Text(
        vi="Bảng «{table}» đọc lần cuối lúc {collected_at}, đã quá cũ để kết luận.",
        en="Table «{table}» was last read at {collected_at}, too long ago to conclude.",
    ),
    "denied": Text(
        vi="Bộ thu thập không có quyền đọc bảng «{table}». Chạy lại bằng quyền quản trị.",
        en="The collector had no right to read table «{table}». Run it again as administrator.",
    ),
    "unsupported": Text(
        vi="Máy này không cho biết bảng «{table}».", en="This machine cannot tell table «{table}»."
    ),
    "timeout": Text(
        vi="Đọc bảng «{table}» quá lâu nên đã dừng. Chạy lại khi máy rảnh.",
        en="Reading table «{table}» took too long and was stopped. Run it again when idle.",
    ),
    "error": Text(
        vi="Đọc bảng «{table}» bị lỗi; xem trang của máy để biết lý do.",
        en="Reading table «{table}» failed; the machine's page says why.",
    ),
    "empty_reading": Text(
        vi="Bảng «{table}» trả về trống, mà bảng này không thể trống: coi như đọc lỗi.",
        en="Table «{table}» came back empty although it cannot be: taken as a reading error.",
    ),
    "partial": Text(
        vi="Bảng «{table}» mới đọc được một phần, không thể kết luận là không có. Chạy lại bằng quyền quản trị.",
        en="Table «{table}» was read in part only, so absence cannot be concluded. Run again as administrator.",
    ),
    "register_empty": Text(
        vi="«{table}» chưa có dòng nào và chưa ai xác nhận là không có gì để ghi.",
        en="«{table}» has no row yet, and nobody confirmed that there is nothing to enter.",
    ),
    "register_not_confirmed": Text(
        vi="«{table}» đã lâu chưa được xác nhận là đầy đủ.",
        en="«{table}» was not confirmed as complete for too long.",
    ),
    "file_missing": Text(
        vi="Văn bản làm căn cứ mới chỉ ghi trong sổ, chưa có tệp kèm theo nên chưa là bằng chứng: "
        "{papers}. Nạp tệp vào dòng của văn bản trong sổ.",
        en="The paper this rests on is only entered in the register and has no file, so it is no evidence yet: "
        "{papers}. Add the file to its row.",
    ),
    "contradictory_texts": Text(
        vi="Hai văn bản áp dụng cho đơn vị quy định trái nhau về «{parameter_vi}»: {first} và {second}. "
        "Chưa thể kết luận; cần xin ý kiến cơ quan ban hành.",
        en="Two texts that bind the unit contradict each other on «{parameter_en}»: {first} and {second}. "
        "Nothing can be concluded; ask who issued them.",
    ),
    "nothing_registered": Text(
        vi="Đơn vị đã xác nhận «{table}» không có gì để ghi.",
        en="The unit confirmed that there is nothing to enter in «{table}».",
    ),
    "not_yet": Text(
        vi="Khiên chưa có số liệu để kết luận.", en="Khiên has no data yet to decide this."
    ),
    "no_machine": Text(
        vi="Đơn vị chưa có máy nào được thu thập. Chạy bộ thu thập trên một máy.",
        en="No machine of the unit was collected yet. Run the collector on one.",
    ),
}


_WAITING = Text(
    vi="Chưa kết luận được: Khiên còn chờ {vi}.", en="Not decided yet: Khiên waits for {en}."
)


class _Places(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def sentence_of(
    control: Control, reason: str, detail: Mapping[str, Any], *, rule: Rule | None, library: Library
) -> Text:
    """Return the sentence of a finding in both languages; places without a value show "?"."""
    own = control.check.reasons.get(reason) if control.check else None
    template = own.text if own else _common(control, reason)
    vi, en = _values(detail, rule, library, "vi"), _values(detail, rule, library, "en")
    return Text(vi=template.vi.format_map(vi), en=template.en.format_map(en))


def _common(control: Control, reason: str) -> Text:
    """Return the sentence that controls share; a control nothing decides yet says what it waits for."""
    if reason == "not_yet" and control.waits_for:
        waits = [WAITS[wait] for wait in control.waits_for]
        return _WAITING.fill(
            {"vi": ", ".join(w.vi for w in waits), "en": ", ".join(w.en for w in waits)}
        )
    return COMMON.get(reason, COMMON["not_yet"])


def _values(
    detail: Mapping[str, Any], rule: Rule | None, library: Library, language: str
) -> _Places:
    values = _Places()
    if rule is not None:
        for name, resolved in rule.parameters.items():
            values[name] = said_value(resolved.value, library, language)
    for name, value in detail.items():
        values[name] = _said_detail(name, value, library, language)
    return values


def _said_detail(name: str, value: Any, library: Library, language: str) -> object:
    if value is None:
        return "?"
    if name == "table" and value in check_tables():
        title = check_tables()[value].title
        return title.vi if language == "vi" else title.en
    if name.endswith("_at") and isinstance(value, str) and len(value) >= 19:
        return said_moment(parse_iso(value.replace(" ", "T")[:19] + "Z"))
    if isinstance(value, list):
        return ", ".join(str(_said_detail(name, item, library, language)) for item in value)
    if isinstance(value, str) and name.endswith("_codes"):
        return said_value(value, library, language)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return said_day(date.fromisoformat(value))
    if isinstance(value, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[language][value]
    return value


def said_value(value: Value, library: Library, language: str) -> str:
    """Return a parameter's value in words of one language."""
    if value is None:
        return "đơn vị tự đặt" if language == "vi" else "set by the unit"
    if isinstance(value, tuple):
        return ", ".join(said_value(item, library, language) for item in value)
    if isinstance(value, str):
        label = library.label(value)
        return label.vi if language == "vi" else label.en
    if isinstance(value, int):
        return str(value)
    return f"{value:%d/%m/%Y}"
