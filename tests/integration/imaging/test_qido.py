"""QIDO-RS: who finds what, by which keys, on which page."""

import pytest
from django.utils import timezone

from imaging.actions import study_exclusions
from imaging.dicomweb import search_parameters
from imaging.models import Instance, Study
from tests.factories import dicomweb, stored_studies
from tests.factories.dicomweb import BASE, found, study_address, values

pytestmark = pytest.mark.django_db

STUDY_UID, SERIES_UID, SOP_UID = "0020000D", "0020000E", "00080018"


@pytest.fixture
def early(centre):
    return stored_studies.study(
        centre_code="DEMO", PatientID="P-1", StudyDate="20230110", StudyTime="081500"
    )


@pytest.fixture
def late(centre):
    return stored_studies.study(
        centre_code="DEMO", slices=2, PatientID="P-2", StudyDate="20240305", StudyTime="170000.25"
    )


@pytest.fixture
def foreign(other_centre):
    return stored_studies.study(centre_code="OTHER")


def uids(response):
    assert response.status_code in {200, 204}, response.content
    return set(values(found(response), STUDY_UID))


def test_a_study_is_found_with_its_counts_and_no_word_of_the_patient(browser, early):
    response = browser.get(f"{BASE}/studies")
    assert (response.status_code, response["Content-Type"]) == (200, "application/dicom+json")
    (result,) = found(response)
    assert result[STUDY_UID] == {"vr": "UI", "Value": [early.study_instance_uid]}
    assert result["00080020"] == {"vr": "DA", "Value": ["20230110"]}
    assert result["00080030"] == {"vr": "TM", "Value": ["081500"]}
    assert result["00080061"] == {"vr": "CS", "Value": ["CT"]}
    assert result["00201206"] == {"vr": "IS", "Value": [1]}
    assert result["00201208"] == {"vr": "IS", "Value": [3]}
    assert result["00081190"]["Value"] == [f"http://testserver{study_address(early)}"]
    assert result["00100020"]["Value"] == [early.subject_key[:24].upper()]
    assert {tag: result[tag] for tag in ("00080050", "00100030", "00100040")} == {
        "00080050": {"vr": "SH"}, "00100030": {"vr": "DA"}, "00100040": {"vr": "CS"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("StudyDate=20230110", {"early"}),
        ("StudyDate=20230111-", {"late"}),
        ("00080020=-20240305", {"early", "late"}),
        ("StudyDate=20230110-20230110", {"early"}),
        ("StudyTime=0815", {"early"}),
        ("StudyTime=08-17", {"early", "late"}),
        ("StudyTime=170000.5-", set()),
        ("StudyTime=170000-170000", {"late"}),
        ("StudyTime=170000.250000", {"late"}),
        ("StudyTime=170000.25", {"late"}),
        ("StudyTime=081500.000", {"early"}),
        ("ModalitiesInStudy=CT", {"early", "late"}),
        ("ModalitiesInStudy=MR,C?", {"early", "late"}),
        ("ModalitiesInStudy=MR", set()),
        ("AccessionNumber=CANARYACC-2233", set()),
        ("AccessionNumber=*&PatientName=", {"early", "late"}),
        ("StudyDescription=*", {"early", "late"}),
        ("PatientID=P-1", set()),
        ("RequestAttributesSequence.ScheduledProcedureStepID=1", set()),
        ("fuzzymatching=false&includefield=00081030,00080060", {"early", "late"}),
    ],
)
def test_keys_match_as_the_standard_says(browser, early, late, query, expected):
    by_uid = {early.study_instance_uid: "early", late.study_instance_uid: "late"}
    assert {by_uid[uid] for uid in uids(browser.get(f"{BASE}/studies?{query}"))} == expected


def test_a_study_is_found_by_its_pseudonym_and_by_a_list_of_uids(browser, early, late):
    pseudonym = early.subject_key[:24].upper()
    for pattern in (pseudonym, f"{pseudonym[:6]}*", f"?{pseudonym[1:]}"):
        answer = browser.get(f"{BASE}/studies", {"PatientID": pattern})
        assert uids(answer) == {early.study_instance_uid}
    both = f"{early.study_instance_uid},{late.study_instance_uid}"
    assert len(uids(browser.get(f"{BASE}/studies", {"StudyInstanceUID": both}))) == 2


@pytest.mark.parametrize(
    ("level", "query", "word"),
    [
        ("studies", "StudyDate=2024", "StudyDate"),
        ("studies", "StudyDate=20241301", "StudyDate"),
        ("studies", "StudyTime=8", "StudyTime"),
        ("studies", "StudyInstanceUID=x", "StudyInstanceUID"),
        ("studies", "Modality=CT", "/series"),
        ("studies", "KVP=120", "KVP"),
        ("studies", "Nonsense=1", "Nonsense"),
        ("studies", "includefield=Nonsense", "includefield"),
        ("studies", "limit=ten", "limit"),
        ("studies", "limit=1&limit=2", "limit"),
        ("studies", "offset=-1", "offset"),
        ("studies", "fuzzymatching=maybe", "fuzzymatching"),
        ("studies", "PatientID=%00", "PatientID"),
        ("studies", "PatientID=*a*a*a*a*a*", "PatientID"),
        ("studies", "StudyDate=20240101&00080020=20240101", "StudyDate"),
        ("series", "SeriesNumber=two", "SeriesNumber"),
        ("instances", "InstanceNumber=99999999999", "InstanceNumber"),
        ("studies/1.2/series", "StudyInstanceUID=1.3", "StudyInstanceUID"),
    ],
)
def test_what_cannot_be_understood_is_named(browser, level, query, word):
    response = browser.get(f"{BASE}/{level}?{query}")
    assert response.status_code == 400
    assert word in response.json()["error"]


