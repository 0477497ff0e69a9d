"""A series as slices one can scroll: its geometry, its order and its numbers."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from django.views import View

from imaging import queries
from imaging.archive.configured import configured_archive
from imaging.archive.errors import ArchiveError
from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.errors import FrameNotDecodableError, MissingRescaleError
from imaging.dicom.hounsfield import hounsfield_undefined, padding_hu
from imaging.dicom.windowing import PRESETS
from imaging.ingest.frames import frame_hounsfield
from imaging.ingest.pool import shared_pool
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.models import Instance, Series
from imaging.views.request import SignedInRequest

KEPT_FOR_SECONDS = 3600
NOT_READABLE = _(
    "The stored image is missing or damaged and is not shown. Tell the administrator: "
    "`manage.py verify_archive` names it, a backup restores it."
)

NOT_DISPLAYABLE = _("The image is stored, but its pixels cannot be shown as Hounsfield units.")


class SeriesSlices(View):
    """Geometry verdict, slices in order and windows of one series."""

    def get(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        series = _series(request, public_id)
        instances = queries.instances(viewer=request.user, series=series)
        return JsonResponse(
            {
                "series": str(series.public_id),
                "series_number": series.series_number,
                "modality": series.modality,
                # No verdict while a delivery is under way.
                "geometry": series.geometry or None,
                "slices": list(_slices(series, instances)),
                "windows": [
                    {
                        "code": preset.code,
                        "name": preset.name,
                        "centre_hu": preset.centre_hu,
                        "width_hu": preset.width_hu,
                        "purpose": preset.purpose,
                        "source": preset.source,
                    }
                    for preset in PRESETS
                ],
            }
        )


class SeriesFrame(View):
    """HU of one slice: int16, little endian, row by row."""

    def get(self, request: SignedInRequest, public_id: UUID, index: int) -> HttpResponse:
        series = _series(request, public_id)
        try:
            instance, frame = queries.frame_at(viewer=request.user, series=series, index=index)
        except Instance.DoesNotExist as error:
            raise Http404 from error
        etag = f'"{instance.stored_sha256}-{frame}"'
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            return unchanged
        try:
            content = frame_hounsfield(
                instance, frame=frame, archive=configured_archive(), pool=shared_pool()
            )
        except (FrameNotDecodableError, MissingRescaleError):
            return JsonResponse({"error": NOT_DISPLAYABLE}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except (ArchiveError, ReadingProcessUnavailableError):
            return JsonResponse({"error": NOT_READABLE}, status=HTTPStatus.BAD_GATEWAY)
        response = HttpResponse(content, content_type="application/octet-stream")
        response["ETag"] = etag
        # The address names its content only with the right version: the place of a slice
        # changes when more slices arrive.
        response["Cache-Control"] = (
            f"private, max-age={KEPT_FOR_SECONDS}, immutable"
            if request.GET.get("v") == _version(instance)
            else "private, no-cache"
        )
        return response


def _series(request: SignedInRequest, public_id: UUID) -> Series:
    try:
        return queries.series(viewer=request.user, public_id=public_id)
    except Series.DoesNotExist as error:
        raise Http404 from error


def _slices(series: Series, instances: Any) -> Iterator[dict[str, Any]]:
    index = 0
    for instance in instances:
        facts = instance.attributes
        attributes = InstanceAttributes.from_json(facts)
        undefined, padding = hounsfield_undefined(attributes), padding_hu(attributes)
        for frame in range(instance.frames):
            address = reverse("imaging:series-frame", args=[series.public_id, index])
            position_mm, orientation = _place(facts, frame)
            yield {
                "index": index,
                "instance_number": instance.instance_number,
                "position_mm": position_mm,
                "orientation": orientation,
                "rows": facts["rows"],
                "columns": facts["columns"],
                "pixel_spacing_mm": facts["pixel_spacing_mm"],
                "slice_thickness_mm": facts["slice_thickness_mm"],
                "displayable": facts["displayable"],
                "not_displayable_reason": facts["not_displayable_reason"],
                "hu_undefined_reason": undefined,
                "padding_hu": padding,
                "window_centre_hu": facts["window_center_hu"],
                "window_width_hu": facts["window_width_hu"],
                "frame_url": f"{address}?v={_version(instance)}",
            }
            index += 1


def _place(facts: dict[str, Any], frame: int) -> tuple[Any, Any]:
    """Position and orientation of a frame; unknown for frames stored before these were kept."""
    if planes := facts.get("frame_planes"):
        return planes[frame][0], planes[frame][1]
    return facts["image_position_mm"] if frame == 0 else None, facts["image_orientation"]


def _version(instance: Instance) -> str:
    return instance.stored_sha256[:16]
