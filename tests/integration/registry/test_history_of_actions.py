"""Each action and its event are one: both are stored or neither.

The list of actions is closed: a new one fails the build until it is named here.
"""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.apps import apps

from imaging.actions import remote_archives
from registry import actions
from registry.actions.case_logs import CaseEntry, PatientEntry
from registry.audit.fact_group import FactGroup
from registry.audit.stored_facts import facts_sha256
from registry.audit.suppression import Masking
from registry.models import Centre, HistoryEvent, Role
from registry.queries import audit_facts, registry_state
from tests.architecture.source_tree import modules, public_functions
from tests.factories import device_signals, stored_studies
from tests.factories import registry_records as make
from tests.factories.reading_rooms import ReadingRooms, adjudicate
from tests.one_world import built_once

pytestmark = pytest.mark.django_db

MADE_OF = {
    "history.record": "every action",
    "history.record_for_imaging": "the actions of imaging",
    "records.log": "the actions that log",
    "records.edit": "the actions that edit",
    "masked_rereads.queue": "reads.sign, for the share that is read again",
}
"""What writes an event only as part of other actions, and of which."""

TWO_EVENTS = {
    "case_imports.undo": 2,
    "case_logs.log": 2,
    "patient_transfers.accept": 2,
}
"""A patient and a case are logged; a transfer is answered at one centre and moves to the other; the
first import taken back opens the centre to which what it made is set aside."""

WITHOUT_EVENT = {
    "form_drafts.keep": "a draft is no record yet, and its author's alone",
    "form_drafts.discard": "the same",
    "people.choose_language": "it changes no record",
    "case_imports.rehearse": "all of it is taken back at once",
    "read_drafts.keep": "a draft is nobody's answer, and the history would tell of it too early",
}
CHANGED_FACTS = {
    "patient_merges.merge": 1,
    "patient_transfers.accept": 2,
    "patients.edit": 1,
    "reads.sign": 1,
    "surgeries.edit": 1,
}
"""Of how many centres some of the actions change the facts of audits, so that it is seen."""

LEAVES_FACTS = {
    "patients.look_at_identity": "nothing is changed",
    "reports.freeze": "whoever froze an answer sees it again",
    "reading_assignments.assign": "asked for a read, of which audits know nothing",
}
"""Frequent or about audits: they leave kept answers as they are."""

FACTS = {"sex": "female", "birth_year": 2009, "diagnosis": "cp_spastic"}
DAY = date(2024, 2, 1)
SIGNALLED = device_signals.audited()
SUSPICION = {"opened_on": date(2024, 3, 1), "trigger": "suspected_malfunction"}


