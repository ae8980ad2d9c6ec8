"""What both file formats need to know before they draw: lines of names, widths of tables, levels of headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from khien.reports.blocks import (
    HEAD_LEFT_MM,
    HEAD_RIGHT_MM,
    MARGIN_BOTTOM_MM,
    TEXT_WIDTH_MM,
    Align,
    Block,
    Column,
    OfficialDocument,
    Paragraph,
    Row,
    Signer,
    Table,
    rows,
)
from khien.reports.text_width import balanced, exact_width_mm

HEAD_PT, ADDRESS_PT = 13, 11
_LABEL_MM, _INDENT_MM, _BETWEEN_MM = 22, 12.7, 3
_ADDRESS_LINES, _ADDRESS_LINE_MM = 2, 4.5
_NUMBER_MM, _COLUMN_MM_MAX, _CELL_MARGINS_MM = 11, 60, 3
_COLUMN_MM_MIN = 8
_ABBREVIATED = (("UBND", "ỦY BAN NHÂN DÂN"), ("HĐND", "HỘI ĐỒNG NHÂN DÂN"))
_SIZES = (12, 11, 10)
# The words of a head may stand on so many lines.
_HEAD_LINES = 3


def issuer_lines(document: OfficialDocument) -> tuple[str, ...]:
    """Return the issuing body's name in lines that fit into the left block of the head."""
    given = tuple(_in_full(line) for line in document.issuer)
    if all(exact_width_mm(line, HEAD_PT) <= HEAD_LEFT_MM for line in given):
        return given
    return balanced(" ".join(given), HEAD_PT, HEAD_LEFT_MM)


def _in_full(name: str) -> str:
    """Return a body's name without abbreviations: in the head the issuing body is named in full.

    Source: Nghị định 30/2020, Phụ lục I, phần II, mục I.2
    """
    for short, full in _ABBREVIATED:
        name = re.sub(rf"\b{short}\b", full, name)
    return name


def parent_lines(document: OfficialDocument) -> tuple[str, ...]:
    """Return the name of the body above in lines that fit into the left block of the head."""
    if not document.parent:
        return ()
    return balanced(document.parent, HEAD_PT, HEAD_LEFT_MM, bold=False)


def subject_lines(document: OfficialDocument) -> tuple[str, ...]:
    """Return the lines of the abstract under the kind, a long one on lines of about equal length."""
    return tuple(part for line in document.subject for part in balanced(line, 14, TEXT_WIDTH_MM))


def addressee_left_mm(document: OfficialDocument) -> float:
    """Return where the block of several recipients starts, so that it stands in the middle of the text."""
    names = document.addressee_lines()[1:]
    widest = max((exact_width_mm(name, 14, bold=False) for name in names), default=0)
    return max(_INDENT_MM, round((TEXT_WIDTH_MM - _LABEL_MM - widest) / 2, 1))


def bottom_mm(document: OfficialDocument) -> float:
    """Return the bottom margin: an address of more than two lines at the foot asks for more room."""
    lines = len(balanced(document.address, ADDRESS_PT, TEXT_WIDTH_MM, bold=False))
    return MARGIN_BOTTOM_MM + max(0, lines - _ADDRESS_LINES) * _ADDRESS_LINE_MM


def fitted_signers(document: OfficialDocument) -> tuple[Signer, ...]:
    """Return those who sign with lines that fit side by side, broken at the words where that reads best."""
    signers = document.all_signers()
    width = HEAD_RIGHT_MM if len(signers) == 1 else TEXT_WIDTH_MM / len(signers) - _BETWEEN_MM
    return tuple(
        replace(
            signer, lines=tuple(part for line in signer.lines for part in balanced(line, 14, width))
        )
        for signer in signers
    )


def frame_mm(words: str) -> float:
    """Return the width of a frame around words in 13 bold."""
    return round(exact_width_mm(words, HEAD_PT) + 4, 1)


def fitted(table: Table, width_mm: float) -> Table:
    """Return the table with columns that fit into a width: one that is too wide is narrowed in proportion."""
    total = sum(column.width_mm for column in table.columns)
    if total <= width_mm:
        return table
    widths = [max(1, int(column.width_mm * width_mm / total)) for column in table.columns]
    for place in range(int(width_mm) - sum(widths)):
        widths[place] += 1
    pairs = zip(table.columns, widths, strict=True)
    return replace(table, columns=tuple(replace(column, width_mm=width) for column, width in pairs))


