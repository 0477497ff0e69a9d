"""What the scanner said: immutable facts, pixels, geometry."""

from django.apps import AppConfig


class ImagingConfig(AppConfig):
    name = "imaging"
    default_auto_field = "django.db.models.BigAutoField"
