"""Who may decide between two reads, and who sees what was decided."""

import pytest
from scipy.stats import binom

from registry.models import Role
from registry.queries import adjudications
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=0)


def waiting(viewer):
    return [pair.study for pair in adjudications.waiting(viewer=viewer)]


def test_a_difference_waits_for_the_third_reader_alone(here):
    study = here.disputed_study()
    assert [waiting(reader) for reader in here.readers] == [[], [], [study]]
    stranger = rooms("SOUTH").readers[2]
    for viewer in (stranger, here.manager):
        assert waiting(viewer) == []
        assert adjudications.pair_for(viewer=viewer, public_id=study.public_id) is None


@pytest.mark.parametrize("role", [Role.SURGEON, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_knows_more_than_the_images_does_not_decide(here, role):
    here.disputed_study()
    assert waiting(make.user(at_centre=here.centre, roles=[Role.READER, role])) == []


def test_who_was_asked_for_a_read_of_the_study_does_not_decide(here):
    study = here.study()
    here.assign(study, here.readers[2])
    read_images(study, by=here.readers[0], finding="leak")
    read_images(study, by=here.readers[1], finding="occlusion")
    assert waiting(here.readers[2]) == []
    assert adjudications.pair_for(viewer=here.readers[2], public_id=study.public_id) is None


def test_reads_that_agree_in_what_matters_wait_for_nobody(here):
    study = here.study()
    for reader, level in zip(here.readers[:2], ("t10", "t12"), strict=True):
        read_images(study, by=reader, tip_level=level)
    assert waiting(here.readers[2]) == []
    assert adjudications.pair_for(viewer=here.readers[2], public_id=study.public_id) is None
    assert adjudications.pair_of(study=study).disputed == ()


def test_one_read_and_one_report_are_no_pair(here):
    study = here.study()
    read_images(study, by=here.readers[0])
    make.read(of=study, by=here.manager, finding="occlusion")
    assert adjudications.pair_of(study=study) is None


def test_a_correction_takes_the_place_of_what_it_corrects(here):
    study = here.disputed_study()
    pair = adjudications.pair_of(study=study)
    wrong = next(read for read in (pair.read_a, pair.read_b) if read.reader == here.readers[1])
    read_images(study, by=here.readers[1], supersedes=wrong, correction_reason="a slip")
    assert waiting(here.readers[2]) == []


def test_the_two_reads_that_were_signed_first_are_the_pair(here):
    study = here.disputed_study()
    late = read_images(study, by=make.user(at_centre=here.centre, roles=[Role.READER]))
    pair = adjudications.pair_of(study=study)
    assert late not in (pair.read_a, pair.read_b)


def test_a_decided_study_waits_no_more_and_opens_to_who_decided(here):
    study = here.disputed_study()
    decision = here.adjudication(study)
    assert waiting(here.readers[2]) == []
    pair = adjudications.pair_for(viewer=here.readers[2], public_id=study.public_id)
    assert (pair.read_a, pair.read_b) == (decision.read_a, decision.read_b)
    fourth = make.user(at_centre=here.centre, roles=[Role.READER])
    assert adjudications.pair_for(viewer=fourth, public_id=study.public_id) is None


def test_which_read_is_a_does_not_follow_who_was_first(here):
    firsts = 0
    for _ in range(24):
        pair = adjudications.pair_of(study=here.disputed_study())
        firsts += pair.read_a.reader == here.readers[0]
    lowest, highest = binom.interval(0.9999, 24, 0.5)
    assert lowest <= firsts <= highest


def test_the_coordinator_counts_what_waits_unless_they_read_there(here):
    study = here.disputed_study()
    assert [pair.study for pair in adjudications.undecided(viewer=here.manager)] == [study]
    both = make.user(at_centre=here.centre, roles=[Role.DATA_MANAGER, Role.READER])
    assert adjudications.undecided(viewer=both) == []
    assert adjudications.coordinated_codes(viewer=both) == frozenset()


def seen(viewer, study):
    return adjudications.of_studies(viewer=viewer, studies=[study])[study.pk]


def test_decisions_are_seen_as_reads_are(here):
    study = here.disputed_study()
    decision = here.adjudication(study)
    surgeon = make.user(at_centre=here.centre, roles=[Role.SURGEON])
    both = make.user(at_centre=here.centre, roles=[Role.READER, Role.SURGEON])
    assert seen(surgeon, study) == seen(here.readers[2], study) == [decision]
    for viewer in (both, *here.readers[:2], rooms("SOUTH").manager):
        assert seen(viewer, study) == []
    make.read(of=study, by=both)
    assert seen(both, study) == [decision]
