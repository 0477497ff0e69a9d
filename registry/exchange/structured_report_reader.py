"""A structured report of ours back into the read it was written from.

What leaves is read back first and compared, so that no file says anything else than the registry.
"""

import io
import uuid
from collections.abc import Iterator
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset

from . import read_codes as code
from .document_file import image_of, reader_of, references_of, signed_at_of, subject_of
from .read_document import (
    FindingDocument,
    ImageReference,
    InSpace,
    KeyImageDocument,
    MarkDocument,
    OnImage,
    ReadDocument,
    Word,
)

PERSON_OBSERVER_NAME = "121008"
TRACKING_IDENTIFIER = "112039"
FINDING = "121071"
FINDING_SITE = "363698007"
DERIVATION = "121401"
IMAGING_MEASUREMENTS = "126010"

STATISTICS = {
    code.MEAN.value: "mean_hu",
    code.STANDARD_DEVIATION.value: "sd_hu",
    code.MINIMUM.value: "min_hu",
    code.MAXIMUM.value: "max_hu",
}
MEASURED = {
    code.LENGTH.value: "length_mm",
    code.ANGLE.value: "angle_deg",
    code.AREA.value: "area_mm2",
}


def read(content: bytes) -> ReadDocument:
    """The document that `structured_report.write` made this file of."""
    dataset = dcmread(io.BytesIO(content))
    groups = {_text(group, TRACKING_IDENTIFIER): group for group in _groups(dataset)}
    answers = groups["Read"]
    references = references_of(dataset)
    extent = _number(answers, "extent")
    return ReadDocument(
        read_id=_uuid(answers, "read_id"),
        subject=subject_of(dataset),
        reader=reader_of(_one(dataset, PERSON_OBSERVER_NAME)),
        signed_at=signed_at_of(dataset),
        vocabulary_version=_one(answers, "read_source").ConceptCodeSequence[0].CodingSchemeVersion,
        source=_required_word(answers, "read_source"),
        adequacy=_required_word(answers, "read_adequacy"),
        findings=tuple(_finding(group) for group in _named(groups, "Finding ")),
        information_shown=tuple(_words(answers, "information_shown")),
        certainty=_word(answers, "certainty"),
        tip_level=_word(answers, "tip_level"),
        extent_mm=None if extent is None else int(extent),
        extent_from_level=_word(answers, "extent_from_level"),
        extent_to_level=_word(answers, "extent_to_level"),
        has_remarks=_word(answers, "remarks") == code.REMARKS_WITHHELD,
        is_synthetic=_word(answers, "data") == code.SYNTHETIC,
        supersedes=_uuid(answers, "supersedes") if _items(answers, "supersedes") else None,
        marks=tuple(_mark(group, references) for group in _named(groups, "Mark ")),
        key_images=tuple(_key_image(group, references) for group in _named(groups, "Key image ")),
    )


def _groups(dataset: Dataset) -> list[Dataset]:
    return list(_one(dataset, IMAGING_MEASUREMENTS).ContentSequence)


def _named(groups: dict[str, Dataset], name: str) -> Iterator[Dataset]:
    return (group for identifier, group in groups.items() if identifier.startswith(name))


def _items(parent: Dataset, concept: str) -> list[Dataset]:
    return [
        item
        for item in parent.ContentSequence
        if code.value(item.ConceptNameCodeSequence[0]) == concept
    ]


def _one(parent: Dataset, concept: str) -> Dataset:
    [item] = _items(parent, concept)
    return item


def _text(parent: Dataset, concept: str) -> str:
    return str(_one(parent, concept).TextValue)


def _uuid(parent: Dataset, concept: str) -> uuid.UUID:
    return uuid.UUID(int=int(_one(parent, concept).UID.removeprefix("2.25.")))


def _words(parent: Dataset, concept: str) -> Iterator[Word]:
    for item in _items(parent, concept):
        yield code.word(item.ConceptCodeSequence[0])


def _word(parent: Dataset, concept: str) -> Word | None:
    return next(_words(parent, concept), None)


def _required_word(parent: Dataset, concept: str) -> Word:
    [word] = _words(parent, concept)
    return word


def _value(item: Dataset) -> float:
    measured = item.MeasuredValueSequence[0]
    return float(measured.get("FloatingPointValue", measured.NumericValue))


def _number(parent: Dataset, concept: str) -> float | None:
    return next((_value(item) for item in _items(parent, concept)), None)


def _finding(group: Dataset) -> FindingDocument:
    return FindingDocument(
        finding=_required_word(group, FINDING), sites=tuple(_words(group, FINDING_SITE))
    )


def _mark(group: Dataset, references: dict[str, ImageReference]) -> MarkDocument:
    kind = _required_word(group, "measurement_kind")
    measured: dict[str, Any] = {}
    drawn: Dataset | None = None
    for item in group.ContentSequence:
        if item.ValueType in ("SCOORD", "SCOORD3D"):
            drawn = item
        if item.ValueType != "NUM":
            continue
        modifiers = item.get("ContentSequence", ())
        drawn = next((one for one in modifiers if "GraphicType" in one), drawn)
        name = code.value(item.ConceptNameCodeSequence[0])
        if name == "pixels":
            measured["pixels"] = int(_value(item))
        elif name == code.ATTENUATION.value:
            derivation = code.value(_one(item, DERIVATION).ConceptCodeSequence[0])
            measured[STATISTICS[derivation]] = _value(item)
        else:
            measured[MEASURED[name]] = _value(item)
    assert drawn is not None
    return MarkDocument(
        number=_number_of(group),
        kind=kind,
        place=_place(group, kind, drawn, references),
        **measured,
    )


def _place(
    group: Dataset, kind: Word, drawn: Dataset, references: dict[str, ImageReference]
) -> OnImage | InSpace:
    flat = [float(value) for value in drawn.GraphicData]
    size = 2 if drawn.ValueType == "SCOORD" else 3
    points = [tuple(flat[at : at + size]) for at in range(0, len(flat), size)]
    if kind.code == "freehand":
        points.pop()
    if drawn.ValueType == "SCOORD":
        image = image_of(drawn.ContentSequence[0], references)
        return OnImage(image=image, points_px=tuple((x, y) for x, y in points))
    return InSpace(
        series_instance_uid=str(_one(group, "series").UID),
        frame_of_reference_uid=str(drawn.ReferencedFrameOfReferenceUID),
        points_mm=tuple((x, y, z) for x, y, z in points),
    )


def _key_image(group: Dataset, references: dict[str, ImageReference]) -> KeyImageDocument:
    [reference] = [item for item in group.ContentSequence if item.ValueType == "IMAGE"]
    return KeyImageDocument(
        number=_number_of(group),
        image=image_of(reference, references),
        window_centre_hu=_value(_one(group, "window_centre")),
        window_width_hu=_value(_one(group, "window_width")),
    )


def _number_of(group: Dataset) -> int:
    return int(_text(group, TRACKING_IDENTIFIER).rpartition(" ")[2])
