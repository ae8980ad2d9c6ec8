"""The process of its own that checks and fills a unit's template: started for one file, ended in time."""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from copy import deepcopy
from typing import Any, Final

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Emu
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError
from markupsafe import Markup

from khien.reports.template_rules import (
    Lines,
    Problem,
    Refused,
    TemplateSandbox,
    misplaced_blocks,
    package_problems,
)

if sys.platform != "win32":
    import resource

_MEMORY_MAX: Final = 2**30
# A value that starts so is ready-made paragraphs of Word; nothing that a person writes can start so.
BLOCKS: Final = "\x02"
_BLOCK_NAMES: Final = {"noi_dung": ""}


def main() -> int:
    """Read one order from standard input, answer on standard output."""
    order = json.load(sys.stdin.buffer)
    _bound(order["seconds"])
    try:
        content = filled(
            base64.b64decode(order["template"]), order["data"], order["styles"], order["width_mm"]
        )
    except Refused as refused:
        answer: dict[str, Any] = {"problems": refused.problems}
    else:
        answer = {"content": base64.b64encode(content).decode("ascii")}
    sys.stdout.write(json.dumps(answer))
    return 0


def filled(template: bytes, data: dict[str, Any], styles: list[str], width_mm: float) -> bytes:
    """Return the template filled with data; tables are narrowed where its text is narrower than theirs.

    Raises: Refused: the file or a placeholder may not stand, or the result is too long
    """
    problems = package_problems(template)
    if problems:
        raise Refused(problems)
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.init_docx()
        share = _share_of_width(document, width_mm)
        names = _take_styles(document, [_narrowed(style, share) for style in styles])
        data = _with_narrow_blocks(data, share)
        environment = TemplateSandbox(data)
        _look(document, environment)
        document.render(_plain(data, names), jinja_env=environment)
        made = io.BytesIO()
        document.save(made)
    except TemplateSyntaxError as error:
        raise Refused([("syntax", _near(error))]) from error
    except SecurityError as error:
        raise Refused([("statement", str(error)[:80])]) from error
    except UndefinedError as error:
        raise Refused([("name", str(error)[:80])]) from error
    except (TemplateError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refused([("no_document", type(error).__name__)]) from error
    return made.getvalue()


def _share_of_width(document: DocxTemplate, width_mm: float) -> float:
    section = document.docx.sections[0]
    text = section.page_width - section.left_margin - section.right_margin
    return float(min(1.0, max(0.2, Emu(text).mm / width_mm)))


def _with_narrow_blocks(value: Any, share: float) -> Any:
    if isinstance(value, dict):
        return {key: _with_narrow_blocks(one, share) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_narrow_blocks(one, share) for one in value]
    is_block = isinstance(value, str) and value.startswith(BLOCKS)
    return _narrowed(value, share) if is_block else value


def _narrowed(xml: str, share: float) -> str:
    """Return paragraphs, tables or a style with their widths as a share of what they were."""
    if share >= 1:
        return xml

    def narrow(found: re.Match[str]) -> str:
        return f'{found[1]}"{int(int(found[2]) * share)}"'

    return re.sub(r'(<w:(?:tblW|gridCol|tcW)\b[^>]*?w:w=|<w:tab\b[^>]*?w:pos=)"(\d+)"', narrow, xml)


def _look(document: DocxTemplate, environment: TemplateSandbox) -> None:
    """Look at every part that will be filled, so that all its problems are told at once."""
    found: list[Problem] = []
    for xml in _sources(document):
        found.extend(misplaced_blocks(xml, _BLOCK_NAMES))
        try:
            environment.parse(xml)
        except Refused as refused:
            found.extend(refused.problems)
        except TemplateSyntaxError as error:
            found.append(("syntax", _near(error)))
    if found:
        raise Refused(list(dict.fromkeys(found)))


def _sources(document: DocxTemplate) -> list[str]:
    made = [document.patch_xml(document.get_xml())]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            made.append(document.patch_xml(document.get_part_xml(part)))
    return [re.sub(r"<w:p([ >])", r"\n<w:p\1", xml) for xml in made]


def _take_styles(document: DocxTemplate, styles: list[str]) -> dict[str, str]:
    """Add the styles that the template lacks; return how it calls those that it has under another mark."""
    holder = document.docx.styles.element
    by_name = {
        style.find(qn("w:name")).get(qn("w:val")).lower(): style.get(qn("w:styleId"))
        for style in holder.findall(qn("w:style"))
        if style.find(qn("w:name")) is not None
    }
    known = set(by_name.values())
    renamed: dict[str, str] = {}
    for source in styles:
        style = parse_xml(source)
        mark = style.get(qn("w:styleId"))
        name = style.find(qn("w:name")).get(qn("w:val")).lower()
        if name in by_name:
            renamed[mark] = by_name[name]
        elif mark not in known:
            holder.append(deepcopy(style))
    return renamed


def _plain(value: Any, names: dict[str, str]) -> Any:
    """Return data as a template may see it: text, dictionaries, lists that count their turns."""
    if isinstance(value, dict):
        return {key: _plain(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return Lines(_plain(one, names) for one in value)
    if isinstance(value, str) and value.startswith(BLOCKS):
        return Markup(_renamed(value[1:], names))  # noqa: S704  # made by the program, not by a person
    return value


def _renamed(xml: str, names: dict[str, str]) -> str:
    def mark(found: re.Match[str]) -> str:
        return f'<w:pStyle w:val="{names.get(found[1], found[1])}"/>'

    return re.sub(r'<w:pStyle w:val="([^"]*)"/>', mark, xml)


def _near(error: TemplateSyntaxError) -> str:
    """Return the words of the template near a mistake, and what is wrong with them."""
    lines = (error.source or "").splitlines()
    near = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else ""
    words = re.sub(r"<[^>]*>", "", near).strip()
    return f"{words[:80]}: {error.message or ''}"[:200]


def _bound(seconds: int) -> None:
    """Give the process an end of its own, in time and in memory, where the system can."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))


if __name__ == "__main__":
    sys.exit(main())
