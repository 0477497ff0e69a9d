"""What an association needs of the service it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from imaging.archive.archive import Archive
from imaging.ingest.intake import Intake
from imaging.models import IngestRun

from .quiet_log import QuietLog


@dataclass(frozen=True)
class Surroundings:
    """Shared by all associations of a service.

    Attributes
    ----------
    left_open
        Takes a run that the database would not close, and closes it later.
    network_seconds
        How long a peer may be silent.
    """

    intake: Intake
    archive: Archive
    clock: Callable[[], datetime]
    log: QuietLog
    left_open: Callable[[IngestRun], None]
    network_seconds: float
