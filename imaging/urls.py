"""Addresses of imaging, below /imaging/, and those of DICOMweb, below /dicom-web/."""

from django.urls import path

from imaging.views.partial_uploads import (
    PartialUploadCreate,
    PartialUploadPart,
    PartialUploadTakeIn,
)
from imaging.views.runs import RunDetail, RunList
from imaging.views.series import SeriesFrame, SeriesSlices
from imaging.views.stow import StoreInstances
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
    path("runs/", RunList.as_view(), name="run-list"),
    path("runs/<uuid:public_id>/", RunDetail.as_view(), name="run-detail"),
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