def one_of_each():
    centre = make.centre()
    person = make.user(at_centre=centre, roles=list(Role.values))
    patient = make.patient(by=person, at_centre=centre, local_number="4711")
    case = make.case(of=patient, by=person)
    study = make.contrast_study(of=case, by=person)
    ended = make.case(of=patient, by=person)
    room = ReadingRooms(
        centre=centre,
        manager=person,
        readers=[make.user(at_centre=centre, roles=[Role.READER]) for _ in range(3)],
    )
    room.protocol(reads_per_study=2, reread_share_percent=0)
    disputed, asked = room.disputed_study(), room.study()
    signed = disputed.reads.first()
    archive = remote_archives.register(
        name="pacs",
        centre_code=centre.code,
        base_url="https://pacs.example.org",
        authentication="none",
        credential=None,
        private_address_allowed=False,
        receives="reads",
        by=person,
        at=make.NOW,
    )
    world = SimpleNamespace(
        centre=centre,
        person=person,
        patient=patient,
        component=make.component(of=patient, by=person),
        complication=make.complication(of=patient, by=person),
        review=make.review(of=ended, by=person),
        assessment=make.assessment(of=patient, by=person),
        case=case,
        ended=actions.cases.close(
            case=ended,
            edition=ended.edition,
            by=person,
            at=make.NOW,
            closed_on=date(2024, 5, 1),
            outcome="resolved_by_surgery",
        ),
        study=study,
        link=make.study_link(
            of=study, study=stored_studies.study(centre_code="NORTH"), by=person, reason="why"
        ),
        images=stored_studies.study(centre_code="NORTH"),
        surgery=make.surgery(of=case, by=person),
        report=make.report(of=centre, by=person),
        disputed=disputed,
        signed=signed,
        archive=archive,
        sending=actions.read_sendings.begin(
            read=signed, archive=archive, with_images=False, by=person, at=make.NOW
        ),
        asked=asked,
        twin=make.patient(by=person, at_centre=centre),
        other_centre=make.centre("EAST"),
        third=room.readers[2],
        assignment=room.assign(asked, room.readers[0]),
    )
    pair = [make.patient(by=person, at_centre=centre) for _ in range(2)]
    world.merge = merged(world, *pair)
    world.transfer = offered(world, make.patient(by=person, at_centre=centre))
    world.saved_filter = kept_filter(world, "mine")
    world.another_report = make.report(of=centre, by=person)
    world.schedule, world.due, world.told = scheduled(world)
    world.test = screened(world)
    world.dose = dosed(world)
    world.refill = refilled(world)
    world.advisory = advised(world)
    world.sent_file = sent_file(world)
    world.theatre_list = make.theatre_list(of=centre, by=person)
    world.taken_in = taken_in(world, sent_file(world))
    return world


built = built_once(one_of_each)


@pytest.fixture
def world(built):
    return deepcopy(built)


def scheduled(world):
    """A schedule with two due days, of which the first has its report and a notice."""
    schedule = make.report_schedule(of=world.centre, by=world.person)
    actions.report_schedules.fall_due(schedule=schedule, by=None, at=make.NOW + timedelta(days=35))
    due = list(schedule.issues.order_by("due_on"))
    actions.report_schedules.attach(issue=due[0], report=world.report, **who(world))
    return schedule, due[1], due[0].notices.get()


def who(world):
    return {"by": world.person, "at": make.NOW}


def merged(world, kept=None, gone=None):
    return actions.patient_merges.merge(
        kept=kept or world.patient, merged=gone or world.twin, reason="one person", **who(world)
    )


def offered(world, patient):
    return actions.patient_transfers.offer(
        patient=patient,
        to_centre=world.other_centre,
        transferred_on=make.NOW.date(),
        reason="moved house",
        **who(world),
    )


def kept_filter(world, name):
    return actions.saved_filters.keep(
        centre=world.centre, page="search", name=name, query="", is_shared=False, **who(world)
    )


def screened(world):
    return actions.screening_tests.log(
        patient=world.patient,
        fields={"performed_on": DAY, "bolus_ug": Decimal(50), "responded": "yes"},
        **who(world),
    )


def dosed(world):
    fields = {"set_on": DAY, "mode": "simple_continuous", "dose_ug_per_day": Decimal(200)}
    return actions.dose_settings.log(patient=world.patient, fields=fields, **who(world))


def refilled(world):
    fields = {"performed_on": DAY, "filled_ml": Decimal(18)}
    return actions.refills.log(patient=world.patient, fields=fields, **who(world))


def advised(world):
    fields = {"title": "Motor stall", "source": "the maker"}
    return actions.advisories.add(
        centre=world.centre, fields=fields, models=["medtronic_8637_20"], **who(world)
    )


def sent_file(world):
    return actions.case_imports.send(
        centre=world.centre, file_name="old.csv", content="", mapping={}, rows=0, **who(world)
    )


def taken_in(world, sent):
    return actions.case_imports.take_in(case_import=sent, write=lambda: ([], 0), **who(world))


def edited(world, name, **changes):
    return {"edition": getattr(world, name).edition, "changes": changes, **who(world)}


