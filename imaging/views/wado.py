"""WADO-RS: stored instances as they are, and their headers (PS3.18 10.4)."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from pydicom.uid import ExplicitVRLittleEndian

from imaging.archive.configured import configured_archive
from imaging.dicomweb import series_headers
from imaging.dicomweb.accepted import accepted
from imaging.dicomweb.media_types import DICOM, DICOM_JSON
from imaging.dicomweb.multipart_answer import MultipartAnswer, OutgoingPart
from imaging.dicomweb.readers import Reader
from imaging.dicomweb.refusal import not_acceptable
from imaging.ingest.pool import shared_pool
from imaging.ingest.stored_images import checked_files, chunks, decoded_file
from imaging.models import Instance, Series, Study
from imaging.queries import dicomweb_objects
from imaging.views.dicomweb_view import (
    CHECKED_EACH_TIME,
    IMMUTABLE,
    DicomwebView,
    accept_of,
    address_of,
    kept,
    note_retrieval,
    require_json,
    streamed,
    unchanged,
)
from imaging.views.stow import StoreInstances

AS_STORED = "*"
IS_UID = re.compile(r"[0-9.]{1,64}")


class RetrieveInstances(DicomwebView):
    """All instances of a study, of a series, or one, each a part; one alone also as a file."""

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        sop_instance_uid = uids.pop("sop_instance_uid", None)
        found = dicomweb_objects.instances(viewer=reader.viewer, **uids)
        if sop_instance_uid is not None:
            found = found.filter(sop_instance_uid=sop_instance_uid)
        instances = list(found.defer("attributes"))
        if not instances:
            raise Instance.DoesNotExist
        alone = sop_instance_uid is not None
        multipart, transfer_syntax = _wanted(accept_of(request), instances, alone=alone)
        hashes = "".join(one.stored_sha256 for one in instances)
        digest = hashlib.sha256(f"{hashes}{transfer_syntax}".encode()).hexdigest()
        # The boundary is another one each time.
        etag = f'W/"{digest[:32]}"' if multipart else f'"{digest[:32]}"'
        response = unchanged(request, etag)
        if response is None:
            note_retrieval(reader, instances[0].series.study)
            # What is damaged at the very start is said while there is a status to say it with.
            checked_files.path(instances[0], configured_archive())
            parts = [_part(one, transfer_syntax) for one in instances]
            if multipart:
                answer = MultipartAnswer(DICOM, parts)
                body, content_type, length = iter(answer), answer.content_type, answer.length
            else:
                body, content_type, length = parts[0].read(), parts[0].content_type, parts[0].length
            response = streamed(body, content_type=content_type, length=length)
        return kept(response, etag=etag, cache_control=IMMUTABLE if alone else CHECKED_EACH_TIME)


@method_decorator(csrf_exempt, name="dispatch")
class RetrieveStudy(RetrieveInstances, StoreInstances):
    """Retrieve a study, or store instances of it: one address of the standard."""

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        # The other addresses take nothing else for a UID; here the storing side says what is wrong.
        if IS_UID.fullmatch(uids["study_instance_uid"]) is None:
            raise Study.DoesNotExist
        return super().answer(request, reader, **uids)


class RetrieveMetadata(DicomwebView):
    """The headers of a study, a series or an instance; pixels by reference."""

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        require_json(request)
        sop_instance_uid = uids.pop("sop_instance_uid", None)
        found = dicomweb_objects.series_with_metadata(viewer=reader.viewer, **uids)
        if not found:
            raise Series.DoesNotExist
        note_retrieval(reader, found[0].study)
        kept_ones = [
            series_headers.of(
                series,
                viewer=reader.viewer,
                archive=configured_archive(),
                pool=shared_pool(),
                at=timezone.now(),
            )
            for series in found
        ]
        address = address_of(request)
        named = "".join([address, sop_instance_uid or "", *(one.version for one in kept_ones)])
        etag = f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'
        response = unchanged(request, etag)
        if response is None and sop_instance_uid is not None:
            content = kept_ones[0].instance(sop_instance_uid, address=address)
            if content is None:
                raise Instance.DoesNotExist
            response = HttpResponse(content, content_type=DICOM_JSON)
        elif response is None and len(kept_ones) == 1:
            response = HttpResponse(kept_ones[0].all(address=address), content_type=DICOM_JSON)
        elif response is None:
            body = _joined(one.all(address=address) for one in kept_ones)
            response = streamed(body, content_type=DICOM_JSON, length=None)
        return kept(response, etag=etag, cache_control=CHECKED_EACH_TIME)


def _joined(arrays: Iterable[bytes]) -> Iterator[bytes]:
    """Several JSON arrays as one."""
    before = b"["
    for array in arrays:
        yield before + array[1:-1]
        before = b","
    yield b"]"


def _wanted(header: str, instances: list[Instance], *, alone: bool) -> tuple[bool, str]:
    """Whether in parts, and the transfer syntax: a UID, or `*` for each as it is stored.

    Who accepts anything gets what is stored; who names DICOM without a transfer syntax gets
    Explicit VR Little Endian, the default of PS3.18 8.7.3.5.2.
    """
    stored = {one.transfer_syntax_uid for one in instances}
    for one in accepted(header):
        is_file = one.essence == DICOM and not one.multipart
        if not one.covers(DICOM) or (is_file and not alone):
            continue
        wanted = one.transfer_syntax
        if not wanted:
            wanted = ExplicitVRLittleEndian if one.essence == DICOM else AS_STORED
        if wanted == AS_STORED or stored == {wanted}:
            return not is_file, AS_STORED
        if wanted == ExplicitVRLittleEndian and not _undecodable(instances):
            return not is_file, wanted
    raise not_acceptable(
        'Instances are given as multipart/related; type="application/dicom", as they are stored '
        f"with transfer-syntax=* (here {', '.join(sorted(stored))}), or decoded with "
        f"transfer-syntax={ExplicitVRLittleEndian} unless their pixels cannot be."
    )


def _undecodable(instances: Iterable[Instance]) -> bool:
    return any(
        one.not_displayable and one.transfer_syntax_uid != ExplicitVRLittleEndian
        for one in instances
    )


def _part(instance: Instance, transfer_syntax: str) -> OutgoingPart:
    stored = instance.transfer_syntax_uid
    if transfer_syntax in (AS_STORED, stored):
        return OutgoingPart(
            content_type=f"{DICOM}; transfer-syntax={stored}",
            length=instance.stored_bytes,
            read=_as_stored(instance),
        )
    return OutgoingPart(
        content_type=f"{DICOM}; transfer-syntax={transfer_syntax}",
        length=None,
        read=_decoded(instance),
    )


def _as_stored(instance: Instance) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        path = checked_files.path(instance, configured_archive())
        return chunks(path, offset=0, length=instance.stored_bytes)

    return read


def _decoded(instance: Instance) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        archive = configured_archive()
        with decoded_file(instance, archive=archive, pool=shared_pool()) as path:
            yield from chunks(path, offset=0, length=path.stat().st_size)

    return read
