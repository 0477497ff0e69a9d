"""The two halves of the product under one roof."""

from django.urls import include, path

urlpatterns = [
    path("imaging/", include("imaging.urls")),
    path("", include("registry.urls")),
]

handler404 = "registry.views.errors.not_found"
handler403 = "registry.views.errors.forbidden"
handler500 = "registry.views.errors.failed"
