"""The evidence about a file in quarantine, in words and side by side."""

import base64
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imaging.archive.archive import Archive
from imaging.dicom.header_values import HeaderValue
from imaging.dicom.preparation import PreparedInstance
from imaging.ingest.evidence import Look, look, look_as_stored
from imaging.ingest.pool import Pool
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile, Study
from imaging.queries.quarantine import claimed_series, claimed_study
from imaging.queries.viewer import Viewer

NEVER_RELEASED = {
    "pixel_conflict": _(
        "The image stored first stays in use: reads and reports may rest on it. If "
        "the arriving one is right, let the sender export it as a new series, which has an "
        "identity of "
        "its own, and discard this one."
    ),
    "subject_conflict": _(
        "The study stays with the patient it was stored for. Ask the sender whose "
        "it is. If it was stored under the wrong number, exclude the stored study, and let the "
        "sender "
        "correct the number and send it as a new study; then discard this file."
    ),
    "series_conflict": _(
        "The series stays with the study it was stored for. Ask the sender which "
        "study it belongs to; a corrected series comes with an identity of its own. Then "
        "discard this "
        "file."
    ),
}
"""What to do instead of releasing, where two deliveries contradict each other."""
NOT_RELEASABLE = _(
    "Looking at the file cannot settle this reason, so it is not released. Let the sender put it "
    "right and send it again, then discard this one."
)

OF_THE_SOURCE = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "Modality", "ConversionType", "ImageType", "BurnedInAnnotation", "BodyPartExamined",
    "StudyDescription", "SeriesDescription", "ProtocolName", "ImageComments", "AccessionNumber",
    "InstitutionName", "StationName", "Manufacturer", "ManufacturerModelName",
)  # fmt: skip
"""What the original says of itself, in this order, for those who may see identities."""

FRAMES_PER_PAGE = 12
"""So many frames beside each other are looked at, not scrolled past [own]."""
DATE_VRS = frozenset({"DA", "DT", "TM"})
PATIENT_GROUP = "(0010,"
HIDDEN = "hidden"
NOT_KNOWN = _("not known")
ABSENT = "–"


@dataclass(frozen=True)
class ComparedValue:
    """One element of the stored and of the arriving image, as both are or would be stored."""

    path: str
    keyword: str
    stored: str
    arrived: str
    differs: bool


@dataclass(frozen=True)
class ClaimedFact:
    """What the arriving file says of study and patient, against what is stored.

    `agreement` is same, differs, or unknown where one side says nothing.
    """

    label: str
    stored: str
    arrived: str
    agreement: str


@dataclass(frozen=True)
class DrawnFrame:
    """One frame of the original; `number` counts from 1, `picture` is "" where none is drawn."""

    number: int
    picture: str


@dataclass
class Evidence:
    """Everything the page shows beside reason and forms.

    Attributes
    ----------
    arrived_picture, stored_picture
        `data:` addresses, "" where there is none.
    original
        What the original says of itself; only after a look that is logged.
    drawn, frames
        The page of its frames that was asked for, and how many it has.
    unreadable
        Why the arriving file cannot be shown, "" when it can.
    """

    compared: list[ComparedValue] = field(default_factory=list)
    claims: list[ClaimedFact] = field(default_factory=list)
    claimed_study: Study | None = None
    arrived_picture: str = ""
    stored_picture: str = ""
    original: list[HeaderValue] = field(default_factory=list)
    drawn: list[DrawnFrame] = field(default_factory=list)
    frames: int = 0
    unreadable: str = ""

    @property
    def differing(self) -> int:
        return sum(value.differs for value in self.compared)


@dataclass(frozen=True)
class FramePage:
    """One page of frames, first and last counted from 1."""

    first: int
    last: int
    is_shown: bool
    is_seen: bool


def frame_pages(shown: Evidence, *, seen: Collection[int]) -> list[FramePage]:
    """The pages of frames; `seen` are frames counted from 0."""
    pages = []
    for first in range(1, shown.frames + 1, FRAMES_PER_PAGE):
        last = min(first + FRAMES_PER_PAGE - 1, shown.frames)
        pages.append(
            FramePage(
                first,
                last,
                is_shown=bool(shown.drawn) and first <= shown.drawn[0].number <= last,
                is_seen=all(number - 1 in seen for number in range(first, last + 1)),
            )
        )
    return pages


def not_drawn(shown: Evidence) -> str:
    """What of the page of frames cannot be drawn, in words; "" where everything is."""
    if not shown.drawn:
        return gettext("the picture")
    numbers = [frame.number for frame in shown.drawn if not frame.picture]
    return gettext("frame %(numbers)s") % {"numbers": numbers[0]} if numbers else ""


def is_conflict(file: IngestedFile) -> bool:
    return file.reason_code in NEVER_RELEASED


def releasable(file: IngestedFile) -> bool:
    return ALL_REASONS[file.reason_code].releasable


