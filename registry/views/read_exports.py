"""A signed read taken away as a file: structured report, key images, paper. Each is noted."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from imaging import outbound
from imaging.models import Instance
from imaging.outbound import ImageUnavailableError, OutgoingFile
from registry import actions, queries
from registry.exchange import read_files
from registry.exchange.signed_read import NoImagesError
from registry.models import Read, ReadKeyImage, ReadMeasurement
from registry.presenters import read_pdf
from registry.presenters.case_words import case_facts
from registry.presenters.key_image_drawing import DrawnMark
from registry.presenters.linked_images import titled
from registry.presenters.read_pdf import KeyPicture
from registry.presenters.read_sendings import HELD_ELSEWHERE, NO_IMAGES, NO_KEY_IMAGES
from registry.presenters.reads import neutral_code
from registry.views.audits import attachment
from registry.views.document_language import in_source_language
from registry.views.request import SignedInRequest

DICOM = "application/dicom"
OF_READS = ("registry.view_patient", "registry.read_study", "registry.log_case")


def signed_read(request: SignedInRequest, public_id: uuid.UUID) -> Read:
    """A read the person may see today; a role may have ended since it was signed."""
    read = get_object_or_404(queries.reads.with_marks(viewer=request.user), public_id=public_id)
    if not any(request.user.has_perm(permission, read) for permission in OF_READS):
        raise Http404
    return read


@require_GET
@in_source_language
def read_sr(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The read as DICOM structured report."""
    read = signed_read(request, public_id)
    try:
        file: OutgoingFile | None = read_files.report(read)
    except (NoImagesError, ImageUnavailableError) as error:
        return _refused(request, read, error)
    return _dicom(request, read, file, name="report.dcm")


@require_GET
@in_source_language
def read_kos(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The key images of the read as DICOM Key Object Selection."""
    read = signed_read(request, public_id)
    try:
        file = read_files.key_images(read)
    except (NoImagesError, ImageUnavailableError) as error:
        return _refused(request, read, error)
    return _dicom(request, read, file, name="key-images.dcm")


@require_GET
@in_source_language
def read_pdf_file(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The read on paper, with its key images."""
    read = signed_read(request, public_id)
    study = read.contrast_study
    sees_case = request.user.has_perm("registry.view_patient", study)
    names = {
        str(one.public_id): title
        for title, one in titled(queries.read_marks.series_of(viewer=request.user, read=read))
    }
    described = read_pdf.document(
        read,
        code=neutral_code(read.masked_reread or study),
        facts=[*case_facts(study.case), f"study of {study.performed_on}"] if sees_case else [],
        series=names,
        pictures=[
            _picture(key_image, read, names)
            for key_image in read.key_images.select_related("instance", "series")
        ],
    )
    content = read_pdf.typeset(described)
    actions.read_exports.note(read=read, form="report.pdf", by=request.user, at=timezone.now())
    return attachment(content, content_type="application/pdf", name=f"{_stem(read)}.pdf")


def _picture(key_image: ReadKeyImage, read: Read, names: dict[str, str]) -> KeyPicture:
    series = names.get(str(key_image.series.public_id))
    if series is None:
        return KeyPicture(key_image, "Series of another centre", None, problem=str(HELD_ELSEWHERE))
    instance = key_image.instance
    try:
        picture = outbound.picture(
            instance,
            frame=key_image.frame,
            window_centre_hu=key_image.window_centre_hu,
            window_width_hu=key_image.window_width_hu,
        )
        marks = [
            _drawn(measurement, instance)
            for measurement in read.measurements.all()
            if (measurement.instance_id, measurement.frame) == (instance.pk, key_image.frame)
        ]
    except ImageUnavailableError as error:
        return KeyPicture(key_image, series, None, problem=str(error))
    return KeyPicture(key_image, series, picture, marks)


def _drawn(measurement: ReadMeasurement, instance: Instance) -> DrawnMark:
    places = outbound.places_px(
        instance, frame=measurement.frame or 0, points_mm=measurement.points_mm
    )
    return DrawnMark(measurement.number, measurement.kind, places)


def _dicom(
    request: SignedInRequest, read: Read, file: OutgoingFile | None, *, name: str
) -> HttpResponse:
    if file is None:
        messages.error(request, NO_KEY_IMAGES)
        return redirect("registry:read-detail", read.public_id)
    actions.read_exports.note(read=read, form=name, by=request.user, at=timezone.now())
    return attachment(file.content, content_type=DICOM, name=f"{_stem(read)}_{name}")


def _refused(
    request: SignedInRequest, read: Read, error: NoImagesError | ImageUnavailableError
) -> HttpResponse:
    messages.error(request, NO_IMAGES if isinstance(error, NoImagesError) else str(error))
    return redirect("registry:read-detail", read.public_id)


def _stem(read: Read) -> str:
    """Name of its files: the end of its id, and nothing of whom it is."""
    return f"read_{read.public_id.hex[-8:]}"
