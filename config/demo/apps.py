"""Makes `manage.py load_demo` known to Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "config.demo"
    label = "demo"
    verbose_name = "synthetic demonstration cohort"
