"""Two people at the same moment: one is first, the other hears of it, nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from registry import actions
from registry.actions.errors import EditConflictError, LinkGoneError, RegistryError
from registry.models import (
    HistoryEvent,
    Patient,
    Read,
    ReadDraft,
    RevisionCase,
    Role,
    StudyLink,
    User,
)
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db(transaction=True)


def together(*changes):
    """What came of each: its result, or the error by which it was refused."""
    start = Barrier(len(changes))

    def run(change):
        start.wait()
        try:
            return change()
        except RegistryError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(changes)) as pool:
        return list(pool.map(run, changes))


def refusals(results):
    return [type(result).__name__ for result in results if isinstance(result, RegistryError)]


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def person(centre):
    return make.user(at_centre=centre, roles=list(Role.values))


@pytest.fixture
def case(centre, person):
    return make.case(of=make.patient(by=person, at_centre=centre), by=person)


@pytest.mark.parametrize("turn", range(3))
def test_registrars_of_two_centres_get_numbers_of_their_own(centre, person, turn):
    south = make.centre("SOUTH")
    results = together(
        *[
            lambda at=at: make.patient(by=person, at_centre=at)
            for at in (centre, south, centre, south)
        ]
    )
    assert refusals(results) == []
    assert sorted(Patient.objects.values_list("registry_number", flat=True)) == [
        f"CR-{number:06d}" for number in range(1, 5)
    ]


def test_one_local_number_is_registered_once(centre, person):
    results = together(
        *[lambda: make.patient(by=person, at_centre=centre, local_number="4711")] * 3
    )
    assert refusals(results) == ["DuplicatePatientError"] * 2
    assert Patient.objects.count() == 1


def test_of_three_editors_one_is_first(case, person):
    def edit(remark):
        return lambda: actions.cases.edit(
            case=RevisionCase.objects.get(pk=case.pk),
            edition=case.edition,
            by=person,
            at=make.NOW,
            changes={"remarks": remark},
            presenting_signs=[],
            workup=[],
        )

    results = together(edit("a"), edit("b"), edit("c"))
    assert refusals(results) == [EditConflictError.__name__] * 2
    assert RevisionCase.objects.get().edition == 2
    assert HistoryEvent.objects.filter(action="case.edit").count() == 1


def test_a_person_signs_one_read_of_a_study(case, person):
    study = make.contrast_study(of=case, by=person)
    results = together(*[lambda: make.read(of=study, by=person)] * 3)
    assert len(refusals(results)) == 2
    assert Read.objects.count() == HistoryEvent.objects.filter(action="read.sign").count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_no_draft_outlives_the_signature(case, person, turn):
    study = make.contrast_study(of=case, by=person)

    def save():
        return actions.read_drafts.keep(
            room=study.public_id,
            contrast_study=study,
            by=person,
            at=make.NOW,
            opened_at=make.NOW,
            answers={},
            marks={},
            edition=0,
        )

    results = together(save, lambda: make.read(of=study, by=person), save)
    assert Read.objects.count() == 1
    assert set(refusals(results)) <= {"AlreadyReadError", "DraftConflictError"}
    assert not ReadDraft.objects.exists()


def test_a_read_is_corrected_once(case, person):
    read = make.read(of=make.contrast_study(of=case, by=person), by=person)
    results = together(
        *[
            lambda: make.read(
                of=read.contrast_study, by=person, supersedes=read, correction_reason="misfiled"
            )
        ]
        * 2
    )
    assert len(refusals(results)) == 1
    assert Read.objects.count() == 2


def test_images_are_linked_once_and_the_link_is_withdrawn_once(case, person):
    study = make.contrast_study(of=case, by=person)
    images = stored_studies.study(centre_code="NORTH")
    results = together(
        *[lambda: make.study_link(of=study, study=images, by=person, reason="why")] * 3
    )
    assert len(refusals(results)) == 2
    links = [
        StudyLink.objects.select_related("contrast_study__case__patient__centre").get()
        for _ in range(2)
    ]
    results = together(
        *[
            lambda link=link: actions.study_links.withdraw(
                link=link, by=person, at=make.NOW, reason="wrong"
            )
            for link in links
        ]
    )
    assert refusals(results) == [LinkGoneError.__name__]
    assert HistoryEvent.objects.filter(action="study_link.withdraw").count() == 1


def test_two_administrators_do_not_mix_their_roles(centre, person):
    wanted = [{"reader", "surgeon"}, {"registrar"}, {"reader", "auditor"}]
    results = together(
        *[
            lambda roles=roles: actions.people.set_roles(
                user=User.objects.get(pk=person.pk),
                centre=centre,
                roles=roles,
                by=None,
                at=make.NOW,
            )
            for roles in wanted
        ]
    )
    assert refusals(results) == []
    held = set(person.memberships.values_list("role", flat=True))
    assert held in wanted
    last = HistoryEvent.objects.filter(action="person.set_roles").latest("sequence")
    assert set(last.changes["roles"][1]) == held
