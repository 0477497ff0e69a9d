"""What is written once stays as it was written: the database itself refuses to change it.

History events and frozen reports are never updated or deleted. A signed read and its findings are
never updated, deleted or added to. SQLite and PostgreSQL each get their own triggers.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSALS = [
    # table, events, condition on OLD (or NEW for INSERT), sentence
    ("registry_historyevent", ("UPDATE", "DELETE"), "", "history is append-only"),
    ("registry_auditreport", ("UPDATE", "DELETE"), "", "a frozen report is immutable"),
    (
        "registry_auditreport_centres",
        ("UPDATE", "DELETE"),
        "",
        "a frozen report is immutable",
    ),
    (
        "registry_read",
        ("UPDATE", "DELETE"),
        "OLD.signed_at IS NOT NULL",
        "a signed read is frozen; correct it by a new one",
    ),
    *(
        (
            "registry_imagingfinding",
            (event,),
            "EXISTS (SELECT 1 FROM registry_read r"
            f" WHERE r.id = {row}.read_id AND r.signed_at IS NOT NULL)",
            "the findings of a signed read are frozen",
        )
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ),
    *(
        (
            "registry_imagingfindingsite",
            (event,),
            "EXISTS (SELECT 1 FROM registry_imagingfinding f"
            " JOIN registry_read r ON r.id = f.read_id"
            f" WHERE f.id = {row}.finding_id AND r.signed_at IS NOT NULL)",
            "the findings of a signed read are frozen",
        )
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ),
]


def names_and_refusals() -> list[tuple[str, str, str, str, str]]:
    return [
        (f"{table}_refuse_{event.lower()}", table, event, condition, sentence)
        for table, events, condition, sentence in REFUSALS
        for event in events
    ]


def create_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create = {"sqlite": _create_on_sqlite, "postgresql": _create_on_postgresql}
    for statement in create[schema_editor.connection.vendor]():
        schema_editor.execute(statement, None)


def drop_triggers(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, *_ in names_and_refusals():
        schema_editor.execute(f"DROP TRIGGER {name}{f' ON {table}' if postgresql else ''}")
    if postgresql:
        for table in _truncatable():
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_truncate ON {table}")
        schema_editor.execute("DROP FUNCTION crescent_refuse()")
        schema_editor.execute("DROP FUNCTION crescent_refuse_frozen_read()")


def _create_on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
        f"{f'WHEN {condition} ' if condition else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        for name, table, event, condition, sentence in names_and_refusals()
    ]


def _create_on_postgresql() -> list[str]:
    statements = [
        """
        CREATE FUNCTION crescent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        # A trigger's WHEN clause may not hold a subquery on PostgreSQL, so the look-up is here.
        """
        CREATE FUNCTION crescent_refuse_frozen_read() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            frozen boolean;
            finding bigint;
            read bigint;
            subject jsonb := to_jsonb(CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END);
        BEGIN
            finding := (subject ->> 'finding_id')::bigint;
            read := COALESCE(
                (subject ->> 'read_id')::bigint,
                (SELECT f.read_id FROM registry_imagingfinding f WHERE f.id = finding)
            );
            SELECT r.signed_at IS NOT NULL INTO frozen FROM registry_read r WHERE r.id = read;
            IF frozen THEN
                RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """,
    ]
    for name, table, event, condition, sentence in names_and_refusals():
        looks_up = "EXISTS" in condition
        when = f"WHEN ({condition}) " if condition and not looks_up else ""
        function = "crescent_refuse_frozen_read" if looks_up else "crescent_refuse"
        statements.append(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
            f"EXECUTE FUNCTION {function}('{sentence}')"
        )
    statements += [
        f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION crescent_refuse('this table is append-only')"
        for table in _truncatable()
    ]
    return statements


def _truncatable() -> list[str]:
    return sorted({table for table, *_ in REFUSALS})


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_cases_and_reports")]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]
