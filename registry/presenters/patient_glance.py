"""A patient at a glance: facts, the figure of the years, what is open and what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from registry import queries
from registry.models import Component, DoseSetting, Patient, RevisionCase, User
from registry.presenters import patient_story as story_of
from registry.presenters.advisories import Line as AdvisoryLine
from registry.presenters.advisories import lines_of as advisories_of
from registry.presenters.assessments import AssessmentLine
from registry.presenters.assessments import lines as assessment_lines
from registry.presenters.case_lines import CaseLine, case_lines
from registry.presenters.case_rights import Rights
from registry.presenters.case_tasks import Task, contradictions, tasks
from registry.presenters.drug_course import amount
from registry.presenters.patient import facts
from registry.presenters.patient_due import DueLine, due_lines, ends_of_service
from registry.presenters.patient_story import Happening, PatientStory
from registry.presenters.patient_timeline import draw, whole
from registry.presenters.timeline_parts import SCREEN, SHEET, PatientTimeline
from registry.presenters.timeline_zoom import Zoom, zoom
from registry.queries.list_rules import Term
from registry.vocabulary import ComponentKind, ConsentStatus, TonePattern


@dataclass(frozen=True)
class Figure:
    """The same years drawn for a screen and for a sheet, and the table of all years."""

    screen: PatientTimeline
    sheet: PatientTimeline
    zoom: Zoom
    happenings: Sequence[Happening]


@dataclass(frozen=True)
class OpenTask:
    """What a case lacks, and of which one; what contradicts itself may be of none."""

    task: Task
    case: RevisionCase | None


@dataclass(frozen=True)
class Glance:
    patient: Patient
    facts: list[str]
    components: list[Component]
    advisories: list[AdvisoryLine]
    cases: list[CaseLine]
    assessments: list[AssessmentLine]
    figure: Figure | None
    tasks: list[OpenTask]
    due: list[DueLine]
    may_log: bool
    may_see_identity: bool


def glance(
    *, viewer: User, patient: Patient, now: datetime, years: str = "", until: str = ""
) -> Glance:
    """Everything one person may see of a patient.

    Parameters
    ----------
    years, until
        Which years the figure shows, as asked for in the address.
    """
    today = patient.centre.day_at(now)
    may_log = viewer.has_perm("registry.log_case", patient)
    components = list(queries.components.visible(viewer=viewer).filter(patient=patient))
    cases = list(
        queries.cases.visible(viewer=viewer)
        .filter(patient=patient)
        .prefetch_related(
            "contrast_studies__study_links",
            "surgeries__findings",
            "surgeries__procedures",
            "workup_steps__alarms",
            "reviews",
        )
    )
    lines = case_lines(viewer=viewer, cases=cases, marks=True)
    doses = list(queries.dose_settings.visible(viewer=viewer).filter(patient=patient))
    refills = list(queries.refills.visible(viewer=viewer).filter(patient=patient))
    assessments = list(queries.assessments.visible(viewer=viewer).filter(patient=patient))
    story = PatientStory(
        spans=story_of.spans_of(components, ends=ends_of_service(components), may_log=may_log),
        happenings=[
            *story_of.happenings_of_cases(lines),
            *story_of.happenings_of_complications(
                queries.complications.visible(viewer=viewer)
                .filter(patient=patient)
                .select_related("case")
            ),
            *story_of.happenings_of_refills(refills, doses),
            *story_of.happenings_of_the_rest(
                doses=doses,
                screening_tests=queries.screening_tests.visible(viewer=viewer).filter(
                    patient=patient
                ),
                reviews=[review for case in cases for review in case.reviews.all()],
                assessments=assessments,
            ),
        ],
        doses=story_of.course_of_doses(doses),
        courses=story_of.courses_of(assessments),
    )
    return Glance(
        patient=patient,
        facts=[*facts(patient), *_further_facts(patient, components, doses)],
        components=components,
        advisories=advisories_of(viewer=viewer, components=components),
        cases=lines,
        assessments=_latest(assessment_lines(assessments)),
        figure=_figure(story, today=today, years=years, until=until),
        tasks=[
            *(_contradictions(viewer, patient, cases, components) if may_log else ()),
            *_open_tasks(viewer, lines, today=today),
        ],
        due=due_lines(
            patient=patient,
            components=components,
            cases=cases,
            doses=doses,
            refills=refills,
            first_day=min([*story.days, patient.created_at.date()]),
            today=today,
        ),
        may_log=may_log,
        may_see_identity=viewer.has_perm("registry.view_identity", patient),
    )


def _further_facts(
    patient: Patient, components: Sequence[Component], doses: Sequence[DoseSetting]
) -> list[str]:
    """Tone, weight and consent, the pump in place, and the dose that runs."""
    pumps = [
        part
        for part in components
        if part.kind == ComponentKind.PUMP.value and part.removed_on is None
    ]
    daily = [setting for setting in doses if setting.is_daily]
    tone = patient.tone_pattern and TonePattern.get(patient.tone_pattern).label_in_sentence
    weight = patient.weight_kg and _("%(kg)s kg") % {"kg": amount(patient.weight_kg)}
    consent = patient.consent and _("consent %(answer)s") % {
        "answer": ConsentStatus.get(patient.consent).label.lower()
    }
    found = [tone or "", weight or "", consent or ""]
    for pump in pumps:
        model = pump.model_text or pump.get_model_display() or _("pump")
        since = pump.implanted_on or _("an unknown day")
        found.append(_("%(pump)s since %(day)s") % {"pump": model, "day": since})
    if daily and daily[-1].dose_ug_per_day is not None:
        found.append(
            _("%(ug)s µg a day since %(day)s")
            % {"ug": amount(daily[-1].dose_ug_per_day), "day": daily[-1].set_on}
        )
    elif daily:
        found.append(_("stopped since %(day)s") % {"day": daily[-1].set_on})
    return [fact for fact in found if fact]


def _figure(story: PatientStory, *, today: date, years: str, until: str) -> Figure | None:
    all_days = whole(story, today=today)
    if all_days is None:
        return None
    shown = zoom(all_days, years=years, until=until)
    screen, sheet = (
        draw(story, window=shown.window, today=today, paper=paper) for paper in (SCREEN, SHEET)
    )
    return Figure(screen=screen, sheet=sheet, zoom=shown, happenings=story.in_order)


def _contradictions(
    viewer: User,
    patient: Patient,
    cases: Sequence[RevisionCase],
    components: Sequence[Component],
) -> list[OpenTask]:
    entries = queries.lists.of_patient(
        viewer=viewer, patient=patient, term=Term.CONTRADICTION.value
    )
    found = contradictions(entries, patient=patient, cases=cases, components=components)
    return [OpenTask(task, None) for task in found]


def _open_tasks(viewer: User, lines: Sequence[CaseLine], *, today: date) -> list[OpenTask]:
    """Of cases that are open, newest first."""
    return [
        OpenTask(task, line.case)
        for line in lines
        if line.case.closed_on is None
        for task in tasks(
            line.case,
            rights=Rights.of(viewer, line.case),
            reads_by_study={one.study.pk: one.reads for one in line.studies},
            today=today,
        )
    ]


def _latest(lines: Sequence[AssessmentLine]) -> list[AssessmentLine]:
    """The last assessment with each instrument, newest first."""
    latest = {line.assessment.instrument: line for line in lines}
    return sorted(latest.values(), key=lambda line: line.assessment.performed_on, reverse=True)
