"""Addresses of imaging, below /imaging/, and those of DICOMweb, below /dicom-web/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from imaging.views.exclusion_rules import ExclusionRuleRetire, ExclusionRules
from imaging.views.partial_uploads import (
    PartialUploadCreate,
    PartialUploadPart,
    PartialUploadTakeIn,
)
from imaging.views.pulls import PullCreate, PullNew
from imaging.views.qido import InstanceSearch, SeriesSearch, Studies
from imaging.views.quarantine import (
    QuarantineDetail,
    QuarantineDiscard,
    QuarantineList,
    QuarantineLook,
    QuarantineRelease,
)
from imaging.views.runs import RunConfirmPatients, RunDetail, RunList, RunLive
from imaging.views.series import SeriesFrame, SeriesSlices
from imaging.views.sources import SourceList
from imaging.views.studies import StudyDetail, StudyExclude, StudyReadmit
from imaging.views.uploads import (
    UploadCreate,
    UploadFiles,
    UploadFinish,
    UploadNew,
    UploadState,
)
from imaging.views.wado import RetrieveInstances, RetrieveMetadata, RetrieveStudy
from imaging.views.wado_frames import Frames, PixelData
from imaging.views.wado_rendered import MiddleThumbnail, Rendered, Thumbnail


class UidConverter(StringConverter):
    """What may be a UID; anything else is no address of ours."""

    regex = "[0-9.]{1,64}"


app_name = "imaging"
urlpatterns = [
    path("uploads/", UploadCreate.as_view(), name="upload-create"),
    path("uploads/new/", UploadNew.as_view(), name="upload"),
    path("uploads/<uuid:public_id>/files", UploadFiles.as_view(), name="upload-files"),
    path("uploads/<uuid:public_id>/state", UploadState.as_view(), name="upload-state"),
    path("uploads/<uuid:public_id>/parts", PartialUploadCreate.as_view(), name="upload-parts"),
    path(
        "uploads/<uuid:public_id>/parts/<int:position>",
        PartialUploadPart.as_view(),
        name="upload-part",
    ),
    path(
        "uploads/<uuid:public_id>/parts/<int:position>/take-in",
        PartialUploadTakeIn.as_view(),
        name="upload-take-in",
    ),
    path("uploads/<uuid:public_id>/finish", UploadFinish.as_view(), name="upload-finish"),
    path("pulls/", PullCreate.as_view(), name="pull"),
    path("pulls/new/", PullNew.as_view(), name="pull-new"),
    path("sources/", SourceList.as_view(), name="source-list"),
    path("runs/", RunList.as_view(), name="run-list"),
    path("runs/<uuid:public_id>/", RunDetail.as_view(), name="run-detail"),
    path("runs/<uuid:public_id>/live", RunLive.as_view(), name="run-live"),
    path(
        "runs/<uuid:public_id>/patients",
        RunConfirmPatients.as_view(),
        name="run-confirm-patients",
    ),
    path("quarantine/", QuarantineList.as_view(), name="quarantine-list"),
    path("quarantine/<uuid:public_id>/", QuarantineDetail.as_view(), name="quarantine-detail"),
    path("quarantine/<uuid:public_id>/look", QuarantineLook.as_view(), name="quarantine-look"),
    path(
        "quarantine/<uuid:public_id>/release",
        QuarantineRelease.as_view(),
        name="quarantine-release",
    ),
    path(
        "quarantine/<uuid:public_id>/discard",
        QuarantineDiscard.as_view(),
        name="quarantine-discard",
    ),
    path("test-images/", ExclusionRules.as_view(), name="exclusion-rules"),
    path(
        "test-images/<uuid:public_id>/retire",
        ExclusionRuleRetire.as_view(),
        name="exclusion-rule-retire",
    ),
    path("studies/<uuid:public_id>/", StudyDetail.as_view(), name="study-detail"),
    path("studies/<uuid:public_id>/exclude", StudyExclude.as_view(), name="study-exclude"),
    path("studies/<uuid:public_id>/readmit", StudyReadmit.as_view(), name="study-readmit"),
    path("series/<uuid:public_id>/slices.json", SeriesSlices.as_view(), name="series-slices"),
    path("series/<uuid:public_id>/frames/<int:index>", SeriesFrame.as_view(), name="series-frame"),
]

register_converter(UidConverter, "uid")

_STUDY = "studies/<uid:study_instance_uid>"
_SERIES = f"{_STUDY}/series/<uid:series_instance_uid>"
_INSTANCE = f"{_SERIES}/instances/<uid:sop_instance_uid>"
_FRAMES = f"{_INSTANCE}/frames/<str:frame_list>"

dicomweb = (
    [
        path("studies", Studies.as_view(), name="studies"),
        path("series", SeriesSearch.as_view(), name="series-search"),
        path("instances", InstanceSearch.as_view(), name="instance-search"),
        path("studies/<str:study_instance_uid>", RetrieveStudy.as_view(), name="study"),
        path(f"{_STUDY}/metadata", RetrieveMetadata.as_view(), name="study-metadata"),
        path(f"{_STUDY}/thumbnail", MiddleThumbnail.as_view(), name="study-thumbnail"),
        path(f"{_STUDY}/series", SeriesSearch.as_view(), name="study-series"),
        path(f"{_STUDY}/instances", InstanceSearch.as_view(), name="study-instances"),
        path(_SERIES, RetrieveInstances.as_view(), name="series"),
        path(f"{_SERIES}/metadata", RetrieveMetadata.as_view(), name="series-metadata"),
        path(f"{_SERIES}/thumbnail", MiddleThumbnail.as_view(), name="series-thumbnail"),
        path(f"{_SERIES}/instances", InstanceSearch.as_view(), name="series-instances"),
        path(_INSTANCE, RetrieveInstances.as_view(), name="instance"),
        path(f"{_INSTANCE}/metadata", RetrieveMetadata.as_view(), name="instance-metadata"),
        path(f"{_INSTANCE}/rendered", Rendered.as_view(), name="instance-rendered"),
        path(f"{_INSTANCE}/thumbnail", Thumbnail.as_view(), name="instance-thumbnail"),
        path(f"{_INSTANCE}/bulkdata/7FE00010", PixelData.as_view(), name="pixel-data"),
        path(_FRAMES, Frames.as_view(), name="frames"),
        path(f"{_FRAMES}/rendered", Rendered.as_view(), name="frame-rendered"),
        path(f"{_FRAMES}/thumbnail", Thumbnail.as_view(), name="frame-thumbnail"),
    ],
    "dicomweb",
)
"""As PS3.18 spells them: without a slash at the end."""
