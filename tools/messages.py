"""The French catalogues: extract, compile, check. Babel and Django's own template reader; no gettext to install.

    python tools/messages.py extract [PACKAGE…]   rewrite the .po, keeping every translation still in use
    python tools/messages.py compile [PACKAGE…]   .po → .mo
    python tools/messages.py check   [PACKAGE…]   exit 1, one line per fault, when French is not complete

Each package has its catalogue, `src/bocage/<package>/locale`; the templates that all share, `src/bocage/templates`, have
theirs in `src/bocage/locale` (give it the name `templates`). Without PACKAGE: all of them.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "bocage"
SHARED = "templates"
LOCALE = "fr"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
)
"""Written by hand: Babel's own header carries the date and its version, noise in every diff."""

Key = tuple[str, str | None]


@dataclass(frozen=True)
class Area:
    """Where strings come from, and the catalogue that translates them."""

    name: str
    root: Path

    @property
    def po(self) -> Path:
        home = SOURCE if self.name == SHARED else self.root
        return home / "locale" / LOCALE / "LC_MESSAGES" / "django.po"

    def files(self) -> list[Path]:
        return sorted(
            path
            for path in self.root.rglob("*")
            if path.suffix in {".py", ".html", ".txt", ".xml"}
            and not {"migrations", "locale", "static", "__pycache__"} & set(path.relative_to(self.root).parts)
        )


def areas(names: list[str]) -> list[Area]:
    """The areas asked for, or all; exits when a name is not one of them."""
    packages = [path.parent.name for path in SOURCE.glob("*/__init__.py")]
    known = sorted([*packages, SHARED])
    if unknown := sorted(set(names) - set(known)):
        sys.exit(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    return [Area(name, SOURCE / name) for name in names or known if (SOURCE / name).is_dir()]


def python_of(path: Path) -> bytes:
    """The source that Babel reads: Python as it is, templates as Django turns them into calls of gettext."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # Leading blanks would be indentation to the tokenizer; no string of templatize spans lines.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return text.encode()


def found_in(path: Path) -> Iterator[tuple[Any, list[str], str | None]]:
    """(msgid or plural pair, comments, context) of every call in one file."""
    for _line, message, comments, context in extract(
        "python", io.BytesIO(python_of(path)), KEYWORDS, COMMENT_TAGS, {"encoding": "utf-8"}
    ):
        yield message, comments, context


def key_of(message: Message) -> Key:
    singular = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return singular, message.context


def read_catalogue(po: Path) -> Catalog:
    """The catalogue on disk, or an empty one."""
    if not po.exists():
        return Catalog(locale=LOCALE)
    with po.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def translations(catalogue: Catalog) -> dict[Key, Message]:
    return {key_of(message): message for message in catalogue if message.id}


def extract_area(area: Area) -> Catalog:
    """What the code says now, with the translations the catalogue has; no guessing, hence nothing fuzzy."""
    known = translations(read_catalogue(area.po))
    fresh = Catalog(locale=LOCALE, fuzzy=False)
    for path in area.files():
        place = path.relative_to(area.root).as_posix()
        for msgid, comments, context in found_in(path):
            fresh.add(msgid, locations=[(place, 0)], auto_comments=comments, context=context)
    for message in fresh:
        old = known.get(key_of(message)) if message.id else None
        if old is None:
            continue
        if isinstance(old.string, (list, tuple)) == message.pluralizable:
            message.string = old.string
        message.user_comments = old.user_comments
        message.flags |= old.flags & {"fuzzy"}
    return fresh


def write_catalogue(area: Area, catalogue: Catalog) -> None:
    body = io.BytesIO()
    write_po(body, catalogue, omit_header=True, sort_output=True, include_lineno=False, width=110, ignore_obsolete=True)
    area.po.parent.mkdir(parents=True, exist_ok=True)
    area.po.write_text(HEADER + body.getvalue().decode().strip() + "\n", encoding="utf-8")


def faults_of(area: Area) -> Iterator[str]:
    """One line per entry that a French reader would see in English, or not at all."""
    known = translations(read_catalogue(area.po))
    for message in extract_area(area):
        if not message.id:
            continue
        label = f"{area.name}: “{key_of(message)[0]}” ({message.locations[0][0]})"
        if key_of(message) not in known:
            yield f"{label}: not in the catalogue; run `python tools/messages.py extract {area.name}`"
        elif message.fuzzy:
            yield f"{label}: fuzzy"
        elif not message.string or not all(message.string):
            yield f"{label}: not translated"
        else:
            yield from (f"{label}: {error}" for error in message.check(Catalog(locale=LOCALE)))


def disagreements(chosen: list[Area]) -> Iterator[str]:
    """Django pours all catalogues into one: a msgid translated in two ways would show either."""
    seen: dict[Key, tuple[str, Any]] = {}
    for area in chosen:
        for key, message in translations(read_catalogue(area.po)).items():
            other, string = seen.setdefault(key, (area.name, message.string))
            if message.string and string and message.string != string:
                yield f"“{key[0]}”: {other} says {string!r}, {area.name} says {message.string!r}; use a context"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def run_extract(chosen: list[Area]) -> int:
    for area in chosen:
        catalogue = extract_area(area)
        if len(catalogue) or area.po.exists():
            write_catalogue(area, catalogue)
            missing = sum(1 for message in catalogue if message.id and not (message.string and all(message.string)))
            say(f"{area.name}: {len(catalogue)} sentences, {missing} to translate")
    return 0


def run_compile(chosen: list[Area]) -> int:
    for area in chosen:
        if area.po.exists():
            with area.po.with_suffix(".mo").open("wb") as file:
                write_mo(file, read_catalogue(area.po))
    return 0


def run_check(chosen: list[Area]) -> int:
    faults = [fault for area in chosen for fault in faults_of(area)] + list(disagreements(chosen))
    say("\n".join(faults) if faults else f"French is complete in {len(chosen)} catalogues")
    return 1 if faults else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("extract", "compile", "check"))
    parser.add_argument("packages", nargs="*")
    options = parser.parse_args(arguments)
    verb = {"extract": run_extract, "compile": run_compile, "check": run_check}[options.verb]
    return verb(areas(options.packages))


if __name__ == "__main__":
    sys.exit(main())