def heading_levels(shown: Sequence[Block], base: int) -> list[int]:
    """Return the level of each block's heading below a base, 0 for no heading; no level is skipped.

    A division is one heading: its label; its title and an article's text are read as paragraphs.
    """
    levels, has_section = [], False
    for block in shown:
        style = block.style if isinstance(block, Paragraph) else ""
        if style == "section":
            has_section = True
            levels.append(base + 1)
        elif style == "part":
            levels.append(base + 2 if has_section else base + 1)
        else:
            levels.append(0)
    return levels


def measured_table(
    heads: Sequence[str],
    lines: Sequence[Sequence[str]],
    *,
    width_mm: int = TEXT_WIDTH_MM,
    aligns: Sequence[Align] = (),
    is_numbered: bool = True,
) -> Table:
    """Return a table whose columns are as wide as their words ask, in the largest size that breaks no word.

    Args: is_numbered: the first column holds only running numbers
    """
    for size in _SIZES:
        made = _of_size(heads, lines, size, width_mm, aligns=aligns, is_numbered=is_numbered)
        if made is not None or size == _SIZES[-1]:
            break
    least = [Column(head, max(1, width_mm // len(heads))) for head in heads]
    return made or Table(tuple(least), rows(lines), size_pt=_SIZES[-1])


def _of_size(
    heads: Sequence[str],
    lines: Sequence[Sequence[str]],
    size: int,
    width_mm: int,
    *,
    aligns: Sequence[Align],
    is_numbered: bool,
) -> Table | None:
    """Return the table in a type size, or None where a word would have to be broken."""
    start = 1 if is_numbered else 0
    columns = [
        (heads[place], [line[place] for line in lines]) for place in range(start, len(heads))
    ]
    least = [_longest_word_mm(head, cells, size) for head, cells in columns]
    asked = [
        max(low, _asked_mm(head, cells, size))
        for low, (head, cells) in zip(least, columns, strict=True)
    ]
    room = width_mm - start * _NUMBER_MM - sum(least)
    if room < 0:
        return None
    more = _shared([ask - low for ask, low in zip(asked, least, strict=True)], room)
    widths = [low + extra for low, extra in zip(least, more, strict=True)]
    if is_numbered:
        widths.insert(0, _NUMBER_MM)
    _share_out(widths, width_mm - sum(widths), start)
    sides = [*aligns, *_sides(len(heads), start)[len(aligns) :]]
    made = zip(heads, widths, sides, strict=True)
    return Table(
        tuple(Column(head, width, side) for head, width, side in made), rows(lines), size_pt=size
    )


def _share_out(widths: list[int], room: int, start: int) -> None:
    """Give what is left to the columns in proportion to their widths, the undivided rest to the widest."""
    asked = widths[start:] or widths
    given = [int(room * width / sum(asked)) for width in asked]
    given[asked.index(max(asked))] += room - sum(given)
    for place, more in enumerate(given, start=len(widths) - len(asked)):
        widths[place] += more


def _shared(wanted: Sequence[int], room: int) -> list[int]:
    """Return who gets how much of the room: small wishes are met first, the rest is shared evenly."""
    given = [0] * len(wanted)
    by_size = sorted(range(len(wanted)), key=lambda place: wanted[place])
    for done, place in enumerate(by_size):
        given[place] = min(wanted[place], room // (len(wanted) - done))
        room -= given[place]
    return given


def _sides(count: int, numbered: int) -> list[Align]:
    sides: list[Align] = ["left"] * count
    sides[:numbered] = ["center"] * numbered
    return sides


def _longest_word_mm(head: str, cells: Sequence[str], size: int) -> int:
    words = dict.fromkeys(head.split(), True) | {
        word: False for cell in cells for word in cell.split()
    }
    widest = max((exact_width_mm(word, size, bold=bold) for word, bold in words.items()), default=0)
    return max(_COLUMN_MM_MIN, min(_COLUMN_MM_MAX, int(widest + 1) + _CELL_MARGINS_MM))


def _asked_mm(head: str, cells: Sequence[str], size: int) -> int:
    widths = (exact_width_mm(cell, size, bold=False) for cell in cells)
    asked = max(widths, default=0) + _CELL_MARGINS_MM
    return min(_COLUMN_MM_MAX * 2, int(max(asked, exact_width_mm(head, size) / _HEAD_LINES)))


def total_row(cells: Sequence[str]) -> Row:
    """Return a row of sums."""
    return Row(tuple(cells), "total")
