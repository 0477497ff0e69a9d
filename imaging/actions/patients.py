"""The answer to the question whether a delivery was meant to hold several patients."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from imaging.actions import history
from imaging.models import IngestRun


def confirm_patients(*, run: IngestRun, by: AbstractBaseUser | None, at: datetime) -> IngestRun:
    """Say that it is meant so; saying it again changes nothing. `by` is None for commands."""
    with transaction.atomic():
        run = IngestRun.objects.select_for_update().get(pk=run.pk)
        if run.patients_confirmed_at is not None:
            return run
        run.patients_confirmed_at = at
        run.patients_confirmed_by_id = by.pk if by else None
        run.save(update_fields=["patients_confirmed_at", "patients_confirmed_by"])
        history.record(
            centre_code=run.centre_code,
            at=at,
            by=by,
            action="confirm_patients",
            object_type=run._meta.label_lower,
            object_id=run.public_id,
            facts={},
        )
    return run