def test_series_and_instances_are_found_below_a_study_and_across_all(browser, early, late):
    (series,) = found(browser.get(f"{study_address(early)}/series"))
    assert values([series], "00201209") == [3]
    below = f"{study_address(early)}/series/{series[SERIES_UID]['Value'][0]}/instances"
    own = set(early.series.get().instances.values_list("sop_instance_uid", flat=True))
    assert set(values(found(browser.get(below)), SOP_UID)) == own
    assert set(values(found(browser.get(f"{study_address(early)}/instances")), SOP_UID)) == own
    assert len(found(browser.get(f"{BASE}/instances"))) == 5
    assert len(found(browser.get(f"{BASE}/series?Modality=CT&SeriesNumber=2"))) == 2
    second = browser.get(f"{BASE}/instances?InstanceNumber=2&StudyDate=20230110")
    assert values(found(second), "00200013") == [2]


def test_an_instance_tells_its_size_and_with_all_its_place(browser, early):
    (plain, *_) = found(browser.get(f"{BASE}/instances"))
    (full, *_) = found(browser.get(f"{BASE}/instances?includefield=all"))
    (one, *_) = found(browser.get(f"{BASE}/instances?includefield=PixelSpacing"))
    assert values([plain], "00280010") == [32]
    assert set(plain) < set(one) < set(full)
    assert full["00280030"] == {"vr": "DS", "Value": [0.5, 0.5]}


def test_a_page_says_that_there_is_more_and_pages_make_up_the_whole(browser, early, late):
    first = browser.get(f"{BASE}/studies?limit=1")
    second = browser.get(f"{BASE}/studies?limit=1&offset=1")
    assert "additional results" in first["Warning"]
    assert "Warning" not in second
    assert uids(first) | uids(second) == {early.study_instance_uid, late.study_instance_uid}
    assert browser.get(f"{BASE}/studies?offset=2").status_code == 204
    assert browser.get(f"{BASE}/studies?limit=0").status_code == 204


def test_without_a_limit_a_page_ends_all_the_same(browser, early, late, monkeypatch):
    monkeypatch.setitem(search_parameters.MOST_RESULTS, "studies", 1)
    response = browser.get(f"{BASE}/studies?limit=50")
    assert len(found(response)) == 1
    assert response["Warning"].startswith("299 ")


def test_fuzzy_matching_is_answered_with_a_warning(browser, early):
    response = browser.get(f"{BASE}/studies?fuzzymatching=true")
    assert len(found(response)) == 1
    assert "The fuzzymatching parameter is not supported" in response["Warning"]


@pytest.mark.parametrize("accept", ["application/dicom+json", "application/json", "*/*", ""])
def test_json_is_given_to_whoever_takes_it(browser, early, accept):
    assert browser.get(f"{BASE}/studies", headers={"Accept": accept}).status_code == 200


def test_xml_is_not_given(browser, early):
    xml = 'multipart/related; type="application/dicom+xml"'
    assert browser.get(f"{BASE}/studies", headers={"Accept": xml}).status_code == 406


@pytest.mark.parametrize("level", ["studies", "series", "instances"])
def test_another_centre_and_what_was_excluded_are_not_there(browser, person, early, foreign, level):
    assert uids(browser.get(f"{BASE}/{level}")) == {early.study_instance_uid}
    named = browser.get(f"{BASE}/{level}?StudyInstanceUID={foreign.study_instance_uid}")
    assert named.status_code == 204
    study_exclusions.exclude(study=early, by=person, at=timezone.now(), reason="not ours")
    assert browser.get(f"{BASE}/{level}").status_code == 204


def test_a_program_finds_what_its_centre_has(early, foreign):
    program = dicomweb.reader(centre_code="DEMO")
    assert uids(program.get(f"{BASE}/studies")) == {early.study_instance_uid}


@pytest.mark.parametrize("level", ["studies", "series", "instances"])
def test_a_search_asks_equally_often_for_few_and_for_many(
    early, level, django_assert_max_num_queries
):
    program = dicomweb.reader(centre_code="DEMO")
    program.get(f"{BASE}/{level}")
    stored_studies.study(centre_code="DEMO")
    stored_studies.study(centre_code="DEMO")
    assert (Study.objects.count(), Instance.objects.count()) == (3, 9)
    with django_assert_max_num_queries(3):
        assert len(found(program.get(f"{BASE}/{level}"))) >= 3
