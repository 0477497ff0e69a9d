"""What became of a read that was sent, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.models import ReadSending

NO_IMAGES = _(
    "This read belongs to no stored images, so there is no DICOM study it could be a part of."
)

NO_KEY_IMAGES = _("No key image was marked in this read.")

HELD_ELSEWHERE = _("The images stay with the centre that received them before the transfer.")

KINDS = {"report": _("Structured report"), "key_images": _("Key images"), "image": _("Image")}
RESULTS = {
    "stored": _("stored there"),
    "present": _("was there already"),
    "failed": _("refused by the archive"),
    "unknown": _("sent, but the archive did not say what became of it"),
    "not_sent": _("not sent"),
}
STATES = {
    "": _("Interrupted or under way: nobody knows yet what arrived."),
    "sent": _("Everything is there."),
    "partly": _("Not everything is there."),
    "failed": _("Nothing is known to be there."),
}
AGAIN = _("Send it again: what has arrived is kept once.")


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
        by=sending.begun_by.get_username() if sending.begun_by else gettext("command line"),
        with_images=sending.with_images,
        summary=" ".join(str(sentence) for sentence in sentences if sentence),
        is_sent=is_sent,
        files=[
            FileWords(kind=str(KINDS[kind]), result=_result(result, reason), count=count)
            for (kind, result, reason), count in Counter(
                (file["kind"], file["result"], file["reason"]) for file in sending.files
            ).items()
        ],
    )


def _result(result: str, reason: int | None) -> str:
    """The failure reason as PS3.4 writes it, in hexadecimal."""
    words = str(RESULTS[result])
    if reason is None:
        return words
    return gettext("%(words)s (reason %(reason)s)") % {"words": words, "reason": f"{reason:04X}"}
