"""What the argument parser itself says, in Vietnamese; in English it speaks for itself."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any, TypeVar

from khien.kernel.language import current_language

_Action = TypeVar("_Action", bound=argparse.Action)

VIETNAMESE: Mapping[str, str] = {
    "usage: ": "cách dùng: ",
    "positional arguments": "tham số",
    "options": "tùy chọn",
    "show this help message and exit": "hiện hướng dẫn này rồi thoát",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "tham số %(argument_name)s: %(message)s",
    "the following arguments are required: %s": "thiếu tham số: %s",
    "one of the arguments %s is required": "cần một trong các tham số: %s",
    "unrecognized arguments: %s": "không có tham số này: %s",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s chưa rõ là tham số nào: %(matches)s"
    ),
    "not allowed with argument %s": "không dùng cùng với %s",
    "ignored explicit argument %r": "không nhận giá trị %r",
    "unexpected option string: %s": "không có tùy chọn này: %s",
    "expected one argument": "cần một giá trị",
    "expected at most one argument": "nhiều nhất một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "expected %s argument": "cần %s giá trị",
    "expected %s arguments": "cần %s giá trị",
    "invalid %(type)s value: %(value)r": "giá trị không đúng kiểu %(type)s: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "không có lựa chọn %(value)r (chọn một trong: %(choices)s)"
    ),
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "không có lựa chọn %(value)r, có phải %(closest)r? (chọn một trong: %(choices)s)"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "không có lệnh %(parser_name)r (chọn một trong: %(choices)s)"
    ),
}

# What stands for the value of an argument in help; in English argparse makes it of the argument's name.
VALUES: Mapping[str, str] = {
    "unit": "ĐƠN_VỊ",
    "documents": "VĂN_BẢN,…",
    "document": "VĂN_BẢN",
    "on": "NGÀY",
    "since": "NGÀY",
    "folder": "THƯ_MỤC",
    "ledger": "THƯ_MỤC",
    "key": "KHÓA",
    "checkpoint": "TỆP",
    "output": "TỆP",
    "file": "TỆP",
    "code": "MÃ",
    "parent": "MÃ",
    "ids": "MÃ",
    "name": "TÊN",
    "name_en": "TÊN",
    "place": "ĐỊA_DANH",
    "username": "TÊN_ĐĂNG_NHẬP",
    "full_name": "HỌ_TÊN",
    "until": "NGÀY",
    "signed": "NGÀY",
    "reason": "LÝ_DO",
    "email": "THƯ",
    "words": "TỪ",
}


class Parser(argparse.ArgumentParser):
    """An argument parser, and so its sub-parsers, that names values in the language in use."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        super().__init__(**options)

    def _add_action(self, action: _Action) -> _Action:
        # The one place that arguments of groups pass too.
        if current_language() == "vi" and action.metavar is None and action.choices is None:
            action.metavar = VALUES.get(action.dest)
        return super()._add_action(action)


def speak_both_languages() -> None:
    """Let argparse say its own words in the language in use.

    It asks gettext, whose catalog would hang on environment variables and a compiled file; so the two
    functions it calls are given here.
    """
    argparse._ = _said  # type: ignore[attr-defined]  # the name under which argparse calls gettext
    argparse.ngettext = _said_in_number  # type: ignore[attr-defined]


def _said(message: str) -> str:
    return VIETNAMESE.get(message, message) if current_language() == "vi" else message


def _said_in_number(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)
