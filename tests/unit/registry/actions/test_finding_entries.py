"""Findings with their sites, the primary one first."""

from functools import partial

import pytest

from registry.actions.errors import InvalidRecordError
from registry.actions.finding_entries import FindingEntry, store_findings
from registry.models import ImagingFinding, ImagingFindingSite, Read
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

LEAK = FindingEntry(
    "leak", ("suspected_subdural", "pump_pocket_around_pump", "pump_pocket_around_pump")
)
OCCLUSION = FindingEntry("occlusion")


@pytest.fixture
def unsigned():
    centre = make.centre()
    person = make.user(at_centre=centre)
    study = make.contrast_study(
        of=make.case(of=make.patient(by=person, at_centre=centre), by=person), by=person
    )
    return Read.objects.create(
        contrast_study=study, reader=person, source="images_here", vocabulary_version="1",
        information_shown=["images_only"], adequacy="adequate", opened_at=make.NOW,
        created_at=make.NOW, created_by=person,
    )  # fmt: skip


def store(read, *entries):
    return store_findings(
        entries, finding=partial(ImagingFinding, read=read), site=ImagingFindingSite
    )


def test_the_first_is_primary_and_a_site_is_kept_once(unsigned):
    told = store(unsigned, LEAK, OCCLUSION)
    first, second = unsigned.findings.all()
    assert (first.code, first.is_primary) == ("leak", True)
    assert (second.code, second.is_primary) == ("occlusion", False)
    sites = ["pump_pocket_around_pump", "suspected_subdural"]
    assert sorted(site.code for site in first.sites.all()) == sites
    assert told == {
        "findings": [{"code": "leak", "sites": sites}, {"code": "occlusion", "sites": []}]
    }


@pytest.mark.parametrize("entry", [FindingEntry("no_code"), FindingEntry("leak", ("no_code",))])
def test_an_unknown_code_is_refused(unsigned, entry):
    with pytest.raises(InvalidRecordError):
        store(unsigned, entry)
