"""Note that a program fetched a study, before it gets anything of it."""

from datetime import UTC, datetime

from django.db import transaction

from imaging.actions import history
from imaging.models import Peer, Study, StudyRetrieval


def note(*, study: Study, peer: Peer, at: datetime) -> None:
    """Once for each peer, study and day (UTC); the history gets an event of it.

    Parameters
    ----------
    study
        Only its keys and centre are needed.
    """
    retrieved_on = at.astimezone(UTC).date()
    with transaction.atomic():
        _, is_new = StudyRetrieval.objects.get_or_create(
            study_id=study.pk, peer=peer, retrieved_on=retrieved_on
        )
        if is_new:
            history.record(
                centre_code=study.centre_code,
                at=at,
                by=None,
                action="retrieve_study",
                object_type=Study._meta.label_lower,
                object_id=study.public_id,
                facts={"peer": peer.name},
            )
