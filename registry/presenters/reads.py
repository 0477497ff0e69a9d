"""Reads in words, and the reader's blind view of a study."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.models import ContrastStudy, Read, User
from registry.presenters import read_marks
from registry.presenters.findings import Badge, of_finding
from registry.presenters.labels import in_sentence
from registry.presenters.linked_images import series_words
from registry.vocabulary import Certainty, InformationShown, ReadSource

READ_SHORTCUTS = [
    {"keys": ["1", "…", "6"], "label": _("Primary finding")},
    {"keys": ["7", "8", "9"], "label": _("Images adequate, limited, inadequate")},
    {"keys": ["⇧1", "…", "⇧6"], "label": _("Certainty of a defect")},
    {"keys": ["q"], "label": _("To the first open question")},
    {"keys": ["Ctrl", "Enter"], "label": _("To the password, then sign")},
]

HELP_SHORTCUTS = [
    {"keys": ["↑", "↓"], "label": _("Scroll by one slice")},
    {"keys": ["PgUp", "PgDn"], "label": _("Scroll by ten slices")},
    {"keys": ["Home", "End"], "label": _("First and last slice")},
    {"keys": ["[", "]"], "label": _("Series before and after")},
    {"keys": ["x"], "label": _("Sagittal plane beside the slices")},
    {"keys": ["v"], "label": _("Three planes through the crosshair")},
    {"keys": ["o"], "label": _("Slab along the catheter: put points on it, arrows turn it")},
    {"keys": ["u"], "label": _("Earlier study beside this one")},
    {"keys": ["j", "J"], "label": _("Scroll both studies together; one window for both")},
    {"keys": ["y"], "label": _("Cine")},
    {"keys": ["c", "s", "b", "m"], "label": _("Window: contrast, soft tissue, bone, metal")},
    {"keys": ["i"], "label": _("Invert")},
    {"keys": ["z"], "label": _("Zoom: 2 ×, 4 ×, whole slice; Shift and arrow keys move it")},
    {"keys": ["+", "−"], "label": _("Zoom in small steps")},
    {"keys": ["f"], "label": _("Full screen")},
    {"keys": ["r"], "label": _("Window and zoom as at the start")},
    {"keys": ["l", "a"], "label": _("Measure a length, an angle")},
    {"keys": ["e", "d"], "label": _("HU in an ellipse, in a drawn outline")},
    {"keys": ["p", "t"], "label": _("HU at a point; arrow with words")},
    {"keys": ["Enter"], "label": _("Place a point; arrow keys move it, with Shift faster")},
    {"keys": ["Shift", "Enter"], "label": _("Close the outline")},
    {"keys": ["Esc"], "label": _("Put the tool down")},
    {"keys": ["k"], "label": _("Key image")},
    {"keys": [",", "."], "label": _("Scroll while a tool has the arrow keys")},
    {"keys": ["n"], "label": _("Take the next point of a measurement, to move it")},
    {"keys": ["Del"], "label": _("Remove the last measurement")},
]


@dataclass(frozen=True)
class ReadWords:
    """One signed read."""

    findings: Sequence[Badge]
    facts: Sequence[str]
    remarks: str
    correction: str
    superseded: bool
    second_look: bool
    synthetic: bool
    marks: Sequence[str]
    detail_url: str
    correct_url: str | None


HIDDEN = _("Reads of others stay hidden until you have signed yours.")


class Addressed(Protocol):
    """A study, or one look at it."""

    @property
    def public_id(self) -> UUID: ...


def neutral_code(one: Addressed) -> str:
    """A name that tells nothing: it is cut from the random part of the public id."""
    return gettext("Study %(upper)s") % {"upper": one.public_id.hex[-6:].upper()}


def present(read: Read, *, viewer: User) -> ReadWords:
    """The read in words, with a way to correct it where it is the viewer's own latest."""
    superseded = hasattr(read, "superseded_by")
    own_latest = read.reader_id == viewer.pk and not superseded
    return ReadWords(
        findings=[of_finding(finding) for finding in read.findings.all()],
        facts=[
            gettext("signed %(signed_at)s by %(reader)s")
            % {
                "signed_at": f"{timezone.localtime(read.signed_at):%Y-%m-%d}",
                "reader": read.reader.get_username(),
            },
            in_sentence(read.get_source_display()),
            gettext("images %(adequacy)s") % {"adequacy": in_sentence(read.get_adequacy_display())},
            _certainty(read),
            gettext("tip at %(tip_level)s") % {"tip_level": read.get_tip_level_display()}
            if read.tip_level
            else "",
            read_marks.extent(read),
            information(read.information_shown),
            read_marks.shown(read.images_shown),
        ],
        remarks=read.remarks,
        correction=gettext("Corrects an earlier read: %(correction_reason)s")
        % {"correction_reason": read.correction_reason}
        if read.correction_reason
        else "",
        superseded=superseded,
        second_look=read.masked_reread_id is not None,
        synthetic=read.is_synthetic,
        marks=read_marks.marks(read),
        detail_url=reverse("registry:read-detail", args=[read.public_id]),
        correct_url=reverse("registry:read-correct", args=[read.public_id]) if own_latest else None,
    )


def information(codes: Sequence[str]) -> str:
    """What the reader knew, in one phrase."""
    labels = [in_sentence(code.label) for code in InformationShown if code.code in codes]
    if not labels:
        return gettext("knew nothing beside the images")
    return gettext("knew: ") + ", ".join(labels)


def room(study: ContrastStudy, look: Addressed | None = None) -> dict[str, Any]:
    """What the reading room shows of a study: the neutral code of this look, and its images."""
    return {
        "code": neutral_code(look or study),
        "series": [
            series
            for link in study.study_links.all()
            if link.study.centre_code == study.centre_code
            for series in series_words(link.study.series.all())
        ],
        "help_shortcuts": READ_SHORTCUTS + HELP_SHORTCUTS,
        "help_alone": True,
    }


def no_certainty(read: Read) -> str:
    """Why there is none: a reader of images said so, a report did not say."""
    from_images = read.source == ReadSource.IMAGES_HERE.value
    return gettext("not assessable") if from_images else gettext("not in the report")


def _certainty(read: Read) -> str:
    if read.certainty is None:
        return gettext("certainty %(why)s") % {"why": no_certainty(read)}
    word = Certainty.get(str(read.certainty)).label.partition(" · ")[2]
    return gettext("certainty of a defect %(certainty)s of 5, %(word)s") % {
        "certainty": read.certainty,
        "word": word,
    }
