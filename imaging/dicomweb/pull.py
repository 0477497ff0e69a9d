"""Bring a study from a registered archive through the door."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError

from imaging import actions
from imaging.actions import StaleBatchError
from imaging.archive.archive import Archive
from imaging.archive.errors import ArchiveError
from imaging.dicom.asked_for import AskedFor
from imaging.dicomweb.archive_connection import ArchiveAnswerError, ArchiveUnreachableError
from imaging.dicomweb.incoming_parts import IncomingParts
from imaging.dicomweb.multipart import MultipartError
from imaging.dicomweb.remote_archive_client import FoundStudy, RemoteArchiveClient
from imaging.dicomweb.store_response import Outcome
from imaging.ingest.intake import Intake
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.models import IngestRun, RemoteArchive

UNAVAILABLE = (ArchiveError, DatabaseError, StaleBatchError, ReadingProcessUnavailableError)
"""Our own storage failed: the run stays unfinished, and nothing but what is listed was stored."""


def start(
    archive: RemoteArchive, study: FoundStudy, *, by: AbstractBaseUser | None, at: datetime
) -> IngestRun:
    """Open the delivery; it names the archive, and neither study nor patient."""
    return actions.start_run(
        centre_code=archive.centre_code,
        source=IngestRun.Source.PULL,
        by=by,
        at=at,
        remote_archive=archive,
        expected_files=study.instances,
    )


def take_in(
    run: IngestRun,
    study: FoundStudy,
    *,
    client: RemoteArchiveClient,
    intake: Intake,
    archive: Archive,
    by: AbstractBaseUser | None,
    clock: Callable[[], datetime],
) -> tuple[IngestRun, list[Outcome]]:
    """Retrieve the study, and finish the run.

    Returns
    -------
    The finished run, and what became of each file.

    An archive that does not answer or breaks off is one more file of the run, rejected with the
    reason: whoever asked sees that not everything came.

    Raises
    ------
    ArchiveError, DatabaseError, StaleBatchError, ReadingProcessUnavailableError
        Our own storage failed; the run stays unfinished.
    """
    incoming = IncomingParts(
        run=run,
        by=by,
        intake=intake,
        archive=archive,
        asked=AskedFor(study_instance_uid=study.study_instance_uid, patient_id=study.patient_id),
    )
    try:
        with client.study(study.study_instance_uid) as parts:
            incoming.take_in(parts)
        if len(incoming.outcomes) < (study.instances or 1):
            incoming.refuse("archive_answer_unusable")
    except ArchiveUnreachableError:
        incoming.refuse("archive_unreachable")
    except (ArchiveAnswerError, MultipartError):
        incoming.refuse("archive_answer_unusable")
    return actions.finish_run(run=run, by=by, at=clock()), incoming.outcomes
