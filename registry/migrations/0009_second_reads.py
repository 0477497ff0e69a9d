"""Assignments, masked re-reads and adjudications; signed adjudications are frozen as reads are.

A migration that alters one of the guarded tables puts its operations between `drop_triggers` and
`create_triggers` of this module: those of 0003, 0005 and 0008 are among them.
"""

from importlib import import_module

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.vocabulary

replacement = import_module("registry.migrations.0005_refuse_replacement")
marks = import_module("registry.migrations.0008_read_marks_and_drafts")

ADJUDICATION = "registry_adjudication"
FINDING = "registry_adjudicatedfinding"
SITE = "registry_adjudicatedfindingsite"
SENTENCE = "a signed adjudication is frozen; correct it by a new one"

SIGNED = f"EXISTS (SELECT 1 FROM {ADJUDICATION} a WHERE a.id = {{}} AND a.signed_at IS NOT NULL)"
FINDING_SIGNED = (
    f"EXISTS (SELECT 1 FROM {FINDING} f JOIN {ADJUDICATION} a ON a.id = f.adjudication_id"
    " WHERE f.id = {} AND a.signed_at IS NOT NULL)"
)
SITE_SIGNED = (
    f"EXISTS (SELECT 1 FROM {SITE} s JOIN {FINDING} f ON f.id = s.finding_id"
    f" JOIN {ADJUDICATION} a ON a.id = f.adjudication_id"
    " WHERE s.id = {} AND a.signed_at IS NOT NULL)"
)
CHILDREN = (
    # table, key of its parent, whether that parent is frozen, whether the row itself is
    (FINDING, "adjudication_id", SIGNED, FINDING_SIGNED),
    (SITE, "finding_id", FINDING_SIGNED, SITE_SIGNED),
)


def create_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003, 0005 and 0008 among them."""
    marks.create_triggers(apps, schema_editor)
    create = {"sqlite": _create_on_sqlite, "postgresql": _create_on_postgresql}
    for statement in create[schema_editor.connection.vendor]():
        schema_editor.execute(statement, None)


def drop_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003, 0005 and 0008 among them."""
    if schema_editor.connection.vendor == "postgresql":
        for name, table, *_ in _on_postgresql():
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
        schema_editor.execute("DROP FUNCTION crescent_refuse_frozen_adjudication()")
    else:
        for name, *_ in _on_sqlite():
            schema_editor.execute(f"DROP TRIGGER {name}")
    marks.drop_triggers(apps, schema_editor)


def _reads_on_sqlite() -> list[tuple[str, str, str]]:
    """Name, event and condition: as in 0005, but a first read and a re-read of one reader differ."""
    found = []
    for event, other in (("INSERT", ""), ("UPDATE", " AND o.id <> OLD.id")):
        signed = f"o.signed_at IS NOT NULL{other}"
        first = f"o.supersedes_id IS NULL AND NEW.supersedes_id IS NULL AND {signed}"
        blind = f"o.masked_reread_id IS NULL AND NEW.masked_reread_id IS NULL AND {first}"
        conditions = [
            *(
                replacement._taken("registry_read", key, signed)
                for key in ("id", "public_id", "supersedes_id")
            ),
            replacement._taken("registry_read", "contrast_study_id, reader_id", blind),
            replacement._taken("registry_read", "masked_reread_id", first),
        ]
        name = f"registry_read_refuse_replace_by_{event.lower()}"
        found.append((name, event, " OR ".join(conditions)))
    return found


