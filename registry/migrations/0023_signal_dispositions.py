"""What people made of device signals, for good; a frozen report keeps what was known then.

A migration that alters one of the guarded tables puts its operations between `drop_triggers` and
`create_triggers` of this module: those of 0003, 0005, 0008 and 0009 are among them.
"""

from importlib import import_module

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.vocabulary

replacement = import_module("registry.migrations.0005_refuse_replacement")
second = import_module("registry.migrations.0009_second_reads")

DISPOSITION = "registry_signaldisposition"
CENTRES = "registry_signaldisposition_centres"
KEYS = {
    DISPOSITION: ("id", "public_id", "supersedes_id"),
    CENTRES: ("id", "signaldisposition_id, centre_id"),
}
"""What a row is known by; the first one about a question has one more key."""

FIRST = "o.supersedes_id IS NULL AND NEW.supersedes_id IS NULL"
SENTENCE = "a disposition stays as it was written; a later one supersedes it"


def create_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003, 0005, 0008 and 0009 among them."""
    second.create_triggers(apps, schema_editor)
    create = {"sqlite": _create_on_sqlite, "postgresql": _create_on_postgresql}
    for statement in create[schema_editor.connection.vendor]():
        schema_editor.execute(statement, None)


def drop_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003, 0005, 0008 and 0009 among them."""
    of_table = schema_editor.connection.vendor == "postgresql"
    names = _on_postgresql() if of_table else _on_sqlite()
    for name, table, *_ in names:
        schema_editor.execute(f"DROP TRIGGER {name}{f' ON {table}' if of_table else ''}")
    second.drop_triggers(apps, schema_editor)


def _on_sqlite() -> list[tuple[str, str, str, str]]:
    """Name, table, event and condition."""
    found = []
    for table, keys in KEYS.items():
        taken = [replacement._taken(table, key) for key in keys]
        if table == DISPOSITION:
            taken.append(replacement._taken(table, "audit_sha256, signal_key", FIRST))
        found += [
            (f"{table}_refuse_update", table, "UPDATE", ""),
            (f"{table}_refuse_delete", table, "DELETE", ""),
            (f"{table}_refuse_replace", table, "INSERT", f"WHEN {' OR '.join(taken)} "),
        ]
    return found


def _on_postgresql() -> list[tuple[str, str, str]]:
    """Name, table and event; `crescent_refuse` is of 0003."""
    return [
        (f"{table}_refuse_{name}", table, event)
        for table in KEYS
        for name, event in (
            ("change", f"UPDATE OR DELETE ON {table} FOR EACH ROW"),
            ("truncate", f"TRUNCATE ON {table} FOR EACH STATEMENT"),
        )
    ]


def _create_on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for name, table, event, when in _on_sqlite()
    ]


def _create_on_postgresql() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} EXECUTE FUNCTION crescent_refuse('{SENTENCE}')"
        for name, _, event in _on_postgresql()
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0022_facts_of_the_audits"),
    ]

    operations = [
        migrations.RunPython(second.drop_triggers, second.create_triggers),
        migrations.AddField(
            model_name="auditreport",
            name="dispositions",
            field=models.JSONField(
                help_text="What people had made of its device signals; null where the audit has none.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="SignalDisposition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True),
                ),
                ("protocol_key", models.CharField(max_length=48)),
                ("protocol_version", models.CharField(max_length=16)),
                ("signal_key", models.CharField(help_text="Device and event.", max_length=120)),
                ("signal_label", models.CharField(max_length=200)),
                ("filters", models.JSONField(help_text="Centres, period and limits of the audit.")),
                (
                    "audit_sha256",
                    models.CharField(help_text="SHA-256 of protocol and filters.", max_length=64),
                ),
                ("as_of", models.DateField()),
                ("facts_sha256", models.CharField(max_length=64)),
                ("rule_version", models.CharField(max_length=16)),
                ("inputs", models.JSONField(help_text="What the page printed for the signal.")),
                ("code_version", models.CharField(max_length=64)),
                (
                    "disposition",
                    models.CharField(
                        choices=registry.vocabulary.SignalDispositionCode.choices, max_length=24
                    ),
                ),
                ("vocabulary_version", models.CharField(max_length=8)),
                (
                    "reason",
                    models.TextField(
                        help_text="Why, in words; no patient detail.", max_length=2000
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "centres",
                    models.ManyToManyField(
                        related_name="signal_dispositions", to="registry.centre"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="registry.signaldisposition",
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "disposition__in",
                                ("reported", "patient_mix", "chance_watch", "data_error", "other"),
                            )
                        ),
                        name="signal_disposition_disposition_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "\\S")),
                        name="signal_disposition_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", True)),
                        fields=("audit_sha256", "signal_key"),
                        name="signal_disposition_one_first_per_question",
                    ),
                ],
            },
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
