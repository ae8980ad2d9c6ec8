"""What a unit's own Word template may hold: placeholders, conditions, loops over lists, nothing that runs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

SIZE_MAX: Final = 5 * 2**20
_UNPACKED_MAX, _PARTS_MAX, _PART_MAX = 60 * 2**20, 500, 8 * 2**20
TURNS_MAX, LETTERS_MAX = 200_000, 40_000_000
FILTERS: Final = ("upper", "lower", "trim", "default", "join", "first", "last", "length")
TESTS: Final = ("defined", "none")
_LOOP_WORDS: Final = ("index", "index0", "first", "last", "length")
# Fields that only count, name or repeat what the file itself holds.
_FIELDS: Final = {
    "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "REF", "PAGEREF", "STYLEREF", "SEQ", "TOC", "HYPERLINK",
}  # fmt: skip
_FOREIGN_PARTS: Final = ("vbaproject", "vbadata", "activex", "embeddings/", "customui")
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINK: Final = "/hyperlink"
_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If,
    nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Const,
    nodes.CondExpr, nodes.Keyword,
)  # fmt: skip
Problem = tuple[str, str]


class Refused(Exception):
    """A template that may not be used: its problems, each as a kind and what it is about."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems)


class Lines(list[Any]):
    """A list that a template may loop over, all loops together so many turns."""

    turns = 0

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            Lines.turns += 1
            if Lines.turns > TURNS_MAX:
                raise Refused([("too_long", "")])
            yield item


