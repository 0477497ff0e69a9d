"""Pages speak the language a person chose and show the time of their centre."""

import io
import zipfile
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import Role
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db
HOME, CHOOSE = reverse("registry:home"), reverse("registry:language")


@pytest.fixture
def berlin():
    return make.centre("NORTH", time_zone="Europe/Berlin")


@pytest.fixture
def person(client, berlin):
    somebody = make.user(at_centre=berlin, roles=[Role.SURGEON])
    client.force_login(somebody)
    return somebody


def test_a_person_chooses_german_and_goes_back_to_english(client, person):
    before = client.get(HOME)
    assert '<html lang="en-gb"' in before.content.decode()
    client.post(CHOOSE, {"language": "de"})
    german = client.get(HOME)
    assert '<html lang="de"' in german.content.decode()
    assert german.headers["Content-Language"] == "de"
    client.post(CHOOSE, {"language": "en-gb"})
    assert client.get(HOME).headers["Content-Language"] == "en-gb"


@pytest.mark.parametrize("language", ["", "fr", "de-DE", "x" * 40, "\x00"])
def test_a_language_nobody_speaks_changes_nothing(client, person, language):
    assert client.post(CHOOSE, {"language": language}).url == HOME
    person.refresh_from_db()
    assert person.language == "en-gb"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "evil", "", "http://testserver//evil.example/"],
)
def test_choosing_leads_to_no_other_machine(client, person, elsewhere):
    assert client.post(CHOOSE, {"language": "de"}, headers={"Referer": elsewhere}).url == HOME


def test_choosing_leads_back_to_where_one_was(client, person):
    page = "/patients/?q=CR-000001"
    here = {"Referer": f"http://testserver{page}"}
    assert client.post(CHOOSE, {"language": "de"}, headers=here).url == page


def test_before_sign_in_the_browser_says_which_language(client):
    page = client.get(reverse("registry:sign-in"), headers={"Accept-Language": "de-AT,en;q=0.5"})
    assert page.headers["Content-Language"] == "de"


def test_a_browser_in_german_does_not_choose_for_a_person(client, person):
    page = client.get(HOME, headers={"Accept-Language": "de"})
    assert page.headers["Content-Language"] == "en-gb"


def test_a_number_in_german_keeps_its_point_and_a_day_its_order(client, person):
    from datetime import date

    from django.utils import formats, translation

    with translation.override("de"):
        assert formats.localize(1234.5) == "1234.5"
        assert formats.date_format(date(2024, 3, 1)) == "2024-03-01"


def test_times_are_those_of_the_centre_and_the_page_says_so(client, person):
    assert "times Europe/Berlin" in client.get(HOME).content.decode()


def test_a_read_signed_at_night_has_the_day_it_was_at_the_centre(client):
    """As the audit counts it: blind is who signed before the day of the operation."""
    far_west = make.centre("WEST", time_zone="Pacific/Honolulu")
    everybody = make.user(at_centre=far_west, roles=list(Role.values))
    case = make.case(of=make.patient(by=everybody, at_centre=far_west), by=everybody)
    study = make.contrast_study(of=case, by=everybody)
    read = make.read(of=study, by=everybody)
    local = read.signed_at.astimezone(ZoneInfo("Pacific/Honolulu"))
    assert local.date() != read.signed_at.date()

    client.force_login(everybody)
    page = client.get(reverse("registry:case-detail", args=[case.public_id])).content.decode()
    assert f"signed {local:%Y-%m-%d} by" in page
    assert f"signed {read.signed_at:%Y-%m-%d}" not in page


def test_who_works_in_two_time_zones_sees_utc(client, person):
    from registry import actions

    lisbon = make.centre("SOUTH", time_zone="Europe/Lisbon")
    actions.people.set_roles(user=person, centre=lisbon, roles=[Role.SURGEON], by=None, at=make.NOW)
    assert "times UTC" in client.get(HOME).content.decode()


def test_when_images_came_is_told_in_the_time_of_the_centre(client, person):
    study = stored_studies.study(centre_code="NORTH")
    there = study.received_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"Images received {there:%Y-%m-%d %H:%M}" in client.get(HOME).content.decode()
    images = client.get(reverse("registry:image-list")).content.decode()
    assert f"received {there:%Y-%m-%d %H:%M}" in images


def test_a_code_has_a_german_label_on_pages_and_an_english_one_in_data(client, person):
    from django.utils import translation

    from registry.models import ImagingFinding
    from registry.vocabulary import ImagingFindingCode

    leak = ImagingFindingCode.LEAK
    with translation.override("de"):
        assert (leak.label, leak.term.label) == ("Leckage", "Leak")
        assert ImagingFinding(code=leak).get_code_display() == "Leckage"
    assert leak.label == "Leak"


EXPORTS = {
    "registry:data-cases-csv": (),
    "registry:data-codebook": (),
    "registry:data-template": (),
    "registry:data-redcap-dictionary": (),
    "registry:data-redcap-records": (),
    "registry:audit-json": ("abousamra-2016",),
    "registry:audit-csv": ("abousamra-2016",),
    "registry:audit-pdf": ("abousamra-2016",),
    "registry:audit-checklist-csv": ("abousamra-2016",),
}


def test_what_is_exported_is_the_same_in_every_language(client, berlin, monkeypatch):
    by = make.user(at_centre=berlin)
    of = make.case(of=make.patient(by=by, at_centre=berlin), by=by)
    read = make.read(of=make.contrast_study(of=of, by=by), by=by)
    make.surgery(of=of, by=by)
    frozen = make.report(of=berlin, by=by)
    client.force_login(by)
    wanted = {reverse(name, args=args) for name, args in EXPORTS.items()}
    wanted |= {reverse(f"registry:report-{kind}", args=[frozen.public_id]) for kind in REPORTS}
    wanted |= {PATIENTS, reverse("registry:read-pdf", args=[read.public_id])}
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    english = {url: content(client.get(url)) for url in wanted}
    client.post(CHOOSE, {"language": "de"})
    assert [url for url in sorted(wanted) if content(client.get(url)) != english[url]] == []


PATIENTS = reverse("registry:patient-list") + "list.csv"
REPORTS = ("json", "csv", "pdf", "bundle", "checklist-csv")


def content(answer):
    """Of a workbook what its sheets hold: openpyxl writes the time of making into the archive."""
    assert answer.status_code == 200, answer
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if "docProps" not in name}
