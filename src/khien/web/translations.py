"""The screen's sentences: gather them from templates and code, compile the Vietnamese catalogue, check it.

python -m khien.web.translations update     sentences new in templates and code enter the catalogue
python -m khien.web.translations fill FILE  the same, then takes Vietnamese from a JSON file, and compiles
python -m khien.web.translations compile    django.po becomes django.mo
python -m khien.web.translations check      says what is missing, fuzzy, left over or not compiled
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parent
PO = WEB / "locale" / "vi" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
_KEYWORDS = {"gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def gathered() -> Catalog:
    """Return every sentence of templates and code, with the files it stands in."""
    catalog = Catalog(domain="django", project="khien")
    for path in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.py")]):
        place = path.relative_to(WEB).as_posix()
        for sentence in _sentences(path):
            catalog.add(sentence, locations=[(place, 0)])
    return catalog


def _sentences(path: Path) -> Iterator[str | tuple[str, ...]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = templatize(source)
    found = extract_python(io.BytesIO(source.encode()), _KEYWORDS, [], {"encoding": "utf-8"})
    for _, name, sentence, _ in found:
        if name == "ngettext" and isinstance(sentence, tuple):
            yield tuple(str(form) for form in sentence[:2])
        elif isinstance(sentence, str) and sentence:
            yield sentence


def stored() -> Catalog:
    """Return the Vietnamese catalogue as it stands in django.po."""
    with PO.open("rb") as source:
        return read_po(source, locale="vi", domain="django")


def update() -> None:
    """Bring new sentences into django.po, untranslated, and drop those no longer used."""
    catalog = stored()
    catalog.update(gathered(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    _write(catalog)


def fill(path: Path) -> list[str]:
    """Bring new sentences in and give them their Vietnamese from {"English": "Vietnamese"}; compile.

    Returns: English sentences of the file that no template or code has
    """
    given: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    update()
    catalog = stored()
    unknown = []
    for english, vietnamese in given.items():
        message = catalog.get(english)
        if message is None:
            unknown.append(english)
        else:
            message.string = (vietnamese,) if message.pluralizable else vietnamese
    _write(catalog)
    MO.write_bytes(compiled())
    return unknown


def _write(catalog: Catalog) -> None:
    target = io.BytesIO()
    write_po(target, catalog, width=100, sort_output=True, omit_header=False)
    PO.write_bytes(target.getvalue())


def compiled() -> bytes:
    """Return django.mo as it should be."""
    target = io.BytesIO()
    write_mo(target, stored())
    return target.getvalue()


def problems() -> list[str]:
    """Return what keeps the catalogue from being complete and compiled; empty when all is well."""
    wanted, catalog = {m.id for m in gathered() if m.id}, stored()
    found = {message.id: message for message in catalog if message.id}
    lines = [f"missing: {key}" for key in wanted if key not in found]
    lines += [f"left over: {key}" for key in found if key not in wanted]
    lines += [f"not translated: {m.id}" for m in found.values() if not _is_done(m)]
    if not MO.exists() or MO.read_bytes() != compiled():
        lines.append("django.mo is not what django.po compiles to")
    return sorted(lines)


def _is_done(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(forms) and not message.fuzzy


def main(words: list[str]) -> int:
    """Run one of: update, fill, compile, check."""
    settings.configure()
    match words:
        case ["update"]:
            update()
        case ["fill", file]:
            unknown = fill(Path(file))
            sys.stdout.write("".join(f"not in any template or code: {line}\n" for line in unknown))
        case ["compile"]:
            MO.write_bytes(compiled())
        case ["check"]:
            found = problems()
            sys.stdout.write("".join(f"{line}\n" for line in found))
            return 1 if found else 0
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