def _on_sqlite() -> list[tuple[str, str, str, str]]:
    """Name, table, event and condition."""
    found = [
        (f"{ADJUDICATION}_refuse_{event.lower()}", ADJUDICATION, event, "OLD.signed_at IS NOT NULL")
        for event in ("UPDATE", "DELETE")
    ]
    for event, other in (("INSERT", ""), ("UPDATE", " AND o.id <> OLD.id")):
        signed = f"o.signed_at IS NOT NULL{other}"
        first = f"o.supersedes_id IS NULL AND NEW.supersedes_id IS NULL AND {signed}"
        taken = [
            replacement._taken(ADJUDICATION, key, signed)
            for key in ("id", "public_id", "supersedes_id")
        ]
        taken.append(replacement._taken(ADJUDICATION, "contrast_study_id", first))
        name = f"{ADJUDICATION}_refuse_replace_by_{event.lower()}"
        found.append((name, ADJUDICATION, event, " OR ".join(taken)))
    for table, parent, parent_signed, signed in CHILDREN:
        old, new = (parent_signed.format(f"{row}.{parent}") for row in ("OLD", "NEW"))
        same_id = signed.format("NEW.id")
        found += [
            (f"{table}_refuse_insert", table, "INSERT", new),
            (f"{table}_refuse_update", table, "UPDATE", old),
            (f"{table}_refuse_delete", table, "DELETE", old),
            (f"{table}_refuse_move", table, "UPDATE", new),
            (f"{table}_refuse_replace_by_insert", table, "INSERT", same_id),
            (
                f"{table}_refuse_replace_by_update",
                table,
                "UPDATE",
                f"NEW.id <> OLD.id AND {same_id}",
            ),
        ]
    return found


def _on_postgresql() -> list[tuple[str, str, str, str]]:
    """Name, table, event and the call; `crescent_refuse` is of 0003."""
    found = [
        (
            f"{ADJUDICATION}_refuse_change",
            ADJUDICATION,
            f"UPDATE OR DELETE ON {ADJUDICATION} FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)",
            f"crescent_refuse('{SENTENCE}')",
        )
    ]
    found += [
        (
            f"{table}_refuse_change",
            table,
            f"INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW",
            f"crescent_refuse_frozen_adjudication('{SENTENCE}', '{parent}')",
        )
        for table, parent, *_ in CHILDREN
    ]
    found += [
        (
            f"{table}_refuse_truncate",
            table,
            f"TRUNCATE ON {table} FOR EACH STATEMENT",
            "crescent_refuse('this table is append-only')",
        )
        for table in (ADJUDICATION, FINDING, SITE)
    ]
    return found


def _create_on_sqlite() -> list[str]:
    statements = []
    for name, event, condition in _reads_on_sqlite():
        statements += [
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON registry_read WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{replacement.SENTENCES['registry_read']}'); END",
        ]
    return statements + [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for name, table, event, condition in _on_sqlite()
    ]


