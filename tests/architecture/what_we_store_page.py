"""The page of what is stored, written from the models and the rules of de-identification.

`python -m tests.architecture.what_we_store_page` writes docs/what-we-store.md anew.
"""

import inspect
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from imaging.dicom.confidentiality_profile import ACTION_BY_TAG, EDITION, ROWS, ProfileRow, action
from imaging.dicom.deidentification import METHOD_CODES
from imaging.dicom.kept_attributes import (
    DATES_AND_TIMES,
    KEPT_ATTRIBUTES,
    REASONS,
    KeptAttribute,
)
from tests.architecture.source_tree import ROOT

PAGE = ROOT / "docs" / "what-we-store.md"

HEAD = f"""\
# What we store

This page is written from the models and the rules by
`.venv/bin/python -m tests.architecture.what_we_store_page`; a test compares it with the code.

1. [Stored images](#stored-images): what stays of a CT file, element by element
2. [The table of the standard](#the-table-of-the-standard): each row, and what becomes of it
3. [Database](#database): each field, and whether it says who somebody is
4. [Beside the database](#beside-the-database): results that are kept as files
5. [Never stored](#never-stored)

De-identification follows PS3.15 Table E.1-1 in edition **{EDITION}**, Basic Profile with the
options below, and an allow-list on top. Each can only take away what the other would leave. The
reasons are in [decision 3](adr/0003-deidentification-uid-and-date-policy.md), the listed terms in
`imaging/dicom/kept_terms.py`.
"""

BESIDE = """\
## Beside the database

- **Results of audits**, in `kept-answers/` of the data folder: the numbers a page shows, the
  filters, the codes of the centres, and no id of a patient. Of more than 1,000 patients also who is
  behind each number, by the registry's random ids. Readable for the account of the installation
  only; shown to whoever may audit these very centres, until one of their records changes; removed
  when nobody has asked for a week ([decision 23](adr/0023-kept-answers.md)).
"""

NEVER = """\
## Never stored

Of a file that is taken in, nothing of the following is kept anywhere, be it in the image, the
database or a log:

- the file as it came; only quarantined files are kept so, apart from the images, until somebody
  decides or the retention ends
- preamble, File Meta Information of the source (application titles, network addresses,
  private information), trailing padding and elements behind the pixels
- private elements, overlays, curves, icon images, graphic annotations, digital signatures,
  encrypted or original attributes, structured content, documents, waveforms
- names, numbers, addresses, telephone numbers, dates of birth of patients; names of physicians and
  operators; institution, department, station, serial numbers, model and software version
- descriptions, comments, protocol names and all other free text, also inside codes
- UIDs of the source; they are replaced by keyed pseudonyms

Two facts of the patient are read and kept in the database, not in the image: sex and year of birth,
so that a CT filed under the wrong patient is noticed.

What de-identification does **not** do: it does not read the pixels. Images whose header suggests
text in the pixels or an overlay in their unused bits are kept apart, and so are those with a
comment in the compressed data that repeats an identifier of the header; text that nothing betrays
stays.
Faces and implants can be recognised in the pixels. The hash of the pixels is that of the source's.
"""


COMMON_MEANINGS = {
    "id": "row number, inside only",
    "public_id": "random id that stands in addresses",
    "created_at": "when the row was made",
    "created_by": "who made it",
    "edition": "how often the row was changed",
    "synthetic_fields": "which fields of demo data were made up",
    "centre": "whose row it is",
    "centre_code": "code of the centre whose row it is",
    "remarks": "free text of the person who logs",
    "password": "salted hash",
    "study_instance_uid": "pseudonym of the source UID",
    "series_instance_uid": "pseudonym of the source UID",
    "sop_instance_uid": "pseudonym of the source UID",
}


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            *_images(),
            "",
            *_table(),
            "",
            *_database(),
            "",
            BESIDE.rstrip(),
            "",
            NEVER.rstrip(),
            "",
        ]
    )


def _images() -> Iterator[str]:
    yield "## Stored images"
    yield ""
    yield "(0012,0064) of every stored image claims these codes of PS3.16 CID 7050, and only these:"
    yield ""
    yield from (f"- {code} {meaning}" for code, meaning in METHOD_CODES)
    yield ""
    yield "(0012,0062) is YES, (0012,0063) names the table with its edition and the allow-list,"
    yield "(0028,0303) is UNMODIFIED. Patient's Name and Patient ID hold the first 24 digits of the"
    yield "keyed hash of the Patient ID. Pixel Data stays byte for byte."
    yield ""
    yield "Elements that stay, and where; what is not in this list is removed on every level."
    yield ""
    yield "| element | what is stored | why it may stay |"
    yield "|---|---|---|"
    for kept in sorted(KEPT_ATTRIBUTES.values(), key=lambda kept: kept.tag):
        yield from _kept_rows(kept, "")


