"""A signed read as a PDF/A-2a document that also meets PDF/UA-1, set by Typst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from imaging.outbound import Picture
from registry.models import Read, ReadKeyImage, ReadMeasurement
from registry.vocabulary import Certainty, ImagingFindingCode, InformationShown, MeasurementKind

from . import glyph_drawings, key_image_drawing, read_marks, typesetting
from .findings import of_finding
from .key_image_drawing import DrawnMark
from .reads import no_certainty

TEMPLATE = Path(__file__).parent / "typst" / "read_report.typ"
NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class KeyPicture:
    """A key image with what lies on it; without a picture, why there is none."""

    key_image: ReadKeyImage
    series: str
    picture: Picture | None
    marks: Sequence[DrawnMark] = ()
    problem: str = ""


def document(
    read: Read,
    *,
    code: str,
    facts: Sequence[str],
    series: Mapping[str, str],
    pictures: Sequence[KeyPicture],
) -> dict[str, Any]:
    """Everything the paper says, as JSON values.

    Parameters
    ----------
    code
        The neutral name of the study.
    facts
        What whoever asks may know of the case.
    series
        Names of the series by their public id.
    """
    assert read.signed_at is not None
    centre = read.contrast_study.case.patient.centre
    signed_at = read.signed_at.astimezone(ZoneInfo(centre.time_zone))
    return {
        "title": f"Read of {code}",
        "author": typesetting.AUTHOR,
        "made_at": [signed_at.year, signed_at.month, signed_at.day],
        "mark": glyph_drawings.source("mark"),
        "facts": [fact for fact in facts if fact],
        "synthetic": "Something of this read was made up for a demonstration."
        if read.is_synthetic
        else "",
        "superseded": "A later read corrects this one." if hasattr(read, "superseded_by") else "",
        "correction": read.correction_reason,
        "findings": [_finding(finding) for finding in read.findings.all()],
        "answers": [list(pair) for pair in _answers(read)],
        "remarks": read.remarks,
        "key_images": [_key_image(one) for one in pictures],
        "measurements": [_measurement(one, series, pictures) for one in read.measurements.all()],
        "shown": [
            [series.get(public_id, "Series no longer linked"), f"{count} of {total} slices"]
            for public_id, (count, total) in read.images_shown.items()
        ],
        "information": _information(read),
        "signed": f"{signed_at:%Y-%m-%d %H:%M} ({centre.time_zone}) "
        f"by {read.reader.get_username()}",
        "vocabulary_version": read.vocabulary_version,
        "read_id": str(read.public_id),
    }


def typeset(described: Mapping[str, Any]) -> bytes:
    """The PDF of a document that `document` described.

    PDF/A refuses a letter without a shape; such letters of what a person wrote become squares.
    """
    return typesetting.typeset(
        TEMPLATE, name="read", described=described, within_typeface=_within_typeface
    )


def _within_typeface(described: Mapping[str, Any]) -> dict[str, Any]:
    shown = typesetting.shown
    return {
        **described,
        **{name: shown(described[name]) for name in ("remarks", "correction", "signed")},
        "facts": [shown(fact) for fact in described["facts"]],
        "measurements": [[*row[:-1], shown(row[-1])] for row in described["measurements"]],
    }


def _finding(finding: Any) -> dict[str, Any]:
    badge, term = of_finding(finding), ImagingFindingCode.get(finding.code)
    return {
        "label": badge.label,
        "glyph": glyph_drawings.source(badge.glyph),
        "sites": badge.sites,
        "is_primary": finding.is_primary,
        "definition": term.definition,
        "exclusions": list(term.exclusions),
        "status": term.status,
    }


def _answers(read: Read) -> list[tuple[str, str]]:
    certainty = no_certainty(read)
    if read.certainty is not None:
        certainty = f"{Certainty.get(str(read.certainty)).label} (of a defect)"
    return [
        ("Images", read.get_adequacy_display()),
        ("Certainty", certainty),
        ("Level of the tip", read.get_tip_level_display() or NOT_RECORDED),
        ("Contrast", read_marks.extent(read).removeprefix("contrast ") or NOT_RECORDED),
        ("Source", read.get_source_display()),
    ]


def _information(read: Read) -> str:
    known = [code.label for code in InformationShown if code.code in read.information_shown]
    return ", ".join(known) or "Nothing beside the images"


def _key_image(one: KeyPicture) -> dict[str, Any]:
    key_image = one.key_image
    window = (
        f"window centre {read_marks.number(key_image.window_centre_hu, 0)}, "
        f"width {read_marks.number(key_image.window_width_hu, 0)} HU"
    )
    caption = f"Key image {key_image.number} · {_place(key_image, one.series)} · {window}"
    drawn = [str(mark.number) for mark in one.marks]
    return {
        "svg": key_image_drawing.draw(one.picture, one.marks, font_family=typesetting.TYPEFACE)
        if one.picture
        else "",
        "caption": caption,
        "alt": f"{caption}. Measurements drawn on it: {', '.join(drawn) or 'none'}.",
        "problem": one.problem,
    }


def _measurement(
    one: ReadMeasurement, series: Mapping[str, str], pictures: Sequence[KeyPicture]
) -> list[str]:
    name = series.get(str(one.series.public_id), "Series no longer linked")
    where = f"{name}, reformatted plane"
    if one.instance is not None:
        where = _place(one, name)
    shown = [
        f"key image {picture.key_image.number}"
        for picture in pictures
        if any(mark.number == one.number for mark in picture.marks)
    ]
    return [
        str(one.number),
        MeasurementKind.get(one.kind).label,
        ", ".join(read_marks.values(one)),
        ", ".join([where, *shown]),
        one.text,
    ]


def _place(mark: ReadMeasurement | ReadKeyImage, series: str) -> str:
    """Slices count from 1, as on the screen."""
    assert mark.instance is not None
    if mark.instance.frames > 1:
        return f"{series}, slice {(mark.frame or 0) + 1}"
    if mark.instance.slice_index is None:
        return series
    return f"{series}, slice {mark.instance.slice_index + 1}"