def _create_on_postgresql() -> list[str]:
    return [
        f"""
        CREATE FUNCTION crescent_refuse_frozen_adjudication() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE
            parent bigint;
        BEGIN
            FOREACH parent IN ARRAY ARRAY[
                CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> TG_ARGV[1])::bigint END,
                CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> TG_ARGV[1])::bigint END
            ] LOOP
                IF (TG_ARGV[1] = 'adjudication_id' AND {SIGNED.format("parent")})
                    OR (TG_ARGV[1] = 'finding_id' AND {FINDING_SIGNED.format("parent")})
                THEN
                    RAISE EXCEPTION '%', TG_ARGV[0]
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
            END LOOP;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """,
        *(
            f"CREATE TRIGGER {name} BEFORE {event} EXECUTE FUNCTION {call}"
            for name, _, event, call in _on_postgresql()
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_read_marks_and_drafts"),
    ]

    operations = [
        migrations.RunPython(marks.drop_triggers, marks.create_triggers),
        migrations.RemoveConstraint(
            model_name="read",
            name="read_one_per_reader",
        ),
        migrations.CreateModel(
            name="Adjudication",
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
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("synthetic_fields", models.JSONField(blank=True, default=list, editable=False)),
                ("vocabulary_version", models.CharField(max_length=8)),
                (
                    "adequacy",
                    models.CharField(
                        choices=registry.vocabulary.ReadAdequacy.choices, max_length=24
                    ),
                ),
                ("reason", models.TextField(help_text="Why the images say so.")),
                ("opened_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("correction_reason", models.CharField(blank=True, max_length=200)),
                (
                    "adjudicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjudications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contrast_study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjudications",
                        to="registry.contraststudy",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "read_a",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.read",
                    ),
                ),
                (
                    "read_b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.read",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="registry.adjudication",
                    ),
                ),
            ],
            options={
                "ordering": ["signed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="AdjudicatedFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.ImagingFindingCode.choices, max_length=32
                    ),
                ),
                ("is_primary", models.BooleanField()),
                (
                    "adjudication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="registry.adjudication",
                    ),
                ),
            ],
            options={
                "ordering": ["-is_primary", "id"],
            },
        ),
        migrations.CreateModel(
            name="MaskedReread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(editable=False, unique=True)),
                ("queued_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "first_read",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queued_again",
                        to="registry.read",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="read",
            name="masked_reread",
            field=models.ForeignKey(
                blank=True,
                help_text="The second look this read is; empty for a first read.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reads",
                to="registry.maskedreread",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.UniqueConstraint(
                condition=models.Q(("masked_reread__isnull", True), ("supersedes__isnull", True)),
                fields=("contrast_study", "reader"),
                name="read_one_per_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)),
                fields=("masked_reread",),
                name="read_one_per_masked_reread",
            ),
        ),
        migrations.CreateModel(
            name="AdjudicatedFindingSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=registry.vocabulary.ImagingSite.choices, max_length=48
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="registry.adjudicatedfinding",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                (
                                    "intrathecal_at_tip",
                                    "tip_level",
                                    "intrathecal_focal_unilateral",
                                    "suspected_subdural",
                                    "pump_pocket_around_pump",
                                    "lumbar_canal_below_entry",
                                    "lumbar_outside_canal",
                                    "pump_catheter_connector",
                                    "segment_splice_connector",
                                    "along_subcutaneous_tunnel",
                                    "anchor_site",
                                    "dorsal_dural",
                                    "epidural",
                                    "mid_spinal_segment",
                                    "pump_segment",
                                    "no_opacification",
                                    "tip_subdural",
                                    "tip_epidural",
                                    "tip_paraspinal",
                                    "tip_foraminal",
                                    "tip_vascular",
                                    "other",
                                ),
                            )
                        ),
                        name="adjudicated_finding_site_known",
                    ),
                    models.UniqueConstraint(
                        fields=("finding", "code"), name="adjudicated_finding_site_once"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("adequacy__in", ("adequate", "limited", "inadequate", "not_assessed"))
                ),
                name="adjudication_adequacy_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_at__isnull", True),
                    ("signed_at__isnull", True),
                    ("signed_at__gte", models.F("opened_at")),
                    _connector="OR",
                ),
                name="adjudication_signed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.CheckConstraint(
                condition=models.Q(("read_a", models.F("read_b")), _negated=True),
                name="adjudication_of_two_reads",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="adjudication_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True),
                    models.Q(("correction_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="adjudication_correction_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)),
                fields=("contrast_study",),
                name="adjudication_one_per_study",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudicatedfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        (
                            "normal_crescent",
                            "inadequate_pooling",
                            "leak",
                            "occlusion",
                            "malposition",
                            "indeterminate",
                        ),
                    )
                ),
                name="adjudicated_finding_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudicatedfinding",
            constraint=models.UniqueConstraint(
                fields=("adjudication", "code"), name="adjudicated_finding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudicatedfinding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)),
                fields=("adjudication",),
                name="adjudicated_finding_one_primary",
            ),
        ),
        migrations.CreateModel(
            name="ReadingAssignment",
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
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("synthetic_fields", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "contrast_study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading_assignments",
                        to="registry.contraststudy",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading_assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contrast_study", "reader"), name="reading_assignment_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingProtocol",
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
                ("created_at", models.DateTimeField(editable=False)),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                ("synthetic_fields", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "reads_per_study",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Independent reads of the images that a study asks for.",
                    ),
                ),
                (
                    "reread_share_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Share of signed reads that their reader is asked for again, masked.",
                    ),
                ),
                (
                    "reread_after_days",
                    models.PositiveSmallIntegerField(
                        default=28, help_text="Days from the signature to the second look."
                    ),
                ),
                (
                    "centre",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading_protocol",
                        to="registry.centre",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reads_per_study__in", (1, 2))),
                        name="reading_protocol_one_or_two_reads",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reread_share_percent__isnull", True),
                            models.Q(
                                ("reread_share_percent__gte", 0), ("reread_share_percent__lte", 100)
                            ),
                            _connector="OR",
                        ),
                        name="reading_protocol_share_is_a_percentage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reread_after_days__isnull", True),
                            models.Q(
                                ("reread_after_days__gte", 1), ("reread_after_days__lte", 730)
                            ),
                            _connector="OR",
                        ),
                        name="reading_protocol_days_plausible",
                    ),
                ],
            },
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
