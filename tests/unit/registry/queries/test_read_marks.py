"""Measurements are found by kind, finding and value, by whoever may see the read."""

from decimal import Decimal

import pytest

from registry import actions, queries
from registry.actions.read_marks import KeyImageEntry, MeasurementEntry
from registry.models import Role
from registry.queries.read_marks import Wanted
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre):
    return make.user(at_centre=centre, roles=[Role.SURGEON, Role.DATA_MANAGER])


@pytest.fixture
def study(centre, surgeon):
    return images_of(surgeon, centre)


def images_of(surgeon, centre):
    case = make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
    study = make.contrast_study(of=case, by=surgeon)
    images = stored_studies.study(centre_code=centre.code, slices=3, PatientID="")
    make.study_link(of=study, study=images, by=surgeon)
    return study


def series_of(study):
    return study.study_links.get().study.series.get()


def drawn(study, kind, length_px=10, index=1):
    series = series_of(study)
    facts = series.instances.get(slice_index=index).attributes
    x, y, z = facts["image_position_mm"]
    step = facts["pixel_spacing_mm"][1]
    points = [[x + step * 2, y, z], [x + step * (2 + length_px), y, z]]
    return MeasurementEntry(
        kind=kind,
        series=series.public_id,
        slice_index=index,
        points_mm=points[:1] if kind == "probe" else points,
    )


@pytest.fixture
def reader(centre):
    return make.user(at_centre=centre, roles=[Role.READER])


def sign(study, reader, *measurements, **answers):
    return make.read(of=study, by=reader, measurements=measurements, **answers)


def test_a_search_narrows_by_kind_finding_and_main_value(surgeon, reader, study):
    read = sign(
        study, reader, drawn(study, "length", 4), drawn(study, "length", 20), drawn(study, "probe")
    )
    short, long, probe = read.measurements.all()

    def found(**wanted):
        return set(queries.read_marks.measurements(viewer=surgeon, wanted=Wanted(**wanted)))

    assert found() == {short, long, probe}
    assert found(kind="length") == {short, long}
    assert found(finding="leak") == {short, long, probe}
    assert found(finding="occlusion") == set()
    between = Decimal(str((short.length_mm + long.length_mm) / 2))
    assert found(kind="length", smallest=between) == {long}
    assert found(kind="length", largest=between) == {short}
    assert found(kind="probe", smallest=Decimal(100_000)) == set()


def test_a_page_goes_on_within_a_read_and_says_when_it_looked_at_enough(
    surgeon, reader, study, monkeypatch
):
    read = sign(
        study, reader, drawn(study, "length", 4), drawn(study, "length", 20), drawn(study, "probe")
    )
    short, long, probe = read.measurements.all()

    def page(after="", **wanted):
        found = queries.read_marks.page(
            viewer=surgeon, wanted=Wanted(**wanted), after=after, size=2
        )
        return found.rows, found.next_after, found.ended_early

    assert page() == ([short, long], f"{read.pk}.2", False)
    assert page(f"{read.pk}.2") == ([probe], "", False)
    assert page("x.1") == page()
    monkeypatch.setattr(queries.read_marks, "MOST_LOOKED_AT", 1)
    rows, after, ended_early = page(kind="angle")
    assert (rows, ended_early) == ([], True)
    assert page(after, kind="angle") == ([], "", False)


def test_arrows_and_reads_that_were_corrected_are_left_out(surgeon, reader, study):
    first = sign(study, reader, drawn(study, "length"), drawn(study, "arrow"))
    everything = Wanted()
    assert queries.read_marks.measurements(viewer=surgeon, wanted=everything).count() == 1
    sign(study, reader, supersedes=first, correction_reason="looked again")
    assert not queries.read_marks.measurements(viewer=surgeon, wanted=everything).exists()


def test_no_reader_finds_measurements_before_signing_and_no_other_centre_ever(
    centre, reader, study
):
    sign(study, reader, drawn(study, "length"))
    both = make.user(at_centre=centre, roles=[Role.READER, Role.SURGEON])
    other = make.user(at_centre=make.centre("SOUTH"), roles=list(Role.values))
    for viewer in (reader, both, other):
        assert not queries.read_marks.measurements(viewer=viewer, wanted=Wanted()).exists()
    make.read(of=study, by=both)
    assert queries.read_marks.measurements(viewer=both, wanted=Wanted()).count() == 1


def test_marks_know_their_places_also_after_the_link_was_withdrawn(surgeon, reader, study):
    series = series_of(study)
    read = sign(
        study,
        reader,
        drawn(study, "length", index=2),
        key_images=[KeyImageEntry(series.public_id, 0, 300, 1000)],
    )
    (measurement,), (key_image,) = read.measurements.all(), read.key_images.all()
    link = study.study_links.get()
    actions.study_links.withdraw(link=link, by=surgeon, at=make.NOW, reason="wrong patient")

    places = queries.read_marks.places(viewer=reader, read=read)
    assert places[measurement.instance_id, 0] == 2
    assert places[key_image.instance_id, 0] == 0
    assert queries.read_marks.series_of(viewer=reader, read=read) == [series]
