"""Markdown and HTML marks at the edges and inside of a line: taken off, the words kept."""

from __future__ import annotations

import re

from khien.norms.text.letters import vietnamese

_HEADING = vietnamese(r"^#{1,6}(?=\s|\*|[0-9A-ZĐÀ-Ỹ])\s*")
_QUOTE = re.compile(r"^(?:>\s?)+")
_CLOSING_HASHES = re.compile(r"\s+#{1,6}$")
_LINK = re.compile(r"!?\[([^\[\]]{1,300})\]\([^()\s]{0,500}(?: [^()]{0,100})?\)")
_ESCAPE = re.compile(r"\\([.()\-*_#\[\]+/\"'>|!])")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]{1,2000}?)(?<=\S)\*(?![\w*])")
_UNDERSCORED = re.compile(r"(?<!\w)__(?=\S)([^_]{1,2000}?)__(?!\w)")
_UNDERLINED = re.compile(r"(?<!\w)_(?=[^\s_])([^_]{1,2000}?)(?<=\S)_(?!\w)")
_TAG = re.compile(
    r"</?(?:b|i|u|p|br|strong|em|span|div|a|table|tbody|tr|td|th|h[1-6]|ul|ol|li|center|font|"
    r"sup|sub|small|hr)\b[^<>]{0,200}/?>",
    re.IGNORECASE,
)
_WHOLE_BOLD = re.compile(r"^(?:\*\*|__).{1,400}(?:\*\*|__)\s*$")
_RULE = re.compile(r"^[\s\-_=*~.…—–+#|]+$")
_SURE = re.compile(r"^#{1,6}\s*[*\w]|\*\*\S|^>\s|\]\(http")


def looks_like_markdown(lines: list[str]) -> bool:
    """Return whether a text is written in Markdown: headings, bold spans, links."""
    return any(
        _SURE.search(line.strip())
        for line in lines
        if "**" in line or "](http" in line or line.lstrip()[:1] in ("#", ">")
    )


def strip_markdown(text: str, *, whole: bool) -> tuple[str, bool, bool]:
    """Return a line without its marks, whether it was marked as a heading, and whether it changed.

    Args: whole: the text as a whole is Markdown, so that single marks are taken off as well
    """
    if _RULE.match(text):
        return text, False, False
    result = text
    if "<" in result:
        result = _TAG.sub(" ", result).replace("&nbsp;", " ").strip()
    heading = False
    if whole:
        result, heading = _marks(result)
    result = " ".join(result.split())
    return result, heading, result != text


def _marks(text: str) -> tuple[str, bool]:
    text = _QUOTE.sub("", text)
    match = _HEADING.match(text)
    heading = match is not None
    if match:
        text = _CLOSING_HASHES.sub("", text[match.end() :])
    heading = heading or _WHOLE_BOLD.match(text) is not None
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "**" in text:
        text = text.replace("***", "").replace("**", "")
    if "__" in text:
        text = _UNDERSCORED.sub(r"\1", text)
    if "*" in text:
        text = _ITALIC.sub(r"\1", text)
    if "_" in text:
        text = _UNDERLINED.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
        text = text.rstrip("\\")
    if text.startswith("|") and text.endswith("|") and len(text) > 2:
        text = text.strip("|").strip()
    return text, heading
