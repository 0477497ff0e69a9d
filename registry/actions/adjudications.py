"""Deciding between two reads that differ, and correcting such a decision by a new one."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import history
from registry.actions.errors import (
    AlreadyAdjudicatedError,
    InvalidRecordError,
    NothingToAdjudicateError,
    NotIndependentError,
    ReadsChangedError,
)
from registry.actions.finding_entries import FindingEntry, store_findings
from registry.actions.records import store
from registry.models import (
    AdjudicatedFinding,
    AdjudicatedFindingSite,
    Adjudication,
    ContrastStudy,
    Read,
    ReadDraft,
    ReadingAssignment,
    User,
)
from registry.queries import adjudications
from registry.vocabulary import VOCABULARY_VERSION


def sign(
    *,
    contrast_study: ContrastStudy,
    read_a: Read,
    read_b: Read,
    by: User,
    at: datetime,
    opened_at: datetime,
    adequacy: str,
    findings: Sequence[FindingEntry],
    reason: str,
    supersedes: Adjudication | None = None,
    correction_reason: str = "",
    synthetic_fields: Sequence[str] = (),
) -> Adjudication:
    """Sign the decision of a third person; from then on the database refuses to change it.

    Parameters
    ----------
    read_a, read_b
        The two reads as they were shown.
    findings
        The primary finding first.
    supersedes
        The adjudicator's own earlier decision that this one corrects, of the same two reads.

    Raises
    ------
    NotIndependentError
        The person has read, begun or been assigned this study.
    AlreadyAdjudicatedError
        Somebody has decided, or what is to be corrected is somebody else's or was corrected.
    NothingToAdjudicateError
        There are not two signed reads, or they do not differ in what needs a decision.
    ReadsChangedError
        One of the reads was corrected since they were shown.
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    if not findings:
        raise InvalidRecordError({"primary_finding": [gettext("Say what the study shows.")]})
    decision = Adjudication(
        contrast_study=contrast_study,
        adjudicator=by,
        read_a=read_a,
        read_b=read_b,
        vocabulary_version=VOCABULARY_VERSION,
        adequacy=adequacy,
        reason=reason,
        opened_at=opened_at,
        supersedes=supersedes,
        correction_reason=correction_reason,
        created_at=at,
        created_by=by,
        synthetic_fields=sorted(synthetic_fields),
    )
    with transaction.atomic():
        # One of two who decide at the same moment comes second, and is told so.
        ContrastStudy.objects.select_for_update(no_key=True).get(pk=contrast_study.pk)
        _require_independent(contrast_study, by)
        _require_decidable(decision)
        store(decision, force_insert=True)
        children = store_findings(
            findings,
            finding=partial(AdjudicatedFinding, adjudication=decision),
            site=AdjudicatedFindingSite,
        )
        # Signing comes last: from here on the triggers refuse every change.
        decision.signed_at = at
        store(decision, update_fields=["signed_at"])
        history.record(
            chain=decision.centre_code,
            at=at,
            by=by,
            action="adjudication.supersede" if supersedes else "adjudication.sign",
            obj=decision,
            after=history.state_of(decision) | dict(children),
            reason=correction_reason,
        )
    return decision


def _require_independent(study: ContrastStudy, person: User) -> None:
    involved = (Read, ReadDraft, ReadingAssignment)
    if any(one.objects.filter(contrast_study=study, reader=person).exists() for one in involved):
        raise NotIndependentError(
            gettext("You have read this study, begun to, or been asked to: somebody else decides.")
        )


def _require_decidable(decision: Adjudication) -> None:
    signed = Adjudication.objects.filter(contrast_study=decision.contrast_study)
    if decision.supersedes is not None:
        own = signed.filter(adjudicator=decision.adjudicator, superseded_by__isnull=True)
        if decision.supersedes not in own:
            raise AlreadyAdjudicatedError(
                gettext("Only your own latest adjudication can be corrected.")
            )
        shown = (decision.supersedes.read_a_id, decision.supersedes.read_b_id)
        if (decision.read_a_id, decision.read_b_id) != shown:
            raise ReadsChangedError(
                gettext("A correction is about the reads that were decided between.")
            )
        return
    if signed.exists():
        raise AlreadyAdjudicatedError(gettext("Somebody has adjudicated this study."))
    pair = adjudications.pair_of(study=decision.contrast_study)
    if pair is None or not pair.disputed:
        raise NothingToAdjudicateError(
            gettext("These reads do not differ in anything to be decided.")
        )
    if {pair.read_a.pk, pair.read_b.pk} != {decision.read_a_id, decision.read_b_id}:
        raise ReadsChangedError(
            gettext("One of the reads was corrected since you opened them. Look at them again.")
        )