def gather(
    file: IngestedFile,
    *,
    viewer: Viewer,
    archive: Archive,
    pool: Pool,
    identity_shown: bool,
    original_from: int | None,
) -> Evidence:
    """Read what there is to see.

    Parameters
    ----------
    identity_shown
        Dates and the patient group are readable for this person.
    original_from
        The look at the original was logged: its own words may be shown, and a page of its frames
        from this one on, counted from 1.

    Raises
    ------
    ArchiveError, ReadingProcessUnavailableError
    """
    assert file.quarantine_key is not None
    evidence = Evidence()
    source = archive.original_path(file.quarantine_key)
    overridden = {file.reason_code} if releasable(file) else set()
    prepared, arrived = look_as_stored(
        source,
        centre_code=file.run.centre_code,
        archive=archive,
        pool=pool,
        overridden=overridden,
    )
    if is_conflict(file):
        # It passed every check but the comparison with what is stored, so its picture may be seen.
        evidence.arrived_picture = _data_address(arrived)
    stored = Look()
    if file.instance is not None:
        stored = look(archive.path(file.instance.stored_sha256), archive=archive, pool=pool)
        evidence.stored_picture = _data_address(stored)
    if prepared is not None:
        evidence.compared = _compared(
            stored.values, arrived.values, identity_shown=identity_shown, side_by_side=file.instance
        )
        _add_claims(evidence, file, prepared, viewer=viewer, identity_shown=identity_shown)
    if original_from is not None:
        evidence.arrived_picture = ""
        _draw(evidence, source, first=original_from, archive=archive, pool=pool, past=overridden)
    return evidence


def _draw(
    evidence: Evidence, source: Path, *, first: int, archive: Archive, pool: Pool, past: set[str]
) -> None:
    """What the original says of itself, and a page of its frames."""
    original = look(source, archive=archive, pool=pool, frame=first - 1, overridden=past)
    evidence.original = _of_the_source(original.values)
    evidence.frames = original.frames
    if original.refused:
        evidence.unreadable = gettext(ALL_REASONS[original.refused].sentence)
    if not first <= original.frames:
        return
    evidence.drawn = [DrawnFrame(first, _data_address(original))]
    for number in range(first + 1, min(first + FRAMES_PER_PAGE, original.frames + 1)):
        seen = look(
            source, archive=archive, pool=pool, values=False, frame=number - 1, overridden=past
        )
        evidence.drawn.append(DrawnFrame(number, _data_address(seen)))


def _compared(
    stored: Iterable[HeaderValue],
    arrived: Iterable[HeaderValue],
    *,
    identity_shown: bool,
    side_by_side: object,
) -> list[ComparedValue]:
    """Elements by path, what differs first; a path that repeats in a sequence is told once."""
    known = {value.path: value for value in stored}
    came = {value.path: value for value in arrived}
    rows = []
    for path in sorted(known.keys() | came.keys()):
        before, after = known.get(path), came.get(path)
        some = before or after
        assert some is not None
        differs = side_by_side is not None and _plain(before) != _plain(after)
        hidden = not identity_shown and (some.vr in DATE_VRS or path.startswith(PATIENT_GROUP))
        rows.append(
            ComparedValue(
                path=path,
                keyword=some.keyword,
                stored=_shown(before, hidden=hidden),
                arrived=_shown(after, hidden=hidden),
                differs=differs,
            )
        )
    return sorted(rows, key=lambda row: not row.differs)


def _add_claims(
    evidence: Evidence,
    file: IngestedFile,
    prepared: PreparedInstance,
    *,
    viewer: Viewer,
    identity_shown: bool,
) -> None:
    """Whose the file says it is, against whose the stored study is."""
    study = claimed_study(viewer=viewer, study_instance_uid=prepared.study_instance_uid)
    if file.reason_code == "series_conflict":
        series = claimed_series(viewer=viewer, series_instance_uid=prepared.series_instance_uid)
        study = series.study if series else None
    if study is None:
        return
    evidence.claimed_study = study
    day = prepared.attributes.study_date

    def fact(label: str, before: object, after: object, *, hidden: bool = False) -> ClaimedFact:
        stored, arrived = (
            str(NOT_KNOWN) if value in (None, "") else str(value) for value in (before, after)
        )
        known = str(NOT_KNOWN) not in (stored, arrived)
        masked = hidden and known
        return ClaimedFact(
            label,
            stored=HIDDEN if masked else stored,
            arrived=HIDDEN if masked else arrived,
            agreement="unknown" if not known else "same" if stored == arrived else "differs",
        )

    evidence.claims = [
        fact(
            gettext("Study"),
            _short(study.study_instance_uid),
            _short(prepared.study_instance_uid),
        ),
        fact(
            gettext("Patient number, as pseudonym"),
            _key(study.subject_key),
            _key(prepared.subject_key),
        ),
        fact(gettext("Sex"), study.patient_sex, prepared.patient_sex),
        fact(
            gettext("Year of birth"), study.patient_birth_year, prepared.patient_birth_year,
            hidden=not identity_shown,
        ),
        fact(gettext("Study date"), study.study_date, day, hidden=not identity_shown),
    ]  # fmt: skip


def _of_the_source(values: Sequence[HeaderValue]) -> list[HeaderValue]:
    by_keyword = {value.keyword: value for value in values if "." not in value.path}
    return [by_keyword[keyword] for keyword in OF_THE_SOURCE if keyword in by_keyword]


def _plain(value: HeaderValue | None) -> str:
    """Numbers are compared as numbers: 1.50 is 1.5."""
    if value is None:
        return ""
    parts = []
    for part in value.value.split("\\"):
        try:
            parts.append(f"{float(part):.9g}")
        except ValueError:
            parts.append(part.strip())
    return "\\".join(parts)


def _shown(value: HeaderValue | None, *, hidden: bool) -> str:
    if value is None:
        return ABSENT
    if hidden and value.value:
        return HIDDEN
    return value.value or "empty"


def _data_address(seen: Look) -> str:
    if seen.picture is None:
        return ""
    return f"data:image/png;base64,{base64.b64encode(seen.picture).decode('ascii')}"


def _short(uid: str) -> str:
    return f"…{uid[-8:]}"


def _key(subject_key: str | None) -> str:
    return f"{subject_key[:10]}…" if subject_key else ""