class BoundedTemplate(Template):
    """A template that stops when it writes too much."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return what it writes."""
        pieces, letters = [], 0
        for piece in self.generate(*args, **kwargs):
            letters += len(piece)
            if letters > LETTERS_MAX:
                raise Refused([("too_long", "")])
            pieces.append(piece)
        return "".join(pieces)


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """A template language of names, lists and conditions: no calls, no attributes of objects, no other files."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, loader=None)
        self.known = known
        self.template_class = BoundedTemplate
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        problems = list(dict.fromkeys(problems_of(tree, self.known)))
        if problems:
            raise Refused(problems)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a value of a dictionary by name; objects have none."""
        if isinstance(obj, dict):
            return obj.get(attribute, self.undefined(name=attribute))
        if isinstance(obj, LoopContext) and attribute in _LOOP_WORDS:
            return getattr(obj, attribute)
        raise SecurityError(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Refuse places in brackets."""
        raise SecurityError(str(argument))

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse calls."""
        raise SecurityError("()")


def problems_of(tree: nodes.Template, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Give everything in a template that may not stand there, and every placeholder that is not known."""
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield "filter", node.name
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            yield "test", node.name
        elif not isinstance(node, _ALLOWED):
            yield "statement", type(node).__name__.lower()
    yield from _unknown_names(tree, known)


def _unknown_names(node: nodes.Node, scope: Mapping[str, Any]) -> Iterator[Problem]:
    """Give the placeholders that are not known where they stand; a loop knows its own name."""
    if isinstance(node, nodes.Getattr):
        path, _, missing = _resolved(node, scope)
        if missing:
            yield "name", path
        return
    if isinstance(node, nodes.Name) and node.ctx == "load":
        if node.name not in scope:
            yield "name", node.name
        return
    if isinstance(node, nodes.For):
        yield from _loop(node, scope)
        return
    for child in node.iter_child_nodes():
        yield from _unknown_names(child, scope)


def _loop(node: nodes.For, scope: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown_names(node.iter, scope)
    if not isinstance(node.target, nodes.Name) or node.recursive:
        yield "statement", "for"
        return
    _, value, missing = _resolved(node.iter, scope)
    if not missing and not isinstance(value, list):
        yield "not_a_list", _path(node.iter)
    inside = value[0] if isinstance(value, list) and value else None
    words = dict.fromkeys(_LOOP_WORDS, 0)
    inner = {**scope, node.target.name: inside, "loop": words}
    for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
        yield from _unknown_names(child, inner)


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _resolved(node: nodes.Node, scope: Mapping[str, Any]) -> tuple[str, Any, bool]:
    """Return the path a placeholder names, what stands there in the known data, and whether nothing does."""
    if isinstance(node, nodes.Name):
        return node.name, scope.get(node.name), node.name not in scope
    if not isinstance(node, nodes.Getattr):
        return _path(node), None, False
    path, value, missing = _resolved(node.node, scope)
    path = f"{path}.{node.attr}"
    if missing or not isinstance(value, dict) or node.attr not in value:
        return path, None, True
    return path, value[node.attr], False


def package_problems(content: bytes) -> list[Problem]:
    """Return why a file may not be used as a template, whatever its placeholders say."""
    if len(content) > SIZE_MAX:
        return [("too_large", "")]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return list(dict.fromkeys(_parts_problems(package)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return [("no_document", "")]


def _parts_problems(package: zipfile.ZipFile) -> Iterator[Problem]:
    parts = package.infolist()
    sizes = [part.file_size for part in parts]
    if len(parts) > _PARTS_MAX or sum(sizes) > _UNPACKED_MAX:
        yield "too_large", ""
        return
    if "word/document.xml" not in package.namelist():
        yield "no_document", ""
    for part in parts:
        lowered = part.filename.lower()
        if any(word in lowered for word in _FOREIGN_PARTS):
            yield "active", part.filename
        elif lowered.endswith((".xml", ".rels")):
            if part.file_size > _PART_MAX:
                yield "too_large", part.filename
                return
            yield from _xml_problems(part.filename, package.read(part))


def _xml_problems(name: str, content: bytes) -> Iterator[Problem]:
    # Only UTF-8 is read: a declaration of entities could hide in another encoding.
    if b"<!" in content.replace(b"<!--", b"") or b"\x00" in content:
        yield "entities", name
        return
    try:
        root = ElementTree.fromstring(content.decode("utf-8-sig"))  # noqa: S314  # no entities are in it
    except (ElementTree.ParseError, UnicodeDecodeError, ValueError):
        yield "no_document", name
        return
    if name.endswith(".rels"):
        yield from _link_problems(root)
    elif name == "[Content_Types].xml":
        if b"macroenabled" in content.lower():
            yield "active", "macro"
    else:
        yield from _word_problems(root)


def _link_problems(root: ElementTree.Element) -> Iterator[Problem]:
    for relation in root:
        target = relation.get("Target", "")
        is_link = relation.get("Type", "").endswith(_LINK) and target.startswith(
            ("http://", "https://", "mailto:")
        )
        if relation.get("TargetMode") == "External" and not is_link:
            yield "external", target[:120]


def _word_problems(root: ElementTree.Element) -> Iterator[Problem]:
    for tag in ("altChunk", "subDoc", "object", "control"):
        if root.find(f".//{_W}{tag}") is not None:
            yield "active", tag
    for field in _fields(root):
        word = (field.split() or [""])[0].upper()
        if word not in _FIELDS:
            yield "field", word[:40]


def _fields(root: ElementTree.Element) -> Iterator[str]:
    """Give the instruction of every field; Word may spread one over several runs."""
    yield from (simple.get(f"{_W}instr", "") for simple in root.iter(f"{_W}fldSimple"))
    open_fields: list[str] = []
    for element in root.iter():
        if element.tag == f"{_W}instrText" and open_fields:
            open_fields[-1] += element.text or ""
        elif element.tag == f"{_W}instrText":
            yield element.text or ""
        elif element.tag == f"{_W}fldChar":
            kind = element.get(f"{_W}fldCharType")
            if kind == "begin":
                open_fields.append("")
            elif kind == "end" and open_fields:
                yield open_fields.pop()
    yield from open_fields


def misplaced_blocks(xml: str, names: Mapping[str, Any]) -> Iterator[Problem]:
    """Give the placeholders of whole paragraphs that stand inside a line: they need a paragraph of their own."""
    for name in names:
        if re.search(rf"<w:t(?: [^>]*)?>[^<]*\{{\{{[^}}<]*\b{name}\b", xml):
            yield "block", name
