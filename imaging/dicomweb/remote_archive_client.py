"""Search a registered archive (QIDO-RS), retrieve from it (WADO-RS), store there (STOW-RS)."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings

from imaging.dicom.acceptance import check_uid
from imaging.dicom.errors import DicomError
from imaging.dicomweb.archive_connection import (
    SOUND,
    ArchiveAnswer,
    ArchiveAnswerError,
    ArchiveUnreachableError,
    Body,
    Credentials,
    answer_to,
)
from imaging.dicomweb.endpoint import (
    EndpointError,
    Resolver,
    checked_addresses,
    parse,
    resolve,
)
from imaging.dicomweb.media_types import DICOM, DICOM_JSON, MediaType, MediaTypeError
from imaging.dicomweb.multipart import Multipart
from imaging.dicomweb.multipart_answer import MultipartAnswer, OutgoingPart
from imaging.dicomweb.request_body import MAX_BODY_BYTES
from imaging.dicomweb.stored_there import AnswerUnreadableError, StoredThere, stored_there
from imaging.models import RemoteArchive

SearchBy = Literal["accession_number", "patient_id"]

MOST_FOUND = 100
MOST_SEARCH_BYTES = 4 * 1024 * 1024
LONGEST_SHORT_SECONDS = 60.0
"""An answer of so few bytes takes no longer; a person waits for it."""
STORED = frozenset({HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT})
"""All, some or none was stored, and the answer says which (PS3.18 table 10.5.3-1)."""
LONGEST_TERM = 64
"""Of Patient ID (LO); Accession Number (SH) has 16 (PS3.5 6.2)."""

KEYWORDS: dict[SearchBy, str] = {"accession_number": "AccessionNumber", "patient_id": "PatientID"}
TAGS: dict[SearchBy, str] = {"accession_number": "00080050", "patient_id": "00100020"}
INCLUDED_FIELDS = ("StudyDescription", "ModalitiesInStudy", "NumberOfStudyRelatedInstances")
WHOLE_STUDY = 'multipart/related; type="application/dicom"; transfer-syntax=*'
"""Each image as it is stored there: decoding and encoding anew is no task of an archive."""

_COUNT = re.compile(r"[0-9]{1,7}")
"""More than ten million images are none that somebody has counted."""
_TERM = re.compile(r"[^\\*?\x00-\x1f\x7f]+")


class SearchTermError(ValueError):
    """What was typed is no number that can be searched for; the message repeats nothing of it."""


@dataclass(frozen=True)
class FoundStudy:
    """A study as the archive describes it.

    `description` and `patient_id` may tell who the patient is. None: the archive does not say.
    """

    study_instance_uid: str
    patient_id: str
    study_date: date | None
    modalities: tuple[str, ...]
    description: str
    instances: int | None


@dataclass(frozen=True)
class Found:
    """What a search gave; `others` were not what was asked for, and are left out."""

    studies: list[FoundStudy]
    others: int


class RemoteArchiveClient:
    """Asks one archive. Each question looks its address up and checks it.

    Raises
    ------
    ArchiveUnreachableError
        Also where its address is not allowed (any more).
    ArchiveAnswerError
    """

    def __init__(self, archive: RemoteArchive, *, resolver: Resolver = resolve) -> None:
        self._archive = archive
        self._resolver = resolver

    def search(self, *, by: SearchBy, term: str) -> Found:
        """The studies with exactly this number.

        Raises
        ------
        SearchTermError
        """
        term = checked_term(term)
        query = urlencode(
            {
                KEYWORDS[by]: term,
                "includefield": ",".join(INCLUDED_FIELDS),
                "limit": MOST_FOUND + 1,
            }
        )
        with self._answer(
            f"/studies?{query}", accept=DICOM_JSON, most_bytes=MOST_SEARCH_BYTES
        ) as answer:
            content = _all(answer)
        if not content:
            return Found(studies=[], others=0)
        _require_type(answer, DICOM_JSON, "application/json")
        return _found(content, by=by, term=term)

    @contextmanager
    def study(self, study_instance_uid: str) -> Iterator[Multipart]:
        """The images of one study, as they come."""
        with self._answer(
            f"/studies/{study_instance_uid}", accept=WHOLE_STUDY, most_bytes=MAX_BODY_BYTES
        ) as answer:
            try:
                media_type = MediaType.parse(answer.content_type)
                boundary = media_type.boundary
            except MediaTypeError as error:
                raise ArchiveAnswerError("The archive did not send DICOM files.") from error
            if not media_type.is_dicom_parts:
                raise ArchiveAnswerError("The archive did not send DICOM files.")
            yield Multipart(answer.read, boundary=boundary)

    def has(
        self, *, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str
    ) -> bool:
        """Whether it has an instance."""
        target = f"/studies/{study_instance_uid}/series/{series_instance_uid}/instances"
        query = urlencode({"SOPInstanceUID": sop_instance_uid, "limit": 1})
        with self._answer(
            f"{target}?{query}",
            accept=DICOM_JSON,
            most_bytes=MOST_SEARCH_BYTES,
            statuses=SOUND | {HTTPStatus.NOT_FOUND},
        ) as answer:
            content = _all(answer)
        if not content:
            return False
        return sop_instance_uid in _instances_in(content)

    def store(self, parts: Sequence[OutgoingPart]) -> StoredThere:
        """Store DICOM files whose lengths are known; what became of each, as it says."""
        multipart = MultipartAnswer(DICOM, parts)
        length = multipart.length
        if length is None:
            raise ValueError("the length of a part is unknown")
        with self._answer(
            "/studies",
            accept=DICOM_JSON,
            most_bytes=MOST_SEARCH_BYTES,
            statuses=STORED,
            body=Body(multipart.content_type, length, multipart),
        ) as answer:
            content = _all(answer)
            _require_type(answer, DICOM_JSON, "application/json")
        try:
            return stored_there(content)
        except AnswerUnreadableError as error:
            raise ArchiveAnswerError(
                "The archive's answer to what was sent cannot be read."
            ) from error

    @contextmanager
    def _answer(
        self,
        target: str,
        *,
        accept: str,
        most_bytes: int,
        statuses: Collection[int] = SOUND,
        body: Body | None = None,
    ) -> Iterator[ArchiveAnswer]:
        private = self._archive.private_address_allowed
        try:
            endpoint = parse(self._archive.base_url, private=private)
            addresses = checked_addresses(
                endpoint,
                private=private,
                loopback=settings.CRESCENT_DEMO,
                resolver=self._resolver,
            )
        except EndpointError as error:
            raise ArchiveUnreachableError(str(error)) from error
        credentials = Credentials(
            authentication=self._archive.authentication, secret=self._archive.credential or ""
        )
        with answer_to(
            target,
            endpoint=endpoint,
            addresses=addresses,
            credentials=credentials,
            accept=accept,
            most_bytes=most_bytes,
            statuses=statuses,
            body=body,
            longest_seconds=LONGEST_SHORT_SECONDS if most_bytes == MOST_SEARCH_BYTES else None,
        ) as answer:
            yield answer


def checked_term(term: str) -> str:
    """A number that means one thing: without the wildcards and separators of DICOM.

    Raises
    ------
    SearchTermError

    References
    ----------
    PS3.4 C.2.2.2.4 (wildcards), PS3.5 6.2 (backslash).
    """
    term = term.strip()
    if not term:
        raise SearchTermError("Type a number.")
    if len(term) > LONGEST_TERM:
        raise SearchTermError(f"A number has at most {LONGEST_TERM} characters.")
    if _TERM.fullmatch(term) is None:
        raise SearchTermError("A number has no *, ? or backslash: it is searched for as it is.")
    return term


def _all(answer: ArchiveAnswer) -> bytes:
    return b"".join(iter(lambda: answer.read(MOST_SEARCH_BYTES), b""))


def _instances_in(content: bytes) -> set[str]:
    """SOP Instance UIDs of the answer to a search; of one that cannot be read, none."""
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError):
        return set()
    items = plain if isinstance(plain, list) else []
    return {_text(item, "00080018") for item in items if isinstance(item, dict)}


def _found(content: bytes, *, by: SearchBy, term: str) -> Found:
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ArchiveAnswerError("The archive's list of studies cannot be read.") from error
    if not isinstance(plain, list) or not all(isinstance(item, dict) for item in plain):
        raise ArchiveAnswerError("The archive's list of studies cannot be read.")
    if len(plain) > MOST_FOUND:
        raise ArchiveAnswerError(f"The archive found more than {MOST_FOUND} studies.")
    asked = [item for item in plain if _text(item, TAGS[by]) == term]
    studies = [study for item in asked if (study := _study(item)) is not None]
    return Found(studies=studies, others=len(plain) - len(studies))


def _study(item: Mapping[str, Any]) -> FoundStudy | None:
    """The study; None without a sound UID."""
    uid = _text(item, "0020000D")
    try:
        check_uid((uid,), tag=0x0020000D, required=True)
    except DicomError:
        return None
    instances = _text(item, "00201208")
    return FoundStudy(
        study_instance_uid=uid,
        patient_id=_text(item, TAGS["patient_id"]),
        study_date=_date(_text(item, "00080020")),
        modalities=tuple(_values(item, "00080061")[:8]),
        description=_text(item, "00081030"),
        instances=int(instances) if _COUNT.fullmatch(instances) else None,
    )


def _values(item: Mapping[str, Any], tag: str) -> list[str]:
    """The texts and numbers of an attribute, bounded."""
    attribute = item.get(tag)
    values = attribute.get("Value") if isinstance(attribute, dict) else None
    if not isinstance(values, list):
        return []
    return [str(value)[:LONGEST_TERM].strip() for value in values if isinstance(value, str | int)]


def _text(item: Mapping[str, Any], tag: str) -> str:
    values = _values(item, tag)
    return values[0] if values else ""


def _date(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def _require_type(answer: ArchiveAnswer, *essences: str) -> None:
    try:
        found = MediaType.parse(answer.content_type).essence
    except MediaTypeError:
        found = ""
    if found not in essences:
        raise ArchiveAnswerError("The archive's list of studies is of another type than agreed.")
