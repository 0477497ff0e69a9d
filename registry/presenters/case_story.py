"""A case as its story: suspicion, work-up, contrast study, reads, operation, outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from registry.models import (
    Adjudication,
    ContrastStudy,
    ListEntry,
    Read,
    RevisionCase,
    RevisionSurgery,
    User,
)
from registry.presenters import (
    adjudications,
    case_tasks,
    complications,
    contrast_studies,
    findings,
    linked_images,
    outcome_reviews,
    read_marks,
    reads,
    surgeries,
    workup,
)
from registry.presenters.adjudications import DecisionWords
from registry.presenters.case_rights import Button, Rights
from registry.presenters.case_tasks import Task, tasks
from registry.presenters.complications import ComplicationStory
from registry.presenters.findings import Badge
from registry.presenters.labels import in_sentence
from registry.presenters.linked_images import LinkedImages
from registry.presenters.outcome_reviews import ReviewStory
from registry.presenters.reads import ReadWords
from registry.presenters.surgeries import SurgeryWords
from registry.presenters.timeline import Moment, Timeline, draw
from registry.presenters.workup import WorkupWords
from registry.vocabulary import PresentingSign, ReadSource, StudyOutcomeCode

OPTIONAL = frozenset({"workup", "complications"})
"""Steps that nobody waits for."""

DONE, EMPTY, CURRENT, STOPPED = "done", "empty", "current", "stopped"
STEP_TITLES = {
    "suspicion": gettext_noop("Suspicion"),
    "workup": gettext_noop("Work-up"),
    "study": gettext_noop("Contrast study"),
    "reads": gettext_noop("Reads"),
    "operation": gettext_noop("Operation"),
    "complications": gettext_noop("Complications"),
    "outcome": gettext_noop("Outcome"),
}


@dataclass(frozen=True)
class Step:
    """One step: its place in the bar, and the head of its part of the story.

    `state` is done, empty, current (the next to fill) or stopped.
    """

    key: str
    title: str
    state: str
    summary: str
    badge: Badge | None
    buttons: Sequence[Button]

    @property
    def anchor(self) -> str:
        return f"step-{self.key}"


@dataclass(frozen=True)
class StudyStory:
    """One contrast study with its images and reads, as far as the viewer may see them."""

    study: ContrastStudy
    outcome: Badge | None
    completed: bool
    facts: Sequence[str]
    images: Sequence[LinkedImages]
    reads: Sequence[ReadWords]
    decisions: Sequence[DecisionWords]
    hidden: str
    buttons: Sequence[Button]
    read_buttons: Sequence[Button]


@dataclass(frozen=True)
class SurgeryStory:
    surgery: RevisionSurgery
    words: SurgeryWords
    buttons: Sequence[Button]


@dataclass(frozen=True)
class CaseStory:
    case: RevisionCase
    steps: dict[str, Step]
    signs: Sequence[tuple[str, str]]
    studies: Sequence[StudyStory]
    surgeries: Sequence[SurgeryStory]
    workup: Sequence[WorkupWords]
    complications: Sequence[ComplicationStory]
    reviews: Sequence[ReviewStory]
    tasks: Sequence[Task]
    timeline: Timeline
    questions: Sequence[str]
    may_see_images: bool


def present(
    case: RevisionCase,
    *,
    viewer: User,
    today: date,
    reads_by_study: dict[int, list[Read]],
    decisions_by_study: dict[int, list[Adjudication]],
    contradictory: Sequence[ListEntry],
) -> CaseStory:
    """The story as this viewer may see it.

    Parameters
    ----------
    case
        From `queries.cases.complete`.
    reads_by_study, decisions_by_study
        From `queries.reads.of_studies` and `queries.adjudications.of_studies`.
    contradictory
        Lines of `Term.CONTRADICTION` of the patient, from `queries.lists.of_patient`.
    """
    rights = Rights.of(viewer, case)
    studies = [
        _study(
            study,
            viewer,
            rights,
            reads_by_study[study.pk],
            decisions_by_study[study.pk],
        )
        for study in case.contrast_studies.all()
    ]
    operations = [
        SurgeryStory(
            surgery,
            surgeries.present(surgery),
            rights.button(_("Edit"), "surgery-update", surgery.public_id),
        )
        for surgery in case.surgeries.all()
    ]
    badges = {
        story.study.pk: findings.of_study(
            story.study, reads_by_study[story.study.pk], decisions_by_study[story.study.pk]
        )
        for story in studies
    }
    return CaseStory(
        case=case,
        steps=_steps(case, rights, studies, operations, badges),
        signs=_signs(case),
        studies=studies,
        surgeries=operations,
        workup=[workup.present(step) for step in case.workup_steps.all()],
        complications=[
            complications.present(
                one, buttons=rights.button(_("Edit"), "complication-update", one.public_id)
            )
            for one in case.complications.all()
        ],
        reviews=[
            outcome_reviews.present(
                one, buttons=rights.button(_("Edit"), "outcome-review-update", one.public_id)
            )
            for one in case.reviews.all()
        ],
        tasks=[
            *(_contradictions(case, contradictory) if rights.log else ()),
            *tasks(case, rights=rights, reads_by_study=reads_by_study, today=today),
        ],
        timeline=draw(_moments(case, studies, operations, badges, reads_by_study)),
        questions=contrast_studies.order_questions(
            case,
            studies=[story.study.performed_on for story in studies],
            surgeries=[story.surgery.performed_on for story in operations],
        ),
        may_see_images=rights.see_images,
    )


def _contradictions(case: RevisionCase, entries: Sequence[ListEntry]) -> list[Task]:
    """Those of this case, and of the patient and the components outside all cases."""
    return case_tasks.contradictions(
        [one for one in entries if one.case_id in (None, case.pk)],
        patient=case.patient,
        cases=[case],
        components=case.patient.components.all(),
    )


def _study(
    study: ContrastStudy,
    viewer: User,
    rights: Rights,
    seen: Sequence[Read],
    decisions: Sequence[Adjudication],
) -> StudyStory:
    completed = study.outcome == StudyOutcomeCode.COMPLETED.value
    linked = list(study.study_links.all())
    here = [link for link in linked if link.study.centre_code == study.centre_code]
    patient = study.case.patient
    own = any(read.reader_id == viewer.pk for read in seen)
    read_buttons: list[Button] = []
    if completed and not own:
        read_buttons += rights.button(
            _("Log the finding from the report"), "read-create", study.public_id
        )
        if rights.read and here:
            room = reverse("registry:reading-room", args=[study.public_id])
            read_buttons.append(Button(_("Read the images"), room, in_place=False))
    return StudyStory(
        study=study,
        outcome=findings.of_outcome(study),
        completed=completed,
        facts=contrast_studies.facts(
            study, components=patient.components.all(), settings=patient.dose_settings.all()
        ),
        images=[linked_images.present(link, may_link=rights.link) for link in linked],
        reads=[reads.present(read, viewer=viewer) for read in seen],
        decisions=[adjudications.present(one, viewer=viewer) for one in decisions],
        # Also where there is no other read: that there is one would be told by its absence.
        hidden=str(reads.HIDDEN) if completed and rights.read and not own else "",
        buttons=rights.button(_("Edit"), "contrast-study-update", study.public_id),
        read_buttons=read_buttons,
    )


def _steps(
    case: RevisionCase,
    rights: Rights,
    studies: Sequence[StudyStory],
    operations: Sequence[SurgeryStory],
    badges: dict[int, Badge | None],
) -> dict[str, Step]:
    key = case.public_id
    steps_done = case.workup_steps.all()
    harm = list(case.complications.all())
    completed = [story for story in studies if story.completed]
    read = [story for story in completed if story.reads]
    hidden = [story for story in completed if story.hidden]
    latest = next((badges[s.study.pk] for s in reversed(studies) if badges[s.study.pk]), None)
    stopped = bool(studies) and not completed
    steps = [
        ("suspicion", DONE, f"{case.opened_on}", None,
         rights.button(_("Edit"), "case-update", key)),
        ("workup", DONE if steps_done else EMPTY,
         ngettext("%(n)s examination", "%(n)s examinations",
                  len(steps_done)) % {"n": len(steps_done)}
         if steps_done else _("none recorded"),
         None, rights.button(_("Edit") if steps_done else _("Log the work-up"),
                             "case-update", key)),
        ("study", STOPPED if stopped else DONE if studies else EMPTY,
         f"{studies[-1].study.performed_on}" if studies else _("none"),
         studies[-1].outcome if studies else None,
         rights.adding_button(
             _("Log another") if studies else _("Log a contrast study"),
             "contrast-study-create", key)),
        ("reads", STOPPED if stopped else DONE if read or hidden else EMPTY,
         _("nothing to read") if stopped else "" if read else _("hidden") if hidden else _("none"),
         latest if read else None, []),
        ("operation", DONE if operations else EMPTY,
         f"{operations[-1].surgery.performed_on}" if operations else _("none"), None,
         rights.adding_button(
             _("Log another") if operations else _("Log an operation"), "surgery-create", key)),
        ("complications", DONE if harm else EMPTY, str(len(harm)) if harm else _("none"), None,
         rights.button(_("Log a complication"), "complication-of-case", key)),
        ("outcome", DONE if case.outcome else EMPTY,
         case.get_outcome_display() if case.outcome else _("open"), None,
         [*rights.button(_("Log a review"), "outcome-review-create", key),
          *rights.button(
              _("Reopen") if case.outcome else _("Close the case"),
              "case-reopen" if case.outcome else "case-close", key)]),
    ]  # fmt: skip
    current = next(
        (name for name, state, *_ in steps if state == EMPTY and name not in OPTIONAL), ""
    )
    return {
        name: Step(
            key=name,
            title=_(STEP_TITLES[name]),
            state=CURRENT if name == current else state,
            summary=summary,
            badge=badge,
            buttons=buttons,
        )
        for name, state, summary, badge, buttons in steps
    }


def _signs(case: RevisionCase) -> list[tuple[str, str]]:
    """Signs under the heading of their group, in the order of the list."""
    codes = {sign.code for sign in case.presenting_signs.all()}
    grouped: dict[str, list[str]] = {}
    for sign in PresentingSign:
        if sign.code in codes:
            heading = sign.group.label if sign.group else _("Other")
            grouped.setdefault(heading, []).append(sign.label)
    return [(heading, ", ".join(labels)) for heading, labels in grouped.items()]


# A finding taken from a report is signed when the case is logged, often years later. Its day says
# nothing of the episode, so it is shown with its study and not on the axis.
def _moments(
    case: RevisionCase,
    studies: Sequence[StudyStory],
    operations: Sequence[SurgeryStory],
    badges: dict[int, Badge | None],
    reads_by_study: dict[int, list[Read]],
) -> list[Moment]:
    moments = [Moment(case.opened_on, case.get_trigger_display(), "suspicion", "#step-suspicion")]
    moments += [
        Moment(
            step.performed_on,
            f"{step.get_kind_display()}: {in_sentence(step.get_result_display())}",
            "workup",
            "#step-workup",
        )
        for step in case.workup_steps.all()
    ]
    for story in studies:
        badge = badges[story.study.pk]
        moments.append(
            Moment(
                story.study.performed_on,
                _("Contrast study: %(label)s") % {"label": in_sentence(badge.label)}
                if badge
                else _("Contrast study"),
                "study",
                "#step-study",
                glyph=badge.glyph if badge else "",
            )
        )
        moments += [
            Moment(
                case.patient.centre.day_at(read.signed_at),
                ", ".join([_("Read signed"), *read_marks.counts(read)]),
                "read",
                "#step-reads",
            )
            for read in reads_by_study[story.study.pk]
            if read.signed_at
            and read.source == ReadSource.IMAGES_HERE.value
            and not hasattr(read, "superseded_by")
        ]
    moments += [
        Moment(
            story.surgery.performed_on,
            _("Operation: %(headline)s") % {"headline": story.words.headline},
            "operation",
            "#step-operation",
        )
        for story in operations
    ]
    moments += [
        Moment(
            one.occurred_on,
            _("Complication: %s") % in_sentence(one.code_text or one.get_code_display()),
            "complication",
            "#step-complications",
        )
        for one in case.complications.all()
    ]
    moments += [
        Moment(
            one.reviewed_on,
            _("Review at %(time)s: %(symptoms)s")
            % {
                "time": one.get_time_display(),
                "symptoms": in_sentence(one.get_symptoms_display()),
            },
            "outcome",
            "#step-outcome",
        )
        for one in case.reviews.all()
    ]
    if case.closed_on:
        moments.append(
            Moment(case.closed_on, case.get_outcome_display(), "outcome", "#step-outcome")
        )
    return moments
