"""Addresses of imaging, below /imaging/, and those of DICOMweb, below /dicom-web/."""

from django.urls import path

from imaging.views.exclusion_rules import ExclusionRuleRetire, ExclusionRules
from imaging.views.partial_uploads import (
    PartialUploadCreate,
    PartialUploadPart,
    PartialUploadTakeIn,
)
from imaging.views.pulls import PullCreate, PullNew
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
from imaging.views.stow import StoreInstances
from imaging.views.studies import StudyDetail, StudyExclude, StudyReadmit
from imaging.views.uploads import (
    UploadCreate,
    UploadFiles,
    UploadFinish,
    UploadNew,
    UploadState,
)

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

dicomweb = (
    [
        path("studies", StoreInstances.as_view(), name="studies"),
        path("studies/<str:study_instance_uid>", StoreInstances.as_view(), name="study"),
    ],
    "dicomweb",
)
"""As PS3.18 spells them: without a slash at the end."""
