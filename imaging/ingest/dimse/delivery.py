"""What one association delivers: a run that begins with its first object."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType

from django.db import DatabaseError, connections

from imaging import actions
from imaging.archive.errors import ArchiveError, storage_fault
from imaging.dicom.acceptance import check_uid
from imaging.dicom.errors import DicomError, UidLeadingZeroError
from imaging.ingest.arrival import Arrival, ClaimedUids
from imaging.ingest.early_reading import EarlyReading
from imaging.ingest.intake import Intake
from imaging.models import IngestRun, Peer

from . import statuses
from .command_set import Command
from .incoming_file import IncomingFile
from .statuses import Status

BYTES_BEFORE = 32 * 1024
"""Of a data set, before anybody looks at it: the header of a slice takes a few KiB."""

BYTES_BETWEEN = 128 * 1024
"""Each time a process is woken."""


class Delivery:
    """Takes in the objects of one association, one after the other.

    Parameters
    ----------
    tell
        Told of each object that was not stored although nothing is wrong with it.
    left_open
        Told of a run that the database would not close, to be closed later.
    """

    def __init__(
        self,
        *,
        peer: Peer,
        intake: Intake,
        clock: Callable[[], datetime],
        tell: Callable[[BaseException], None],
        left_open: Callable[[IngestRun], None],
    ) -> None:
        self._peer = peer
        self._intake = intake
        self._clock = clock
        self._tell = tell
        self._left_open = left_open
        self._run: IngestRun | None = None
        self._count = 0
        self._early: EarlyReading | None = None
        self._told_bytes = 0

    def has_arrived(self, file: IncomingFile, *, command: Command) -> None:
        """A part of the next object is there; begin to read it.

        Not that of the first object, before which there is no run yet, nor one that goes through
        the spool.
        """
        if self._run is None or not file.is_in_memory or file.fault is not None:
            return
        if file.size_bytes - self._told_bytes < (BYTES_BETWEEN if self._early else BYTES_BEFORE):
            return
        self._told_bytes = file.size_bytes
        if self._early is None:
            arrival = Arrival(position=0, name="", source=file.path, expected=_announced(command))
            # What does not work now is answered for when the object is complete.
            with suppress(ArchiveError, DatabaseError):
                self._early = self._intake.early(arrival, run=self._run)
        if self._early is not None:
            self._early.has_arrived()

    def drop(self) -> None:
        """What was read of an object that was not taken in is let go."""
        early, self._early, self._told_bytes = self._early, None, 0
        if early is not None:
            early.discard()

    def take_in(self, file: IncomingFile, *, command: Command, refused: str = "") -> Status:
        """What became of one object, once it is durable and recorded, or that it is neither.

        Parameters
        ----------
        refused
            Reason code when it is refused before anybody reads it.
        """
        answering = _Answering(self._tell)
        with answering:
            file.close()
            if file.fault is not None:
                raise storage_fault(file.fault)
            answering.status = self._taken_in(file, command=command, refused=refused)
        return answering.status

    def finish(self) -> None:
        """Close the run, which judges the geometry of the series that grew."""
        run, self._run = self._run, None
        if run is None:
            return
        try:
            actions.finish_run(run=run, by=None, at=self._clock())
        except DatabaseError:
            self._left_open(run)
        finally:
            connections.close_all()

    def _taken_in(self, file: IncomingFile, *, command: Command, refused: str) -> Status:
        if self._run is None:
            self._run = self._started_run()
        self._count += 1
        arrival = Arrival(
            position=self._count,
            name="",
            source=file.path,
            ours=not file.is_in_memory,
            refused=refused or malformed_uid(command),
            size_bytes=file.size_bytes,
            expected=_announced(command),
        )
        early, self._early = self._early, None
        taken_in = self._intake.take_in(arrival, run=self._run, by=None, early=early)
        return statuses.of_taken_in(taken_in)

    def _started_run(self) -> IngestRun:
        try:
            run = actions.start_run(
                centre_code=self._peer.centre_code,
                source=IngestRun.Source.C_STORE,
                peer=self._peer,
                by=None,
                at=self._clock(),
            )
            self._intake.rules_of(run)
        finally:
            # The intake has one for what follows; 200 associations would need too many.
            connections.close_all()
        return run


class _Answering:
    """Whatever goes wrong with one object becomes its status; the association goes on."""

    def __init__(self, tell: Callable[[BaseException], None]) -> None:
        self.status = Status(statuses.HANDLER_FAILED)
        self._tell = tell

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.status = statuses.of_failure(error)
        self._tell(error)
        return True


def malformed_uid(command: Command) -> str:
    """The reason code when the command names its object by no UID at all; "" when it does."""
    try:
        check_uid((command.sop_instance_uid,), tag=0x00001000, required=True)
    except UidLeadingZeroError:
        # For the reader to judge, who keeps it in quarantine.
        return ""
    except DicomError:
        return "invalid_uid"
    return ""


def _announced(command: Command) -> ClaimedUids:
    zero = any(len(part) > 1 and part[0] == "0" for part in command.sop_instance_uid.split("."))
    return ClaimedUids(
        sop_class_uid=command.sop_class_uid,
        sop_instance_uid=None if zero else command.sop_instance_uid,
    )
