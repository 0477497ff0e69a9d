"""What the browser is told about files that were sent."""

from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imaging.actions import StaleBatchError
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile

UNAVAILABLE = (DatabaseError, StaleBatchError, ReadingProcessUnavailableError, OSError)
NOT_STORED = _(
    "The files could not be stored just now. Files already listed as stored are safe. Send the "
    "others again in a minute; if that fails, tell the administrator."
)


def file_answer(row: IngestedFile) -> dict[str, Any]:
    """One file, by its place: its name stays with the sender."""
    reason = ALL_REASONS.get(row.reason_code)
    return {
        "position": row.position,
        "entry": row.entry,
        "result": row.result,
        "reason_code": row.reason_code,
        "reason": gettext(reason.sentence) if reason else "",
        "remedy": gettext(reason.remedy) if reason else "",
    }
