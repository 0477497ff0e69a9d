"""Who may send a read, and who sees where it was sent."""

import pytest

from registry import actions, queries
from registry.models import Read, Role
from tests.factories import registry_records as make
from tests.factories.exported_reads import of_images, person
from tests.unit.registry.actions.test_read_sendings import archive

pytestmark = pytest.mark.django_db

SENDERS = {Role.REGISTRAR, Role.SURGEON, Role.AUDITOR, Role.DATA_MANAGER}


@pytest.fixture
def read():
    return of_images(by=person(), measurements=[])[0]


@pytest.mark.parametrize("role", Role.values)
def test_whoever_logs_the_case_or_audits_sends(read, role):
    somebody = person(role)
    actions.read_sendings.begin(
        read=read, archive=archive(), with_images=False, by=somebody, at=make.NOW
    )
    assert queries.read_sendings.may_send(viewer=somebody, read=read) == (role in SENDERS)
    assert queries.read_sendings.visible(viewer=somebody).exists() == (role in SENDERS)


def test_another_centre_sends_and_sees_nothing(read):
    make.centre("SOUTH")
    other = person(centre_code="SOUTH")
    actions.read_sendings.begin(
        read=read, archive=archive(), with_images=False, by=None, at=make.NOW
    )
    assert not queries.read_sendings.may_send(viewer=other, read=read)
    assert not queries.read_sendings.visible(viewer=other).exists()


def test_a_command_finds_signed_reads_only(read):
    assert queries.read_sendings.for_command(public_id=str(read.public_id)) == read
    with pytest.raises(Read.DoesNotExist):
        queries.read_sendings.for_command(public_id=str(read.contrast_study.public_id))
