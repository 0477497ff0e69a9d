"""What clinicians said and did."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.utils.translation import gettext

from registry import vocabulary


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        vocabulary.say = gettext
        post_migrate.connect(_work_out_lists, sender=self)


def _work_out_lists(*, using: str, **_: Any) -> None:
    """Work out the lists of whoever was worked out by older rules, once the tables are today's."""
    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    from registry.actions import list_entries  # models are loaded after the apps

    list_entries.refresh_outdated()
