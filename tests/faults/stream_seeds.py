"""What real senders say on a DICOM association, as a listener in between heard it."""

import shutil
import socket
import subprocess
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from pydicom import dcmread
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)
from pynetdicom import AE

from tests.factories.dicom_files import ct_instance, enhanced_ct_instance
from tests.faults.orthanc import Orthanc
from tests.faults.routes import CALLED, CALLING

COMPRESSED = (RLELossless, JPEGLSLossless, JPEG2000Lossless)


class Listener:
    """Stands between senders and the service, and keeps what each sender said."""

    def __init__(self, port: int) -> None:
        self.heard: list[bytes] = []
        self._target = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()

    def _listen(self) -> None:
        while True:
            try:
                sender, _ = self._door.accept()
            except OSError:
                return
            with sender, socket.create_connection(("127.0.0.1", self._target)) as service:
                back = threading.Thread(target=_pass_on, args=(service, sender, []), daemon=True)
                back.start()
                said: list[bytes] = []
                _pass_on(sender, service, said)
                back.join()
            self.heard.append(b"".join(said))


def _pass_on(source: socket.socket, target: socket.socket, said: list[bytes]) -> None:
    try:
        while piece := source.recv(65536):
            said.append(piece)
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def recorded_streams(folder: Path, *, port: int) -> dict[str, bytes]:
    """By sender, one association with the service at that port, which takes the images in."""
    folder.mkdir()
    senders: dict[str, Callable[[Path, int], None]] = {
        "echoscu": _echoscu,
        "storescu": _storescu,
        "dcmsend": _dcmsend,
        "pynetdicom": _pynetdicom,
        "pynetdicom, compressed": _pynetdicom_compressed,
    }
    if shutil.which("Orthanc"):
        senders["Orthanc"] = _orthanc
    streams = {}
    for number, (name, send) in enumerate(senders.items()):
        with Listener(port) as listener:
            (folder / f"{number}").mkdir()
            send(folder / f"{number}", listener.port)
        streams[name] = max(listener.heard, key=len)
    return streams


def _images(folder: Path, *, first: int, count: int = 2) -> list[Path]:
    return [ct_instance(folder / f"{index}.dcm", index=first + index) for index in range(count)]


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def _titles() -> tuple[str, ...]:
    return ("-aet", CALLING, "-aec", CALLED)


def _echoscu(_folder: Path, port: int) -> None:
    _run("echoscu", *_titles(), "127.0.0.1", f"{port}")


def _storescu(folder: Path, port: int) -> None:
    _run("storescu", *_titles(), "127.0.0.1", f"{port}", *map(str, _images(folder, first=0)))


def _dcmsend(folder: Path, port: int) -> None:
    _run("dcmsend", *_titles(), "127.0.0.1", f"{port}", *map(str, _images(folder, first=10)))


def _pynetdicom(folder: Path, port: int) -> None:
    enhanced = enhanced_ct_instance(folder / "enhanced.dcm", index=29, frames=2)
    _send(port, [*_images(folder, first=20), enhanced])


def _pynetdicom_compressed(folder: Path, port: int) -> None:
    _send(
        port,
        [
            ct_instance(folder / f"{index}.dcm", index=30 + index, transfer_syntax=syntax)
            for index, syntax in enumerate(COMPRESSED)
        ],
    )


def _send(port: int, files: list[Path]) -> None:
    sender = AE(ae_title=CALLING)
    images = [dcmread(file) for file in files]
    for syntax in {image.file_meta.TransferSyntaxUID for image in images}:
        for kind in (CTImageStorage, EnhancedCTImageStorage):
            sender.add_requested_context(kind, syntax)
    association = sender.associate("127.0.0.1", port, ae_title=CALLED)
    assert association.is_established
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = [association.send_c_store(image) for image in images]
    assert all("Status" in answer for answer in answers)
    association.release()


def _orthanc(folder: Path, port: int) -> None:
    modalities = {"crescent": (CALLED, port)}
    with Orthanc(folder / "orthanc", servers={}, modalities=modalities) as orthanc:
        orthanc.take_in(_images(folder, first=40))
        orthanc.send_all("crescent")