def _kept_rows(kept: KeptAttribute, within: str) -> Iterator[str]:
    name = f"{within}{_tag(kept.tag)} {kept.keyword}"
    yield f"| {name} | {_what(kept)} | {REASONS[kept.reason]} |"
    for item in sorted(kept.items.values(), key=lambda kept: kept.tag):
        yield from _kept_rows(item, f"{within}{kept.keyword} → ")


def _what(kept: KeptAttribute) -> str:
    if kept.reason == "empty":
        return {
            "1": "dummy in enhanced images, else removed",
            "2": "present and empty",
            "3": "removed",
        }[kept.attribute_type]
    if "UI" in kept.vrs:
        return "UID replaced; class and atlas UIDs of the standard stay"
    if kept.coded:
        return "known codes with the meaning of our list" + (
            " and the items below" * bool(kept.items)
        )
    if kept.items:
        return "the items below"
    if kept.terms is not None or kept.pattern is not None:
        return _terms(kept)
    if kept.tag in DATES_AND_TIMES:
        return "kept in full (113106), unless it is the date of birth"
    if kept.vrs & {"DS", "IS"}:
        return "number of at most seven digits before the point"
    return "number"


def _terms(kept: KeptAttribute) -> str:
    shown = sorted(kept.terms or ())
    if len(shown) > 12:
        words = f"one of {len(shown)} listed terms"
    else:
        words = ", ".join(f"`{term}`" for term in shown)
    if kept.pattern is not None:
        words += " or a listed form" if words else "a listed form"
    return words


def _table() -> Iterator[str]:
    counts = Counter(_becomes(row) for row in ROWS)
    yield "## The table of the standard"
    yield ""
    yield f"PS3.15 Table E.1-1, edition {EDITION}: {len(ROWS)} rows. D dummy, Z empty or dummy, X"
    yield "remove, U replace the UID; compounds depend on the type of the attribute."
    yield ""
    for what, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        yield f"- {count} rows: {what}"
    yield ""
    yield "| tag | attribute | table | here |"
    yield "|---|---|---|---|"
    for row in ROWS:
        yield f"| {row.tag} | {row.name} | {row.action} | {_becomes(row)} |"


def _becomes(row: ProfileRow) -> str:
    tag = next((tag for tag in ACTION_BY_TAG if _tag(tag) == row.tag), None)
    if tag is None:
        return "removed"
    if tag in (0x00100010, 0x00100020):
        return "replaced by the pseudonym"
    if tag >> 16 == 0x0002:
        return "written anew"
    kept = KEPT_ATTRIBUTES.get(tag)
    nested = _nested().get(tag)
    if kept is None and nested is None:
        return "removed"
    where = kept or nested
    assert where is not None
    inside = "" if kept is not None else " where its sequence stays, else removed"
    if where.reason == "empty":
        return (
            "emptied" if where.attribute_type == "2" else "dummy in enhanced images, else removed"
        )
    if action(tag) in ("U", "X/Z/U*"):
        return "UID replaced" + inside if "UI" in where.vrs else "items of the list stay" + inside
    return "kept (113106)" + inside


def _nested() -> Mapping[int, KeptAttribute]:
    found: dict[int, KeptAttribute] = {}

    def walk(kept: KeptAttribute) -> None:
        for item in kept.items.values():
            found.setdefault(item.tag, item)
            walk(item)

    for kept in KEPT_ATTRIBUTES.values():
        walk(kept)
    return found


def _database() -> Iterator[str]:
    from django.apps import apps

    yield "## Database"
    yield ""
    yield "*Identifying* fields say, alone or with others, who somebody is. Fields marked sealed"
    yield "can be opened with `CRESCENT_DEID_KEY` only."
    for label in ("imaging", "registry"):
        config = apps.get_app_config(label)
        for model in sorted(config.get_models(), key=lambda model: model.__name__):
            yield ""
            yield f"### {label}: {model.__name__}"
            yield ""
            yield inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")
            yield ""
            yield "| field | identifying | meaning |"
            yield "|---|---|---|"
            for field in model._meta.get_fields():
                if field.concrete:
                    yield _field_row(model, field)


def _field_row(model: Any, field: Any) -> str:
    identifying = "yes" if field.name in model.IDENTIFYING else "no"
    return f"| {field.name} | {identifying} | {_meaning(field)} |"


def _meaning(field: Any) -> str:
    parts = [str(field.help_text).rstrip(".") or COMMON_MEANINGS.get(field.name, "")]
    if "Sealed" in type(field).__name__:
        parts.append("sealed")
    if field.is_relation:
        parts.append(f"link to {field.related_model.__name__}")
    elif field.choices:
        parts.append("one of " + ", ".join(str(label) for _, label in field.choices))
    elif not parts[0]:
        parts.append(str(field.verbose_name))
    return "; ".join(part for part in parts if part).replace("|", "/").replace("\n", " ")


def _tag(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
