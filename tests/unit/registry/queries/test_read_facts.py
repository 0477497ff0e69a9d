"""First reads and second looks are kept apart, and second looks are only fetched when asked for."""

from datetime import timedelta

import pytest

from registry.audit.fact_group import FactGroup
from registry.models import MaskedReread
from registry.queries import audit_facts
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db


def test_a_second_look_is_no_read_and_comes_only_when_asked_for():
    here = rooms(reread_share_percent=100, reread_after_days=28)
    study = here.study()
    first = read_images(study, by=here.readers[0])
    later = make.NOW + timedelta(days=40)
    second = read_images(
        study, by=here.readers[0], at=later, masked_reread=MaskedReread.objects.get()
    )
    codes = [study.centre_code]
    (patient,) = audit_facts.cohort_of_centres(centre_codes=codes).patients
    assert [read.read_id for read in patient.studies[0].reads] == [str(first.public_id)]
    assert patient.studies[0].second_looks == ()
    (patient,) = audit_facts.cohort_of_centres(
        centre_codes=codes, needs={FactGroup.SECOND_LOOKS}
    ).patients
    assert [read.read_id for read in patient.studies[0].reads] == [str(first.public_id)]
    (look,) = patient.studies[0].second_looks
    assert (look.read_id, look.reader_id) == (
        str(second.public_id),
        str(here.readers[0].public_id),
    )
