"""Asking a reader for a read, and taking that back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import history, records
from registry.actions.errors import AssignmentGoneError, CannotBeAssignedError
from registry.models import ContrastStudy, ReadingAssignment, User
from registry.queries import reading_board


def assign(
    *, contrast_study: ContrastStudy, reader: User, by: User, at: datetime
) -> ReadingAssignment:
    """Ask the reader for a read; asking twice changes nothing.

    Raises
    ------
    CannotBeAssignedError
        The person is no reader there or has read the study, there is nothing to read, or every
        place is taken.
    """
    with transaction.atomic():
        # Two coordinators must not give away one place.
        ContrastStudy.objects.select_for_update(no_key=True).get(pk=contrast_study.pk)
        asked = ReadingAssignment.objects.filter(contrast_study=contrast_study, reader=reader)
        if stored := asked.first():
            return stored
        _require_place(contrast_study, reader)
        return records.log(
            ReadingAssignment(contrast_study=contrast_study, reader=reader),
            by=by,
            at=at,
            action="reading_assignment.add",
        )


def withdraw(*, assignment: ReadingAssignment, by: User, at: datetime) -> None:
    """Take the request back; a read that was signed stays.

    Raises
    ------
    AssignmentGoneError
        Somebody else has withdrawn it meanwhile.
    """
    with transaction.atomic():
        stored = ReadingAssignment.objects.select_for_update().filter(pk=assignment.pk)
        if not stored.exists():
            raise AssignmentGoneError(gettext("This assignment was withdrawn already."))
        before = history.state_of(assignment)
        assignment.delete()
        history.record(
            chain=assignment.centre_code,
            at=at,
            by=by,
            action="reading_assignment.withdraw",
            obj=assignment,
            before=before,
        )


def _require_place(study: ContrastStudy, reader: User) -> None:
    if not reader.has_perm("registry.read_study", study):
        raise CannotBeAssignedError(
            gettext("This person does not read in the centre of the study.")
        )
    places = reading_board.of_study(study=study)
    if places is None:
        raise CannotBeAssignedError(gettext("This study has no images to read."))
    if places.read_by(reader.pk):
        raise CannotBeAssignedError(gettext("This reader has read the study."))
    if places.is_full:
        raise CannotBeAssignedError(
            gettext("The study has its reads, or they are assigned already.")
        )
