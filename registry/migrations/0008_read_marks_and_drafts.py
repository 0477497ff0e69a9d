"""What a reader measured and marked is kept with the read, and frozen with it.

Also drafts, the extent of contrast, and which images were on the screen.

A migration that alters one of the guarded tables puts its operations between `drop_triggers` and
`create_triggers` of this module: those of 0003 and 0005 are among them.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import registry.vocabulary

triggers = import_module("registry.migrations.0005_refuse_replacement")

MARKS = ("registry_readmeasurement", "registry_readkeyimage")
SENTENCE = "the marks of a signed read are frozen"
MARK_SIGNED = (
    "EXISTS (SELECT 1 FROM {table} m JOIN registry_read r ON r.id = m.read_id"
    " WHERE m.id = NEW.id AND r.signed_at IS NOT NULL)"
)


def create_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003 and 0005 among them."""
    triggers.create_triggers(apps, schema_editor)
    create_mark_triggers(apps, schema_editor)


def drop_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003 and 0005 among them."""
    drop_mark_triggers(apps, schema_editor)
    triggers.drop_triggers(apps, schema_editor)


def create_mark_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create = {"sqlite": _create_on_sqlite, "postgresql": _create_on_postgresql}
    for statement in create[schema_editor.connection.vendor]():
        schema_editor.execute(statement, None)


def drop_mark_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name, table, *_ in _on_postgresql():
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
        return
    for name, *_ in _on_sqlite():
        schema_editor.execute(f"DROP TRIGGER {name}")


def _on_sqlite() -> list[tuple[str, str, str, str]]:
    """Name, table, event and condition.

    The other keys of a mark name its read, so what a replacement hits under them is frozen with it.
    """
    found = []
    for table in MARKS:
        old, new = (triggers.READ_SIGNED.format(f"{row}.read_id") for row in ("OLD", "NEW"))
        same_id = MARK_SIGNED.format(table=table)
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
    """Name, table, event and the call; the functions are those of 0003 and 0005."""
    found = []
    for table in MARKS:
        for event in ("INSERT", "UPDATE", "DELETE"):
            frozen = f"crescent_refuse_frozen_read('{SENTENCE}')"
            found.append(
                (
                    f"{table}_refuse_{event.lower()}",
                    table,
                    f"{event} ON {table} FOR EACH ROW",
                    frozen,
                )
            )
        found.append(
            (
                f"{table}_refuse_move",
                table,
                f"UPDATE ON {table} FOR EACH ROW",
                f"crescent_refuse_move_into_frozen_read('{SENTENCE}', 'read_id')",
            )
        )
        found.append(
            (
                f"{table}_refuse_truncate",
                table,
                f"TRUNCATE ON {table} FOR EACH STATEMENT",
                "crescent_refuse('this table is append-only')",
            )
        )
    return found


def _create_on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for name, table, event, condition in _on_sqlite()
    ]


def _create_on_postgresql() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} EXECUTE FUNCTION {call}"
        for name, _, event, call in _on_postgresql()
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("imaging", "0005_dicomweb_out"),
        ("registry", "0007_one_time_passwords"),
    ]

    operations = [
        migrations.RunPython(triggers.drop_triggers, triggers.create_triggers),
        migrations.AddField(
            model_name="read",
            name="extent_from_level",
            field=models.CharField(
                blank=True,
                choices=registry.vocabulary.SpinalLevel.choices,
                help_text="Uppermost level reached.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="read",
            name="extent_mm",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How far contrast reaches along the thecal sac; empty = not measured.",
                null=True,
                verbose_name="extent of contrast, mm",
            ),
        ),
        migrations.AddField(
            model_name="read",
            name="extent_to_level",
            field=models.CharField(
                blank=True,
                choices=registry.vocabulary.SpinalLevel.choices,
                help_text="Lowermost level reached.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="read",
            name="images_shown",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Public id of each series to how many of its slices were on the screen, of how many; empty for a read abstracted from a report.",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "extent_from_level__in",
                        (
                            "",
                            "c1",
                            "c2",
                            "c3",
                            "c4",
                            "c5",
                            "c6",
                            "c7",
                            "t1",
                            "t2",
                            "t3",
                            "t4",
                            "t5",
                            "t6",
                            "t7",
                            "t8",
                            "t9",
                            "t10",
                            "t11",
                            "t12",
                            "l1",
                            "l2",
                            "l3",
                            "l4",
                            "l5",
                            "s1",
                            "unknown",
                        ),
                    )
                ),
                name="read_extent_from_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "extent_to_level__in",
                        (
                            "",
                            "c1",
                            "c2",
                            "c3",
                            "c4",
                            "c5",
                            "c6",
                            "c7",
                            "t1",
                            "t2",
                            "t3",
                            "t4",
                            "t5",
                            "t6",
                            "t7",
                            "t8",
                            "t9",
                            "t10",
                            "t11",
                            "t12",
                            "l1",
                            "l2",
                            "l3",
                            "l4",
                            "l5",
                            "s1",
                            "unknown",
                        ),
                    )
                ),
                name="read_extent_to_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("extent_from_level", ""), ("extent_to_level", "")),
                    models.Q(
                        models.Q(("extent_from_level", ""), _negated=True),
                        models.Q(("extent_to_level", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="read_extent_has_both_levels",
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extent_mm__isnull", True),
                    models.Q(("extent_mm__gte", 1), ("extent_mm__lte", 1000)),
                    _connector="OR",
                ),
                name="read_extent_mm_plausible",
            ),
        ),
        migrations.CreateModel(
            name="ReadDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "room",
                    models.UUIDField(
                        editable=False,
                        help_text="The id in the address of the room: of the contrast study, or of the read that is corrected.",
                    ),
                ),
                (
                    "answers",
                    models.JSONField(help_text="Field name of the form to the values sent."),
                ),
                (
                    "marks",
                    models.JSONField(
                        help_text="Measurements and key images as the viewer sent them."
                    ),
                ),
                ("edition", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                (
                    "contrast_study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="read_drafts",
                        to="registry.contraststudy",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="read_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reader", "room"), name="read_draft_one_per_room"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadKeyImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="In the order it was marked, from 1."
                    ),
                ),
                ("frame", models.PositiveIntegerField(help_text="Of the instance, from 0.")),
                ("window_centre_hu", models.FloatField()),
                ("window_width_hu", models.FloatField()),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imaging.instance",
                    ),
                ),
                (
                    "read",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="key_images",
                        to="registry.read",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imaging.series",
                    ),
                ),
            ],
            options={
                "ordering": ["read_id", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("window_width_hu__gt", 0)),
                        name="read_key_image_window_has_width",
                    ),
                    models.UniqueConstraint(
                        fields=("read", "number"), name="read_key_image_number"
                    ),
                    models.UniqueConstraint(
                        fields=("read", "instance", "frame"), name="read_key_image_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadMeasurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="In the order it was drawn, from 1."
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=registry.vocabulary.MeasurementKind.choices, max_length=16
                    ),
                ),
                (
                    "frame",
                    models.PositiveIntegerField(
                        blank=True, help_text="Of the instance, from 0.", null=True
                    ),
                ),
                (
                    "points_mm",
                    models.JSONField(
                        help_text="[x, y, z] in mm, LPS. length: both ends; angle: end, vertex, end; ellipse: ends of one axis, ends of the other; freehand: corners; probe: the place; arrow: tip, tail."
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=200)),
                ("length_mm", models.FloatField(blank=True, null=True)),
                ("angle_deg", models.FloatField(blank=True, null=True)),
                ("area_mm2", models.FloatField(blank=True, null=True)),
                ("mean_hu", models.FloatField(blank=True, null=True)),
                (
                    "sd_hu",
                    models.FloatField(
                        blank=True, help_text="Of these pixels, divided by their number.", null=True
                    ),
                ),
                ("min_hu", models.FloatField(blank=True, null=True)),
                ("max_hu", models.FloatField(blank=True, null=True)),
                (
                    "pixels",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many the HU were taken from; padding is not counted.",
                        null=True,
                    ),
                ),
                ("hu_undefined_reason", models.CharField(blank=True, max_length=200)),
                (
                    "instance",
                    models.ForeignKey(
                        blank=True,
                        help_text="The slice it was drawn on; empty on a plane reformatted from many.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imaging.instance",
                    ),
                ),
                (
                    "read",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="registry.read",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imaging.series",
                    ),
                ),
            ],
            options={
                "ordering": ["read_id", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("length", "angle", "ellipse", "freehand", "probe", "arrow"),
                            )
                        ),
                        name="read_measurement_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("instance__isnull", True), ("frame__isnull", True)),
                            models.Q(("instance__isnull", False), ("frame__isnull", False)),
                            _connector="OR",
                        ),
                        name="read_measurement_frame_of_instance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mean_hu__isnull", True), ("pixels__isnull", True)),
                            models.Q(("mean_hu__isnull", False), ("pixels__isnull", False)),
                            _connector="OR",
                        ),
                        name="read_measurement_hu_of_pixels",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mean_hu__isnull", True), ("hu_undefined_reason", ""), _connector="OR"
                        ),
                        name="read_measurement_hu_or_reason",
                    ),
                    models.UniqueConstraint(
                        fields=("read", "number"), name="read_measurement_number"
                    ),
                ],
            },
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
