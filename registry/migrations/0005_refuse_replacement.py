"""Nothing takes the place of a frozen row, and nothing is moved into a signed read.

`INSERT OR REPLACE` and `UPDATE OR REPLACE` of SQLite delete whatever has one of the keys of the new
row, and ask no DELETE trigger unless the connection has set `recursive_triggers`; ours do, those of
other programs do not. So the keys are looked up before. PostgreSQL has no such statement.

A migration that alters one of the guarded tables puts its operations between `drop_triggers` and
`create_triggers` of this module: those of 0003 are among them.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

append_only = import_module("registry.migrations.0003_append_only")

EVENTS_AND_REPORTS = {
    "registry_historyevent": ("id", "chain_id, sequence"),
    "registry_auditreport": ("id", "public_id"),
    "registry_auditreport_centres": ("id", "auditreport_id, centre_id"),
}
"""What a row is known by. An update of one of these is refused whatever it changes."""

READ_SIGNED = "EXISTS (SELECT 1 FROM registry_read r WHERE r.id = {} AND r.signed_at IS NOT NULL)"
FINDING_SIGNED = (
    "EXISTS (SELECT 1 FROM registry_imagingfinding f JOIN registry_read r ON r.id = f.read_id"
    " WHERE f.id = {} AND r.signed_at IS NOT NULL)"
)
SITE_SIGNED = (
    "EXISTS (SELECT 1 FROM registry_imagingfindingsite s"
    " JOIN registry_imagingfinding f ON f.id = s.finding_id JOIN registry_read r ON r.id = f.read_id"
    " WHERE s.id = {} AND r.signed_at IS NOT NULL)"
)
MOVES = (
    ("registry_imagingfinding", "read_id", READ_SIGNED),
    ("registry_imagingfindingsite", "finding_id", FINDING_SIGNED),
)
"""Child table, key of its parent, and whether that parent is frozen."""

SENTENCES = {table: sentence for table, _, _, sentence in append_only.REFUSALS}


def create_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003 among them."""
    append_only.create_triggers(apps, schema_editor)
    create_replacement_triggers(apps, schema_editor)


def drop_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every trigger there is, those of 0003 among them."""
    drop_replacement_triggers(apps, schema_editor)
    append_only.drop_triggers(apps, schema_editor)


def create_replacement_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create = {"sqlite": _create_on_sqlite, "postgresql": _create_on_postgresql}
    for statement in create[schema_editor.connection.vendor]():
        schema_editor.execute(statement, None)


def drop_replacement_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, *_ in MOVES:
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_move ON {table}")
        schema_editor.execute("DROP FUNCTION crescent_refuse_move_into_frozen_read()")
        return
    for name, *_ in (*_replacements(), *_moves()):
        schema_editor.execute(f"DROP TRIGGER {name}")


def _replacements() -> list[tuple[str, str, str, str]]:
    """Name, table, event and condition of what would make room for a row on SQLite."""
    found = [
        (f"{table}_refuse_replace", table, "INSERT", " OR ".join(_taken(table, k) for k in keys))
        for table, keys in EVENTS_AND_REPORTS.items()
    ]
    for event, other in (("INSERT", ""), ("UPDATE", "o.id <> OLD.id")):
        signed = " AND ".join(("o.signed_at IS NOT NULL", *filter(None, [other])))
        first = f"o.supersedes_id IS NULL AND NEW.supersedes_id IS NULL AND {signed}"
        keys = ("id", "public_id", "supersedes_id")
        taken = [_taken("registry_read", key, signed) for key in keys]
        taken.append(_taken("registry_read", "contrast_study_id, reader_id", first))
        conditions = {
            "registry_read": " OR ".join(taken),
            # Their other keys name the parent, so what they hit is frozen with it.
            "registry_imagingfinding": FINDING_SIGNED.format("NEW.id"),
            "registry_imagingfindingsite": SITE_SIGNED.format("NEW.id"),
        }
        for table, condition in conditions.items():
            if event == "UPDATE" and table != "registry_read":
                condition = f"NEW.id <> OLD.id AND {condition}"
            found.append((f"{table}_refuse_replace_by_{event.lower()}", table, event, condition))
    return found


def _moves() -> list[tuple[str, str, str, str]]:
    return [
        (f"{table}_refuse_move", table, "UPDATE", frozen.format(f"NEW.{parent}"))
        for table, parent, frozen in MOVES
    ]


def _taken(table: str, key: str, further: str = "") -> str:
    same = " AND ".join(f"o.{column} = NEW.{column}" for column in key.split(", "))
    condition = f"{same} AND {further}" if further else same
    return f"EXISTS (SELECT 1 FROM {table} o WHERE {condition})"


def _create_on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCES[table]}'); END"
        for name, table, event, condition in (*_replacements(), *_moves())
    ]


def _create_on_postgresql() -> list[str]:
    return [
        f"""
        CREATE FUNCTION crescent_refuse_move_into_frozen_read() RETURNS trigger
        LANGUAGE plpgsql AS $$
        DECLARE
            parent bigint := (to_jsonb(NEW) ->> TG_ARGV[1])::bigint;
        BEGIN
            IF (TG_ARGV[1] = 'read_id' AND {READ_SIGNED.format("parent")})
                OR (TG_ARGV[1] = 'finding_id' AND {FINDING_SIGNED.format("parent")})
            THEN
                RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        *(
            f"CREATE TRIGGER {table}_refuse_move BEFORE UPDATE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION "
            f"crescent_refuse_move_into_frozen_read('{SENTENCES[table]}', '{parent}')"
            for table, parent, _ in MOVES
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_closed_lists_and_ranges")]

    operations = [
        migrations.RunPython(create_replacement_triggers, drop_replacement_triggers),
    ]
