"""The two halves of the product under one roof."""

from django.urls import include, path

from imaging.urls import dicomweb

urlpatterns = [
    path("imaging/", include("imaging.urls")),
    path("dicom-web/", include(dicomweb)),
    path("", include("registry.urls")),
]

handler404 = "registry.views.errors.not_found"
handler403 = "registry.views.errors.forbidden"
handler500 = "registry.views.errors.failed"
