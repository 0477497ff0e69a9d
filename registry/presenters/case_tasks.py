"""What a case still lacks, and what contradicts itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from registry.audit.due_dates import outcome_due
from registry.models import Component, ContrastStudy, ListEntry, Patient, Read, RevisionCase
from registry.presenters.case_rights import Rights
from registry.presenters.list_terms import words_of
from registry.vocabulary import StudyOutcomeCode

OF_THE_OUTCOME = frozenset({"resolved_without_operation", "resolved_despite_operation"})
"""Contradictions in how a case ended, which is said anew after it is reopened."""


@dataclass(frozen=True)
class Task:
    text: str
    url: str
    when: str = ""
    late: bool = False


def tasks(
    case: RevisionCase,
    *,
    rights: Rights,
    reads_by_study: dict[int, list[Read]],
    today: date,
) -> list[Task]:
    """In the order of the story."""
    return [
        *_of_studies(case, rights, reads_by_study),
        *_of_operations(case, rights),
        *_of_outcome(case, rights, today),
    ]


def contradictions(
    entries: Iterable[ListEntry],
    *,
    patient: Patient,
    cases: Iterable[RevisionCase],
    components: Iterable[Component],
) -> list[Task]:
    """What cannot both be true, each with the form of the record that it is about.

    Parameters
    ----------
    entries
        Lines of `Term.CONTRADICTION`, for somebody who may correct them.
    """
    forms = {patient.public_id: "patient-update"}
    forms |= {one.public_id: "component-update" for one in components}
    for case in cases:
        forms[case.public_id] = "case-update"
        forms |= {one.public_id: "contrast-study-update" for one in case.contrast_studies.all()}
        forms |= {one.public_id: "surgery-update" for one in case.surgeries.all()}
    found = []
    for entry in entries:
        if entry.about not in forms:
            continue
        form, record = forms[entry.about], entry.about
        if entry.detail in OF_THE_OUTCOME:
            form = "case-reopen"
        elif entry.detail == "died_without_day":
            form, record = "patient-update", patient.public_id
        url = reverse(f"registry:{form}", args=[record])
        words = str(words_of(entry.term, entry.detail))
        found.append(Task(words, url, entry.on.isoformat(), late=True))
    return found


def _of_studies(
    case: RevisionCase,
    rights: Rights,
    reads_by_study: dict[int, list[Read]],
) -> Iterator[Task]:
    studies = list(case.contrast_studies.all())
    operated = bool(case.surgeries.all())
    if not studies and rights.log and rights.open and not operated:
        yield Task(
            gettext("No contrast study is logged"),
            reverse("registry:contrast-study-create", args=[case.public_id]),
        )
    for study in studies:
        if study.outcome != StudyOutcomeCode.COMPLETED.value:
            continue
        if not study.study_links.all() and (rights.link or rights.add_images):
            yield Task(gettext("No images are linked"), reverse("registry:image-list"), _of(study))
        # Who reads there is not told whether somebody has.
        if not reads_by_study[study.pk] and rights.log and not rights.read:
            yield Task(
                gettext("No read yet"),
                reverse("registry:read-create", args=[study.public_id]),
                _of(study),
            )


def _of_operations(case: RevisionCase, rights: Rights) -> Iterator[Task]:
    if not rights.log:
        return
    for operation in case.surgeries.all():
        if not any(finding.status != "not_explored" for finding in operation.findings.all()):
            yield Task(
                gettext("The operation has no finding at any component"),
                reverse("registry:surgery-update", args=[operation.public_id]),
                gettext("operation of %(performed_on)s") % {"performed_on": operation.performed_on},
            )
        if not operation.procedures.all():
            yield Task(
                gettext("The operation has no procedure"),
                reverse("registry:surgery-update", args=[operation.public_id]),
                gettext("operation of %(performed_on)s") % {"performed_on": operation.performed_on},
            )


def _of_outcome(case: RevisionCase, rights: Rights, today: date) -> Iterator[Task]:
    if not rights.log or not rights.open:
        return
    due = outcome_due(happened_on=case.opened_on)
    yield Task(
        gettext("No outcome yet"),
        reverse("registry:case-close", args=[case.public_id]),
        gettext("due %(due)s") % {"due": due},
        late=due <= today,
    )


def _of(study: ContrastStudy) -> str:
    return gettext("study of %(performed_on)s") % {"performed_on": study.performed_on}
