"""Signed reads as plain data: one that has everything, and random ones."""

import uuid
from datetime import date, datetime, time

from hypothesis import strategies as st

from registry.exchange.read_document import (
    FindingDocument,
    ImageReference,
    InSpace,
    KeyImageDocument,
    MarkDocument,
    OnImage,
    ReadDocument,
    Subject,
    Word,
)
from registry.vocabulary import (
    Certainty,
    ClosedList,
    ImagingFindingCode,
    ImagingSite,
    InformationShown,
    MeasurementKind,
    ReadAdequacy,
    ReadSource,
    SpinalLevel,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
STUDY = "2.25.1001"
OTHER_STUDY = "2.25.1002"
SLICE = ImageReference(STUDY, "2.25.2001", "2.25.3001", CT)
FRAME = ImageReference(STUDY, "2.25.2002", "2.25.3002", ENHANCED_CT, frame=4)
OF_ANOTHER_STUDY = ImageReference(OTHER_STUDY, "2.25.2003", "2.25.3003", CT)
IMAGES = (SLICE, FRAME, OF_ANOTHER_STUDY)


def word(member: ClosedList) -> Word:
    return Word(member.list_code, member.code, member.label)


def complete() -> ReadDocument:
    """A read with every answer and every kind of mark."""
    on_slice = {
        MeasurementKind.LENGTH: (((10.5, 20.25), (30.5, 40.0)), {"length_mm": 12.3456789012}),
        MeasurementKind.ANGLE: (((1.0, 2.0), (5.0, 2.0), (5.0, 9.5)), {"angle_deg": 90.0}),
        MeasurementKind.ELLIPSE: (
            ((1.0, 5.0), (9.0, 5.0), (5.0, 4.0), (5.0, 6.0)),
            {
                "area_mm2": 12.566,
                "mean_hu": 100.1,
                "sd_hu": 3.25,
                "min_hu": -5.0,
                "max_hu": 310.0,
                "pixels": 44,
            },
        ),
        MeasurementKind.FREEHAND: (((1.0, 2.0), (5.0, 2.0), (3.0, 8.0)), {"area_mm2": 12.0}),
        MeasurementKind.PROBE: (((7.5, 8.5),), {"mean_hu": -1000.0, "pixels": 1}),
        MeasurementKind.ARROW: (((0.5, 0.5),), {}),
    }
    marks = [
        MarkDocument(number, word(kind), OnImage(FRAME if number % 2 else SLICE, points), **values)
        for number, (kind, (points, values)) in enumerate(on_slice.items(), 1)
    ]
    in_space = InSpace(SLICE.series_instance_uid, "2.25.99", ((1.0, 2.0, 3.0), (4.0, 6.0, 3.0)))
    marks.append(MarkDocument(7, word(MeasurementKind.LENGTH), in_space, length_mm=5.0))
    return ReadDocument(
        read_id=uuid.UUID("01900000-0000-7000-8000-000000000001"),
        subject=Subject(STUDY, "0A1B2C3D4E5F", date(2024, 3, 5), time(10, 11, 12, 500000)),
        reader="READER-1A2B3C4D",
        signed_at=datetime(2024, 3, 6, 9, 8, 7),
        vocabulary_version="2",
        source=word(ReadSource.IMAGES_HERE),
        adequacy=word(ReadAdequacy.ADEQUATE),
        findings=(
            FindingDocument(
                word(ImagingFindingCode.LEAK),
                (word(ImagingSite.EPIDURAL), word(ImagingSite.LUMBAR_CANAL_BELOW_ENTRY)),
            ),
            FindingDocument(word(ImagingFindingCode.INADEQUATE_POOLING)),
        ),
        information_shown=(word(InformationShown.IMAGES_ONLY),),
        certainty=word(Certainty.PROBABLY_PRESENT),
        tip_level=word(SpinalLevel.T5),
        extent_mm=120,
        extent_from_level=word(SpinalLevel.T3),
        extent_to_level=word(SpinalLevel.L2),
        has_remarks=True,
        supersedes=uuid.UUID("01900000-0000-7000-8000-000000000000"),
        marks=tuple(marks),
        key_images=(
            KeyImageDocument(1, SLICE, 300.0, 1500.0),
            KeyImageDocument(2, FRAME, 40.0, 400.0),
        ),
    )


def _words(members: type[ClosedList]) -> st.SearchStrategy[Word]:
    return st.sampled_from([word(member) for member in members])


_coordinates = st.floats(min_value=-2000, max_value=2000, width=32).map(lambda value: value + 0.0)
_values = st.floats(min_value=-1e6, max_value=1e6, allow_subnormal=False)
_uuids = st.uuids()
_images = st.sampled_from(IMAGES)

POINTS = {"length": 2, "angle": 3, "probe": 1, "arrow": 1, "ellipse": 4}
MEASURED = {"length": "length_mm", "angle": "angle_deg"}


@st.composite
def _marks(draw: st.DrawFn, number: int) -> MarkDocument:
    kind = draw(st.sampled_from(list(MeasurementKind)))
    count = POINTS.get(kind.code) or draw(st.integers(3, 30))
    in_space = kind.code in (*MEASURED, "arrow") and draw(st.booleans())
    size = 3 if in_space else 2
    points = draw(
        st.lists(
            st.tuples(*[_coordinates] * size), min_size=count, max_size=count, unique=True
        ).map(tuple)
    )
    values = {}
    if kind.code in MEASURED:
        values[MEASURED[kind.code]] = draw(st.none() | _values)
    elif kind.code != "arrow":
        names = ("area_mm2", "mean_hu", "sd_hu", "min_hu", "max_hu")
        values = {name: draw(st.none() | _values) for name in names}
        values["pixels"] = draw(st.none() | st.integers(1, 10**6))
    place = (
        InSpace(SLICE.series_instance_uid, "2.25.99", points)
        if in_space
        else OnImage(draw(_images), points)
    )
    return MarkDocument(number, word(kind), place, **values)


@st.composite
def read_documents(draw: st.DrawFn) -> ReadDocument:
    marks = tuple(draw(_marks(number)) for number in range(1, draw(st.integers(0, 6)) + 1))
    key_images = tuple(
        KeyImageDocument(number, image, draw(_values), draw(_values))
        for number, image in enumerate(draw(st.lists(_images, unique=True)), 1)
    )
    dates = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))
    findings = draw(st.lists(_words(ImagingFindingCode), min_size=1, max_size=4, unique=True))
    return ReadDocument(
        read_id=draw(_uuids),
        subject=Subject(
            STUDY,
            draw(st.text("0123456789ABCDEF", min_size=12, max_size=12)),
            draw(st.none() | dates),
            draw(st.none() | st.times()),
        ),
        reader="READER-" + draw(st.text("0123456789ABCDEF", min_size=8, max_size=8)),
        signed_at=draw(
            st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1))
        ).replace(microsecond=0),
        vocabulary_version=draw(st.sampled_from(["1", "2", "10"])),
        source=draw(_words(ReadSource)),
        adequacy=draw(_words(ReadAdequacy)),
        findings=tuple(
            FindingDocument(
                finding, tuple(draw(st.lists(_words(ImagingSite), max_size=3, unique=True)))
            )
            for finding in findings
        ),
        information_shown=tuple(draw(st.lists(_words(InformationShown), unique=True))),
        certainty=draw(st.none() | _words(Certainty)),
        tip_level=draw(st.none() | _words(SpinalLevel)),
        extent_mm=draw(st.none() | st.integers(1, 1000)),
        extent_from_level=draw(st.none() | _words(SpinalLevel)),
        extent_to_level=draw(st.none() | _words(SpinalLevel)),
        has_remarks=draw(st.booleans()),
        is_synthetic=draw(st.booleans()),
        supersedes=draw(st.none() | _uuids),
        marks=marks,
        key_images=key_images,
    )
