"""Marks are stored with the read they belong to, measured by the server, or refused in words."""

import uuid

import pytest

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.actions.read_marks import KeyImageEntry, MeasurementEntry
from registry.models import HistoryEvent, Read, ReadKeyImage, ReadMeasurement, Role
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return make.user(at_centre=make.centre(), roles=list(Role.values))


@pytest.fixture
def study(reader):
    patient = make.patient(by=reader, at_centre=make.Centre.objects.get())
    return make.contrast_study(of=make.case(of=patient, by=reader), by=reader)


@pytest.fixture
def series(reader, study):
    images = stored_studies.study(centre_code="NORTH", slices=3)
    make.study_link(of=study, study=images, by=reader, reason="of the test")
    return images.series.get()


def place(series, index, column, row):
    facts = series.instances.get(slice_index=index).attributes
    row_mm, column_mm = facts["pixel_spacing_mm"]
    x, y, z = facts["image_position_mm"]
    return [x + column * column_mm, y + row * row_mm, z]


def length(on, index=1, **changes):
    facts = {
        "kind": "length",
        "series": on.public_id,
        "slice_index": index,
        "points_mm": [place(on, index, 2, 2), place(on, index, 12, 2)],
        "text": "",
    }
    return MeasurementEntry(**facts | changes)


def key_image(series, index=2, **changes):
    facts = {"window_centre_hu": 300.0, "window_width_hu": 1000.0}
    return KeyImageEntry(series=series.public_id, slice_index=index, **facts | changes)


def sign(study, reader, **marks):
    return make.read(of=study, by=reader, **{"source": "images_here"} | marks)


def test_marks_are_measured_numbered_and_stored_with_the_read(reader, study, series):
    probe = length(series, kind="probe", points_mm=[place(series, 1, 5, 4)], text="at the tip")
    read = sign(
        study,
        reader,
        measurements=[length(series), probe],
        key_images=[key_image(series), key_image(series, 0)],
        images_shown={series.public_id: (2, 3)},
    )

    first, second = read.measurements.all()
    instance = series.instances.get(slice_index=1)
    spacing = instance.attributes["pixel_spacing_mm"][1]
    assert (first.number, first.kind, first.instance, first.frame) == (1, "length", instance, 0)
    assert first.length_mm == pytest.approx(10 * spacing)
    assert first.points_mm == length(series).points_mm
    assert (second.number, second.text, second.pixels) == (2, "at the tip", 1)
    assert isinstance(second.mean_hu, float)
    assert [(one.number, one.instance.slice_index) for one in read.key_images.all()] == [
        (1, 2),
        (2, 0),
    ]
    assert Read.objects.get().images_shown == {str(series.public_id): [2, 3]}


def test_the_history_tells_of_marks_and_hides_their_words(reader, study, series):
    sign(
        study,
        reader,
        measurements=[length(series, text="CANARY")],
        key_images=[key_image(series)],
    )
    changes = HistoryEvent.objects.get(action="read.sign").changes
    assert "CANARY" not in str(changes)
    (before, (row,)) = changes["measurements"]
    assert before is None
    assert row["series"] == str(series.public_id)
    assert row["kind"] == "length"
    assert changes["key_images"][1][0]["number"] == 1


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ({"series": uuid.uuid4()}, "Measurement 2: The series is none of this study."),
        ({"points_mm": [[0, 0, 0]]}, "Measurement 2: It has 1 points"),
        ({"slice_index": 0}, "Measurement 2: It does not lie on its slice"),
    ],
)
def test_one_bad_mark_keeps_the_read_from_being_signed(reader, study, series, refused, words):
    with pytest.raises(InvalidRecordError) as error:
        sign(study, reader, measurements=[length(series), length(series, **refused)])
    assert words in error.value.errors["marks"][0]
    assert not Read.objects.exists()
    assert not ReadMeasurement.objects.exists()


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ({"index": 3}, "Key image 1: The series has no such slice."),
        ({"window_width_hu": 0.0}, "Key image 1: Its window is none"),
        ({"window_centre_hu": float("nan")}, "Key image 1: Its window is none"),
    ],
)
def test_a_key_image_is_a_slice_in_a_window(reader, study, series, refused, words):
    with pytest.raises(InvalidRecordError, match=words):
        sign(study, reader, key_images=[key_image(series, **refused)])
    assert not ReadKeyImage.objects.exists()


def test_a_key_image_of_a_series_that_has_grown_is_looked_at_again(reader, study, series):
    """Its place alone names the slice, and the places move when slices arrive."""
    with pytest.raises(InvalidRecordError, match="More images of this series have arrived"):
        sign(
            study,
            reader,
            key_images=[key_image(series)],
            images_shown={series.public_id: (2, 2)},
        )


def test_a_series_that_is_not_linked_any_more_is_refused(reader, study, series):
    link = study.study_links.get()
    actions.study_links.withdraw(link=link, by=reader, at=make.NOW, reason="another patient")
    with pytest.raises(InvalidRecordError, match="none of this study"):
        sign(study, reader, measurements=[length(series)])


def test_what_was_shown_is_never_more_than_there_is(reader, study, series):
    sign(
        study,
        reader,
        images_shown={series.public_id: (99, 99), uuid.uuid4(): (1, 1)},
    )
    assert Read.objects.get().images_shown == {str(series.public_id): [3, 3]}


def test_there_is_an_end_to_marks(reader, study, series):
    with pytest.raises(InvalidRecordError, match="at most"):
        sign(study, reader, measurements=[length(series)] * 101)


def test_words_of_a_mark_fit_their_column(reader, study, series):
    with pytest.raises(InvalidRecordError):
        sign(study, reader, measurements=[length(series, text="x" * 201)])
    assert not Read.objects.exists()
