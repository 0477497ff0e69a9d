"""The strings the product marks for translation, and the German catalogue.

`python -m tests.architecture.catalogue` adds to the catalogue what is marked and not in it, and
takes out what nothing marks any more; the translation itself is a person's work.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from imaging.dicom.geometry import SENTENCES
from imaging.ingest.reasons import ALL_REASONS
from registry.vocabulary import ClosedList
from tests.architecture.source_tree import PACKAGES, ROOT, modules, name_of

GERMAN = ROOT / "config" / "locale" / "de.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


HEADER = """\
# Crescent in German. Terms of the closed lists follow the glossary.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass(frozen=True)
class Marked:
    """One string with the file that marks it; two forms where it counts something."""

    file: str
    message: str | tuple[str, str]
    context: str | None


def templates() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("templates/**/*.html"))


def marked() -> Iterator[Marked]:
    """Every string marked in a template or module."""
    for path in templates():
        # What is no string is blanked out; without indentation Python's tokeniser takes the rest.
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _strings(name_of(path), "\n".join(line.strip() for line in text.splitlines()))
    for path in modules():
        yield from _strings(name_of(path), path.read_text(encoding="utf-8"))
    yield from _of_lists()


def _of_lists() -> Iterator[Marked]:
    """Words of closed lists, which code without Django may hold; pages translate them."""
    for closed_list in ClosedList.__subclasses__():
        said = [closed_list.list_label]
        for member in closed_list:
            said += [member.term.label, member.term.definition, *member.term.exclusions]
        yield from (Marked("registry/vocabulary.py", one, None) for one in said)
    for reason in ALL_REASONS.values():
        yield Marked("imaging/ingest/reasons.py", reason.sentence, None)
        yield Marked("imaging/ingest/reasons.py", reason.remedy, None)
    for sentence in SENTENCES.values():
        yield Marked("imaging/dicom/geometry.py", sentence, None)


def _strings(file: str, source: str) -> Iterator[Marked]:
    found = extract_python(io.BytesIO(source.encode()), list(KEYWORDS), [], {})
    for _, function, message, _ in found:
        if message is None:  # Marked where it is held, looked up here.
            continue
        context = None
        parts = [message] if isinstance(message, str) else list(message)
        if "pgettext" in str(function):
            context, *parts = parts
        texts = [part for part in parts if isinstance(part, str)]
        if texts and texts[0]:
            plural = "ngettext" in str(function) or "npgettext" in str(function)
            yield Marked(file, (texts[0], texts[1]) if plural else texts[0], context)


def german() -> Catalog:
    with GERMAN.open("rb") as file:
        return read_po(file, locale="de")


def is_translated(entry: Message) -> bool:
    """In every form that the language has."""
    return all(entry.string) if isinstance(entry.string, tuple | list) else bool(entry.string)


def updated(old: Catalog) -> Catalog:
    """The catalogue with exactly what is marked; translations are kept."""
    new = Catalog(locale="de", fuzzy=False)
    for one in sorted(marked(), key=lambda one: (one.file, str(one.message))):
        message = one.message if isinstance(one.message, str) else one.message[0]
        kept = old.get(message, one.context)
        new.add(
            one.message,
            kept.string if kept else None,
            locations=[(one.file, None)],
            context=one.context,
        )
    return new


def main() -> None:
    catalogue = updated(german())
    written = io.BytesIO()
    write_po(written, catalogue, width=98, omit_header=True, include_lineno=False)
    GERMAN.write_bytes(HEADER.encode() + written.getvalue())
    missing = [entry for entry in catalogue if entry.id and not is_translated(entry)]
    print(f"{len(missing)} of {len(catalogue)} strings are not in German yet")
    for entry in missing:
        print(f"  {entry.locations[0][0]}: {entry.id}")


if __name__ == "__main__":
    main()
