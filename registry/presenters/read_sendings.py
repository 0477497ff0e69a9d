"""What became of a read that was sent, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.models import ReadSending

NO_IMAGES = (
    "This read belongs to no stored images, so there is no DICOM study it could be a part of."
)

NO_KEY_IMAGES = "No key image was marked in this read."

KINDS = {"report": "Structured report", "key_images": "Key images", "image": "Image"}
RESULTS = {
    "stored": "stored there",
    "present": "was there already",
    "failed": "refused by the archive",
    "unknown": "sent, but the archive did not say what became of it",
    "not_sent": "not sent",
}
STATES = {
    "": "Interrupted or under way: nobody knows yet what arrived.",
    "sent": "Everything is there.",
    "partly": "Not everything is there.",
    "failed": "Nothing is known to be there.",
}
AGAIN = "Send it again: what has arrived is kept once."


@dataclass(frozen=True)
class FileWords:
    """What became of files of one kind; `count` is how many came to this."""

    kind: str
    result: str
    count: int

    @property
    def line(self) -> str:
        return f"{self.kind}{f' ({self.count})' if self.count > 1 else ''}: {self.result}"


@dataclass(frozen=True)
class SendingWords:
    archive: str
    begun_at: datetime
    by: str
    with_images: bool
    summary: str
    is_sent: bool
    files: Sequence[FileWords]


def present(sending: ReadSending) -> SendingWords:
    is_sent = sending.outcome == ReadSending.Outcome.SENT
    sentences = [STATES[sending.outcome], sending.problem, "" if is_sent else AGAIN]
    return SendingWords(
        archive=sending.archive.name,
        begun_at=sending.begun_at,
        by=sending.begun_by.get_username() if sending.begun_by else "command line",
        with_images=sending.with_images,
        summary=" ".join(sentence for sentence in sentences if sentence),
        is_sent=is_sent,
        files=[
            FileWords(kind=KINDS[kind], result=_result(result, reason), count=count)
            for (kind, result, reason), count in Counter(
                (file["kind"], file["result"], file["reason"]) for file in sending.files
            ).items()
        ],
    )


def _result(result: str, reason: int | None) -> str:
    """The failure reason as PS3.4 writes it, in hexadecimal."""
    return RESULTS[result] + (f" (reason {reason:04X})" if reason is not None else "")
