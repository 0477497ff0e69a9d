"""One association after its request came in: negotiation, messages, release or abort.

References
----------
DICOM PS3.8 section 9.2 (state machine, as acceptor), PS3.7 section 9 (DIMSE-C).
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

from django.db import DatabaseError, connections
from pynetdicom.presentation import PresentationContext

from imaging.archive.errors import ArchiveError, storage_fault
from imaging.dicom.loading import MAX_FILE_BYTES
from imaging.models import Peer
from imaging.queries.peers import dimse_peers

from . import pdu, statuses
from .association_request import APPLICATION_CONTEXT, AssociationRequest, accept
from .command_set import (
    C_CANCEL,
    C_ECHO,
    C_STORE,
    IS_RESPONSE,
    LONGEST_COMMAND_BYTES,
    Command,
    MalformedCommandError,
)
from .delivery import Delivery
from .fragments import AbortedError, Fragment, Fragments, ReleaseRequestedError
from .incoming_file import IncomingFile, file_meta
from .negotiation import ACCEPTED, VERIFICATION, negotiate
from .pdu import MalformedPduError
from .recognition import UnknownCallerError, loggable, recognise
from .statuses import Status
from .stream import PeerGoneError, PeerTooSlowError, Stream
from .surroundings import Surroundings
from .waiting_room import Caller

CLOSING_SECONDS = 1.0
"""How long a peer may take to read what it was told last."""

PERMANENT, TRANSIENT = 1, 2
BY_USER, BY_ACSE, BY_PRESENTATION = 1, 2, 3
"""Result and source of an A-ASSOCIATE-RJ (PS3.8 table 9-21)."""


class _RejectedError(Exception):
    def __init__(self, *, result: int, source: int, reason: int) -> None:
        super().__init__()
        self.answer = pdu.reject(result=result, source=source, reason=reason)


class _StoppedError(Exception):
    """The service ends, or needs the place for somebody else."""


class Association:
    """Serves one caller, in the thread that calls `run`."""

    def __init__(self, caller: Caller, *, surroundings: Surroundings) -> None:
        self._caller = caller
        self._around = surroundings
        self._mutex = threading.Lock()
        self._stopping = False
        self._in_message = False
        self._closed = False
        self.waiting_since: float | None = None
        """Monotonic time since when the peer owes us something; None while we owe it an answer."""

    def run(self) -> None:
        """Serve until the end, whoever brings it about."""
        farewell = pdu.abort(pdu.REASON_NOT_SPECIFIED)
        try:
            farewell = self._serve()
        finally:
            self._close(farewell)
            connections.close_all()

    def stop(self) -> None:
        """Answer the message that is coming in, then abort; at once when there is none."""
        with self._mutex:
            self._stopping = True
            if not self._in_message:
                self._interrupt(socket.SHUT_RD)

    def cut(self) -> None:
        """End it now."""
        with self._mutex:
            self._stopping = True
            self._interrupt(socket.SHUT_RDWR)

    def _serve(self) -> bytes:
        """The last words to the peer; empty when there is nobody to hear them."""
        self._stream = Stream(self._caller.connection, network_seconds=self._around.network_seconds)
        try:
            request = AssociationRequest.read(self._caller.request)
            self._request = request
            peer = self._recognised(request)
            contexts, roles = negotiate(request.contexts, roles=request.roles)
            self._stream.send(accept(request, contexts=contexts, roles=roles))
            self._contexts = {
                context.context_id or 0: context
                for context in contexts
                if context.result == ACCEPTED
            }
            return self._converse(peer)
        except _RejectedError as rejected:
            return rejected.answer
        except MalformedPduError as error:
            self._around.log.warn("Aborted", str(error), self._caller.address)
            return pdu.abort(error.reason)
        except PeerTooSlowError:
            return pdu.abort(pdu.REASON_NOT_SPECIFIED)
        except _StoppedError:
            return pdu.abort(pdu.REASON_NOT_SPECIFIED)
        except (PeerGoneError, AbortedError):
            return pdu.abort(pdu.REASON_NOT_SPECIFIED) if self._stopping else b""

    def _recognised(self, request: AssociationRequest) -> Peer:
        if not request.protocol_version & 1:
            raise _RejectedError(result=PERMANENT, source=BY_ACSE, reason=2)
        if request.application_context != APPLICATION_CONTEXT:
            raise _RejectedError(result=PERMANENT, source=BY_USER, reason=2)
        if not request.takes_our_answers:
            raise _RejectedError(result=PERMANENT, source=BY_ACSE, reason=1)
        try:
            return recognise(
                self._peers(),
                calling_ae_title=request.calling_ae_title,
                called_ae_title=request.called_ae_title,
                address=self._caller.address,
                certificate_sha256=self._caller.certificate_sha256,
            )
        except UnknownCallerError as error:
            self._around.log.warn(
                "Refused an association",
                str(error),
                f"from {self._caller.address}",
                f"calling {loggable(request.calling_ae_title)}",
                f"called {loggable(request.called_ae_title)}",
            )
            raise _RejectedError(result=PERMANENT, source=BY_USER, reason=error.reason) from error

    def _peers(self) -> list[Peer]:
        """Those registered now, not when the service started."""
        try:
            return dimse_peers()
        except DatabaseError as error:
            self._around.log.warn("The database does not answer", error=error)
            # PS3.8 table 9-21: temporary congestion.
            raise _RejectedError(result=TRANSIENT, source=BY_PRESENTATION, reason=1) from error
        finally:
            connections.close_all()

    def _converse(self, peer: Peer) -> bytes:
        self._fragments = Fragments(self._stream, context_ids=self._contexts)
        self._delivery = Delivery(
            peer=peer,
            intake=self._around.intake,
            clock=self._around.clock,
            tell=self._tell,
            left_open=self._around.left_open,
        )
        try:
            while True:
                try:
                    first = self._await_message()
                except ReleaseRequestedError:
                    self._delivery.finish()
                    return pdu.RELEASE_ANSWER
                try:
                    self._answer_message(first)
                except ReleaseRequestedError as error:
                    raise MalformedPduError(
                        "a release within a message", reason=pdu.UNEXPECTED_PDU
                    ) from error
        finally:
            self._delivery.finish()

    def _tell(self, error: BaseException) -> None:
        self._around.log.warn("An object was not stored", type(error).__name__, error=error)

    def _await_message(self) -> Fragment:
        with self._mutex:
            if self._stopping:
                raise _StoppedError
            self._in_message = False
        self._stream.begin_message()
        self.waiting_since = time.monotonic()
        first = self._fragments.head()
        with self._mutex:
            self._in_message = True
        return first

    def _answer_message(self, first: Fragment) -> None:
        command = self._command(first)
        if command.field & IS_RESPONSE:
            raise MalformedPduError("an answer to nothing", reason=pdu.UNEXPECTED_PDU)
        # What is left of an object is removed while its sender goes on.
        with ExitStack() as afterwards:
            status = self._served(command, first.context_id, afterwards)
            if status is None:
                return
            self.waiting_since = None
            answer = command.answer(status.code, comment=status.comment)
            for part in pdu.command_pdus(
                answer, context_id=first.context_id, max_length=self._request.max_length
            ):
                self._stream.send(part)

    def _command(self, fragment: Fragment) -> Command:
        context_id, encoded = fragment.context_id, bytearray()
        while True:
            if not fragment.is_command or fragment.context_id != context_id:
                raise MalformedPduError("a fragment without its command")
            if len(encoded) + fragment.length > LONGEST_COMMAND_BYTES:
                raise MalformedPduError("a command of no sensible length")
            for piece in self._fragments.content(fragment):
                encoded += piece
            if fragment.is_last:
                break
            fragment = self._fragments.head()
        try:
            return Command.read(bytes(encoded))
        except MalformedCommandError as error:
            raise MalformedPduError(str(error)) from error

    def _served(self, command: Command, context_id: int, afterwards: ExitStack) -> Status | None:
        """What to answer; None where nothing is (C-CANCEL)."""
        context = self._contexts[context_id]
        refusal = _refusal(command, context)
        if command.field == C_STORE and refusal is None:
            return self._stored(command, context_id, afterwards)
        if command.has_data_set:
            self._pass_over_data_set(context_id)
        return None if command.field == C_CANCEL else refusal or Status(statuses.SUCCESS)

    def _stored(self, command: Command, context_id: int, afterwards: ExitStack) -> Status:
        context = self._contexts[context_id]
        try:
            file = self._spooled(command, str(context.transfer_syntax[0]))
        except ArchiveError as error:
            self._tell(error)
            self._pass_over_data_set(context_id)
            return statuses.of_failure(error)
        afterwards.callback(file.discard)
        afterwards.callback(self._delivery.drop)
        for piece in self._data_set(context_id):
            file.write(piece)
            self._delivery.has_arrived(file, command=command)
            if file.size_bytes > MAX_FILE_BYTES:
                self._delivery.take_in(file, command=command, refused="file_too_large")
                raise MalformedPduError("an object larger than the limit")
        self.waiting_since = None
        return self._delivery.take_in(file, command=command)

    def _spooled(self, command: Command, transfer_syntax_uid: str) -> IncomingFile:
        file = IncomingFile(
            self._around.archive.spool_path(),
            meta=file_meta(
                sop_class_uid=command.sop_class_uid,
                sop_instance_uid=command.sop_instance_uid,
                transfer_syntax_uid=transfer_syntax_uid,
            ),
        )
        if file.fault is not None:
            file.discard()
            raise storage_fault(file.fault)
        return file

    def _pass_over_data_set(self, context_id: int) -> None:
        for _ in self._data_set(context_id):
            pass

    def _data_set(self, context_id: int) -> Iterator[memoryview]:
        while True:
            fragment = self._fragments.head()
            self.waiting_since = time.monotonic()
            if fragment.is_command or fragment.context_id != context_id:
                raise MalformedPduError("another message within a data set")
            yield from self._fragments.content(fragment)
            if fragment.is_last:
                return

    def _interrupt(self, how: int) -> None:
        if not self._closed:
            with suppress(OSError):
                # The TLS object's own method would drop the session under the reading thread.
                socket.socket.shutdown(self._caller.connection, how)

    def _close(self, farewell: bytes) -> None:
        """Say the last words and leave time to read them."""
        connection = self._caller.connection
        with suppress(OSError):
            connection.settimeout(CLOSING_SECONDS)
            if farewell:
                connection.sendall(farewell)
                socket.socket.shutdown(connection, socket.SHUT_WR)
                deadline = time.monotonic() + CLOSING_SECONDS
                # Closing on unread bytes resets the connection, and the words are lost.
                while time.monotonic() < deadline and socket.socket.recv(connection, 65536):
                    pass
        with self._mutex:
            self._closed = True
            connection.close()


def _refusal(command: Command, context: PresentationContext) -> Status | None:
    """Why a command cannot be served; None when it can."""
    if command.field not in (C_STORE, C_ECHO, C_CANCEL):
        return Status(statuses.UNRECOGNISED_OPERATION)
    if command.field == C_CANCEL:
        return None
    is_echo = command.field == C_ECHO
    if command.sop_class_uid != context.abstract_syntax or is_echo != (
        context.abstract_syntax == VERIFICATION
    ):
        return Status(statuses.SOP_CLASS_NOT_SUPPORTED)
    if not is_echo and not command.has_data_set:
        return Status(statuses.MISTYPED_ARGUMENT)
    return None
