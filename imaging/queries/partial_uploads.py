"""Files that are sent in parts."""

from django.db.models import QuerySet, Sum

from imaging.models import IngestRun, PartialUpload
from imaging.queries.runs import own_upload
from imaging.queries.viewer import Viewer


def partial_uploads(*, viewer: Viewer, run: IngestRun) -> QuerySet[PartialUpload]:
    """Those of an upload of the viewer, ended or not, in the order of their places."""
    upload = own_upload(viewer=viewer, public_id=run.public_id)
    return PartialUpload.objects.filter(run=upload).select_related("run").order_by("position")


def partial_upload(*, viewer: Viewer, run: IngestRun, position: int) -> PartialUpload:
    """The file at one place of an upload of the viewer.

    Raises
    ------
    PartialUpload.DoesNotExist, IngestRun.DoesNotExist
    """
    return partial_uploads(viewer=viewer, run=run).get(position=position)


def bytes_in_parts(*, viewer: Viewer) -> int:
    """Size of all files that the viewer has begun to send in parts and that are not taken in."""
    begun = PartialUpload.objects.filter(run__started_by_id=viewer.pk, ended_at=None)
    return begun.aggregate(total=Sum("size_bytes"))["total"] or 0