ACTIONS = {
    "advisories.add": lambda w: advised(w),
    "advisories.retire": lambda w: actions.advisories.retire(advisory=w.advisory, **who(w)),
    "theatre_lists.send": lambda w: make.theatre_list(
        of=w.centre, by=w.person, file_sha256="1" * 64
    ),
    "theatre_lists.withdraw": lambda w: actions.theatre_lists.withdraw(
        theatre_list=w.theatre_list, reason="the wrong year", **who(w)
    ),
    "case_imports.send": lambda w: sent_file(w),
    "case_imports.map_columns": lambda w: actions.case_imports.map_columns(
        case_import=w.sent_file, mapping={"patient": "Nr"}, **who(w)
    ),
    "case_imports.keep_check": lambda w: actions.case_imports.keep_check(
        case_import=w.sent_file, checked="{}", refused=0, **who(w)
    ),
    "case_imports.take_in": lambda w: taken_in(w, w.sent_file),
    "case_imports.undo": lambda w: actions.case_imports.undo(
        case_import=w.taken_in, links={}, models_by_table={}, restore=print, **who(w)
    ),
    "data_exports.note": lambda w: actions.data_exports.note(
        centres=[w.centre], what="cases.xlsx", **who(w)
    ),
    "dose_settings.log": lambda w: dosed(w),
    "dose_settings.edit": lambda w: actions.dose_settings.edit(
        setting=w.dose, **edited(w, "dose", dose_ug_per_day=Decimal(220))
    ),
    "refills.log": lambda w: refilled(w),
    "refills.edit": lambda w: actions.refills.edit(
        refill=w.refill, **edited(w, "refill", filled_ml=Decimal(17))
    ),
    "screening_tests.log": lambda w: screened(w),
    "screening_tests.edit": lambda w: actions.screening_tests.edit(
        test=w.test, **edited(w, "test", responded="no")
    ),
    "adjudications.sign": lambda w: adjudicate(w.disputed, by=w.third),
    "assessments.log": lambda w: make.assessment(of=w.patient, by=w.person),
    "assessments.edit": lambda w: actions.assessments.edit(
        assessment=w.assessment,
        grades={"hip_adductors_right": "3"},
        **edited(w, "assessment", assessor="AB"),
    ),
    "case_logs.log": lambda w: actions.case_logs.log(
        patient=PatientEntry(centre=w.centre, fields=FACTS, local_number="4712"),
        case=CaseEntry(fields=SUSPICION),
        study=None,
        surgery=None,
        outcome=None,
        opened_at=make.NOW,
        **who(w),
    ),
    "cases.open_case": lambda w: make.case(of=w.patient, by=w.person),
    "cases.edit": lambda w: actions.cases.edit(
        case=w.case, presenting_signs=[], workup=[], **edited(w, "case", trigger="other")
    ),
    "cases.close": lambda w: actions.cases.close(
        case=w.case,
        edition=w.case.edition,
        closed_on=date(2024, 5, 1),
        outcome="resolved_by_surgery",
        **who(w),
    ),
    "cases.reopen": lambda w: actions.cases.reopen(
        case=w.ended, edition=w.ended.edition, reason="came back", **who(w)
    ),
    "centres.add": lambda w: make.centre("SOUTH"),
    "centres.set_complete_log": lambda w: actions.centres.set_complete_log(
        centre=w.centre, complete_from=DAY, seen=None, **who(w)
    ),
    "complications.log": lambda w: make.complication(of=w.patient, by=w.person),
    "complications.edit": lambda w: actions.complications.edit(
        complication=w.complication, relations=[], **edited(w, "complication", grade="grade_ii")
    ),
    "components.add": lambda w: make.component(
        of=w.patient, by=w.person, kind="connector", reservoir_ml=None
    ),
    "components.edit": lambda w: actions.components.edit(
        component=w.component, **edited(w, "component", serial_number="12")
    ),
    "contrast_studies.log": lambda w: make.contrast_study(of=w.case, by=w.person),
    "contrast_studies.edit": lambda w: actions.contrast_studies.edit(
        study=w.study, **edited(w, "study", delay_min=5)
    ),
    "outcome_reviews.log": lambda w: make.review(of=w.case, by=w.person),
    "outcome_reviews.edit": lambda w: actions.outcome_reviews.edit(
        review=w.review, **edited(w, "review", symptoms="resolved")
    ),
    "patients.add": lambda w: make.patient(by=w.person, at_centre=w.centre, local_number="4712"),
    "patients.edit": lambda w: actions.patients.edit(
        patient=w.patient, **edited(w, "patient", sex="male")
    ),
    "patients.look_at_identity": lambda w: actions.patients.look_at_identity(
        patient=w.patient, **who(w)
    ),
    "patient_merges.merge": lambda w: merged(w),
    "patient_merges.tell_apart": lambda w: actions.patient_merges.tell_apart(
        one=w.patient, other=w.twin, reason="two people", **who(w)
    ),
    "patient_merges.undo": lambda w: actions.patient_merges.undo(
        merge=w.merge, reason="two people", **who(w)
    ),
    "patient_transfers.offer": lambda w: offered(w, w.patient),
    "patient_transfers.accept": lambda w: actions.patient_transfers.accept(
        transfer=w.transfer, **who(w)
    ),
    "patient_transfers.decline": lambda w: actions.patient_transfers.decline(
        transfer=w.transfer, **who(w)
    ),
    "patient_transfers.withdraw": lambda w: actions.patient_transfers.withdraw(
        transfer=w.transfer, **who(w)
    ),
    "saved_filters.keep": lambda w: kept_filter(w, "leaks"),
    "saved_filters.remove": lambda w: actions.saved_filters.remove(
        saved_filter=w.saved_filter, **who(w)
    ),
    "people.add": lambda w: actions.people.add(
        username="somebody", password=make.PASSWORD, **who(w)
    ),
    "people.change_password": lambda w: actions.people.change_password(
        user=w.person, password=f"{make.PASSWORD} 2", **who(w)
    ),
    "people.give_first_roles": lambda w: actions.people.give_first_roles(
        username=w.person.username, centre=w.other_centre, roles=[Role.READER], **who(w)
    ),
    "people.set_one_time_password": lambda w: actions.people.set_one_time_password(
        user=w.person, password=f"{make.PASSWORD} 2", **who(w)
    ),
    "people.set_roles": lambda w: actions.people.set_roles(
        user=w.person, centre=w.centre, roles=[Role.ADMINISTRATOR], **who(w)
    ),
    "reading_assignments.assign": lambda w: actions.reading_assignments.assign(
        contrast_study=w.asked, reader=w.third, **who(w)
    ),
    "reading_assignments.withdraw": lambda w: actions.reading_assignments.withdraw(
        assignment=w.assignment, **who(w)
    ),
    "reading_protocols.edit": lambda w: actions.reading_protocols.edit(
        centre=w.centre, edition=1, changes={"reads_per_study": 1}, **who(w)
    ),
    "read_exports.note": lambda w: actions.read_exports.note(
        read=w.signed, form="report.pdf", **who(w)
    ),
    "read_sendings.begin": lambda w: actions.read_sendings.begin(
        read=w.signed, archive=w.archive, with_images=False, **who(w)
    ),
    "read_sendings.finish": lambda w: actions.read_sendings.finish(
        sending=w.sending, files=[], problem="The archive does not answer.", **who(w)
    ),
    "reads.sign": lambda w: make.read(of=w.study, by=w.person),
    "report_schedules.set_up": lambda w: make.report_schedule(of=w.centre, by=w.person),
    "report_schedules.change_state": lambda w: actions.report_schedules.change_state(
        schedule=w.schedule, state="paused", reason="why", **who(w)
    ),
    "report_schedules.fall_due": lambda w: actions.report_schedules.fall_due(
        schedule=w.schedule, by=None, at=make.NOW + timedelta(days=70)
    ),
    "report_schedules.attach": lambda w: actions.report_schedules.attach(
        issue=w.due, report=w.another_report, **who(w)
    ),
    "report_schedules.note_problem": lambda w: actions.report_schedules.note_problem(
        issue=w.due, problem="why", **who(w)
    ),
    "report_schedules.begin_notice": lambda w: actions.report_schedules.begin_notice(
        notice=w.told, **who(w)
    ),
    "report_schedules.finish_notice": lambda w: actions.report_schedules.finish_notice(
        notice=w.told, outcome="no_right", **who(w)
    ),
    "people.set_email": lambda w: actions.people.set_email(
        user=w.person, email="canary@example.org", **who(w)
    ),
    "reports.freeze": lambda w: make.report(of=w.centre, by=w.person),
    "reports.export_bundle": lambda w: actions.reports.export_bundle(report=w.report, **who(w)),
    "signal_dispositions.decide": lambda w: device_signals.decided(SIGNALLED, by=w.person),
    "reports.export_public": lambda w: actions.reports.export_public(
        report=w.report,
        form="pdf",
        sha256="0" * 64,
        masking=Masking(frozenset(), frozenset(), limit=5),
        **who(w),
    ),
    "study_links.confirm": lambda w: make.study_link(
        of=w.study, study=w.images, by=w.person, reason="why"
    ),
    "study_links.withdraw": lambda w: actions.study_links.withdraw(
        link=w.link, reason="wrong", **who(w)
    ),
    "surgeries.log": lambda w: make.surgery(of=w.case, by=w.person),
    "surgeries.edit": lambda w: actions.surgeries.edit(
        surgery=w.surgery, procedures=[], findings=[], **edited(w, "surgery", remarks="late")
    ),
}


