"""Measurements of signed reads stand on the case, on both timelines and in a list of their own."""

import pytest
from django.urls import reverse

from registry.actions.read_marks import KeyImageEntry, MeasurementEntry
from registry.models import Role
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db

LIST = reverse("registry:measurement-list")


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre, client):
    person = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def study(centre, surgeon):
    case = make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
    study = make.contrast_study(of=case, by=surgeon)
    images = stored_studies.study(centre_code="NORTH", slices=3, PatientID="")
    make.study_link(of=study, study=images, by=surgeon)
    return study


@pytest.fixture
def read(centre, study):
    """With a length of 10 pixels, the HU at a point, an arrow and a key image."""
    series = study.study_links.get().study.series.get()
    facts = series.instances.get(slice_index=1).attributes
    x, y, z = facts["image_position_mm"]
    ends = [[x, y, z], [x + 10 * facts["pixel_spacing_mm"][1], y, z]]

    def drawn(kind, points, text=""):
        return MeasurementEntry(kind, series.public_id, 1, points, text)

    return make.read(
        of=study,
        by=make.user(at_centre=centre, roles=[Role.READER]),
        source="images_here",
        measurements=[
            drawn("length", ends, "rim to rim"),
            drawn("probe", ends[:1]),
            drawn("arrow", ends, "here"),
        ],
        key_images=[KeyImageEntry(series.public_id, 1, 300, 1000)],
    )


def text(response):
    return " ".join(response.content.decode().split())


def length_words(read):
    return f"{read.measurements.get(kind='length').length_mm:.1f} mm"


def test_the_case_shows_what_was_measured_and_leads_to_the_images(client, study, read):
    html = text(client.get(reverse("registry:case-detail", args=[study.case.public_id])))
    assert f"Length: {length_words(read)} (rim to rim)" in html
    assert "Arrow (here)" in html
    assert "1 key image" in html
    assert "Read signed, 2 measurements, 1 key image" in html
    assert reverse("registry:read-detail", args=[read.public_id]) in html


def test_the_timeline_of_the_patient_shows_them_with_the_finding(client, study, read):
    url = reverse("registry:patient-detail", args=[study.case.patient.public_id])
    html = text(client.get(url))
    assert f"Contrast study, leak; Length: {length_words(read)} (rim to rim)" in html


def test_the_list_is_narrowed_from_its_address(client, study, read):
    everything = client.get(LIST)
    assert [line.kind for line in everything.context["lines"]] == ["Length", "HU at a point"]
    only = client.get(LIST, {"kind": "length", "finding": "leak", "smallest": "1"})
    (line,) = only.context["lines"]
    assert (line.value, line.words) == (length_words(read), "rim to rim")
    assert line.registry_number == study.case.patient.registry_number
    assert "No measurement fits" in text(client.get(LIST, {"finding": "occlusion"}))
    assert client.get(LIST, {"kind": "length", "largest": "0,5"}).context["lines"] == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    "asked",
    [{"kind": "arrow"}, {"smallest": "many"}, {"smallest": "5", "largest": "1"}, {"kind": "\x00"}],
)
def test_what_cannot_be_understood_narrows_nothing_and_says_so(client, read, asked):
    response = client.get(LIST, asked)
    assert response.context["form"].errors
    assert len(response.context["lines"]) == 2


def test_it_is_closed_to_readers(client, centre, read):
    client.force_login(make.user(at_centre=centre, roles=[Role.READER]))
    assert client.get(LIST).status_code == 403


def test_who_may_still_read_the_study_sees_none_of_it(client, centre, study, read):
    client.force_login(make.user(at_centre=centre, roles=[Role.READER, Role.SURGEON]))
    case = reverse("registry:case-detail", args=[study.case.public_id])
    patient = reverse("registry:patient-detail", args=[study.case.patient.public_id])
    for url in (LIST, case, patient):
        assert "rim to rim" not in text(client.get(url))
    assert client.get(LIST).context["lines"] == []
