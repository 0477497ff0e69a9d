"""What a process of the web server does before anybody asks it for something."""

import logging
import threading

from django.db import DatabaseError, connections
from django.utils import timezone

from imaging.actions.planner_statistics import refresh_planner_statistics
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import ArchiveError
from imaging.ingest.recovery import once_in_process

logger = logging.getLogger(__name__)


def recover_in_background() -> threading.Thread:
    """Mend what a process before this one left, and look at how much there is; pages are answered
    meanwhile.

    Where it fails, the first delivery tries again and is told.
    """
    thread = threading.Thread(target=_recover, name="recovery", daemon=True)
    thread.start()
    return thread


def _recover() -> None:
    try:
        once_in_process(
            archive=configured_archive(),
            partial_files=configured_partial_files(),
            clock=timezone.now,
        )
        refresh_planner_statistics()
    except (ArchiveError, DatabaseError, OSError) as error:
        logger.warning("The recovery at start failed (%s).", type(error).__name__)
    finally:
        connections.close_all()
