"""The ways in that services offer: what runs, who sends, and how senders are registered."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from tests.faults.installation import Installation
from tests.faults.senders import Browser, Sender, StorescuSender, StowSender, UploadSender
from tests.faults.services import ReceiveService, Service, WebService

CALLING, CALLED = "FAULTS", "CRESCENT"


class Route(Protocol):
    """One way in."""

    service: ClassVar[type[WebService] | type[ReceiveService]]

    def __init__(self, installation: Installation) -> None: ...
    def sender(self, service: Service, files: Sequence[Path]) -> Sender: ...


class Upload:
    """The upload page, used by a person who is signed in."""

    service = WebService

    def __init__(self, _installation: Installation) -> None:
        self._browser: Browser | None = None

    def sender(self, service: Service, files: Sequence[Path]) -> Sender:
        if self._browser is None:
            self._browser = Browser(service.port)
            self._browser.sign_in()
        return UploadSender(files, browser=self._browser.at(service.port))


class Stow:
    """STOW-RS, used by a registered peer."""

    service = WebService

    def __init__(self, installation: Installation) -> None:
        self.token = _managed(installation, "add_dicomweb_peer", "stow", "--centre", "DEMO")

    def sender(self, service: Service, files: Sequence[Path]) -> Sender:
        return StowSender(files, port=service.port, token=self.token)


class CStore:
    """C-STORE, used by DCMTK's storescu as a registered peer."""

    service = ReceiveService

    def __init__(
        self, installation: Installation, *, name: str = "scanner", calling: str = CALLING
    ) -> None:
        _managed(
            installation, "add_peer", name, "--centre", "DEMO", "--calling", calling,
            "--called", CALLED, "--network", "127.0.0.1",
        )  # fmt: skip

    def sender(self, service: Service, files: Sequence[Path]) -> Sender:
        return StorescuSender(files, port=service.port, calling=CALLING, called=CALLED)


ROUTES: dict[str, type[Route]] = {"upload": Upload, "STOW-RS": Stow, "C-STORE": CStore}


def _managed(installation: Installation, *arguments: str) -> str:
    done = installation.manage(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()
