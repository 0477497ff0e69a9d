import errno
import socket

from imaging.ingest.dimse.quiet_log import QuietLog
from imaging.ingest.dimse.waiting_room import WaitingRoom


class WithoutDescriptors(socket.socket):
    """A listener of a process that can open nothing more."""

    def __init__(self, told):
        super().__init__()
        self._told = told

    def accept(self):
        self._told.append("accept")
        raise OSError(errno.EMFILE, "Too many open files")


def test_a_process_without_descriptors_lets_callers_wait_and_does_not_spin():
    events = []
    listener = WithoutDescriptors(events)
    listener.bind(("127.0.0.1", 0))
    listener.listen()

    def turn():
        events.append("turn")
        if events.count("turn") == 2:
            room.stop()

    room = WaitingRoom(
        listener,
        tls=None,
        hand_over=lambda caller: None,
        at_every_turn=turn,
        log=QuietLog(),
        request_seconds=10.0,
    )
    with socket.create_connection(listener.getsockname()):
        room.run()
    assert events == ["accept", "turn", "turn"]