def stored():
    """Every row of the registry."""
    return {
        model.__name__: sorted(map(repr, model.objects.values_list()))
        for model in apps.get_app_config("registry").get_models()
    }


def test_every_action_is_named_here():
    named = {
        f"{path.stem}.{function.name}"
        for path in modules("registry/actions")
        for function in public_functions(path)
        if {"by", "at"} <= {argument.arg for argument in function.args.kwonlyargs}
    }
    assert named == set(ACTIONS) | set(MADE_OF) | set(WITHOUT_EVENT)


def counted():
    """Hash of everything audits may count of each centre, and what says whether it has changed."""
    codes = list(Centre.objects.values_list("code", flat=True))
    facts = {
        code: facts_sha256(audit_facts.cohort_of_centres(centre_codes=[code], needs=FactGroup))
        for code in codes
    }
    return facts, {code: registry_state.of_centres([code]) for code in codes}


@pytest.mark.parametrize("name", ACTIONS)
def test_one_event_is_stored_for_each_change(world, name):
    """And whatever changes what audits count of a centre ends the answers kept for it."""
    before = HistoryEvent.objects.count()
    facts, states = counted()
    ACTIONS[name](world)
    events = list(HistoryEvent.objects.order_by("id").values_list("action", flat=True))[before:]
    assert len(events) == TWO_EVENTS.get(name, 1), events
    new_facts, new_states = counted()
    changed = {code for code in facts if facts[code] != new_facts[code]}
    assert changed <= {code for code in states if states[code] != new_states[code]}
    assert len(changed) == CHANGED_FACTS.get(name, len(changed))
    if name in LEAVES_FACTS:
        assert new_states == states


@pytest.mark.parametrize("name", ACTIONS)
def test_without_its_event_nothing_is_stored(world, name, settings):
    """A key that cannot be encoded: the event fails after the change was written."""
    before = stored()
    settings.CRESCENT_HISTORY_KEY = "\ud800"
    with pytest.raises(UnicodeEncodeError):
        ACTIONS[name](world)
    assert stored() == before
