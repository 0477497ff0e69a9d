"""Words that scanners and physicists use for tests, as rules for every centre.

From here on they are data: a rule that keeps a patient apart can be retired.
"""

from django.db import migrations
from django.utils import timezone

from imaging.dicom.test_images import DEFAULT_RULES


def add_default_rules(apps, schema_editor):
    """Idempotent; a rule that was retired since stays retired."""
    rules = apps.get_model("imaging", "ExclusionRule").objects.using(schema_editor.connection.alias)
    for rule in DEFAULT_RULES:
        rules.get_or_create(
            centre_code="",
            keyword=rule.keyword,
            match=rule.match,
            text=rule.text,
            added_by=None,
            defaults={"added_at": timezone.now()},
        )


class Migration(migrations.Migration):
    dependencies = [("imaging", "0002_sources_and_quarantine")]

    operations = [migrations.RunPython(add_default_rules, migrations.RunPython.noop)]
