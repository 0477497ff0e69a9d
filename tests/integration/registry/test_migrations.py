"""Migrations that alter guarded tables keep every row, every trigger and a sound history."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from registry import queries
from registry.models import HistoryChain, ListEntry
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db(transaction=True)

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal ORDER BY tgname",
}


def fetched(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


MADE_ANEW = {
    *("registry_listentry", "registry_patienttally", "registry_centretally"),
    *("registry_advisory", "registry_advisorymodel"),
}
"""Under other keys: what is worked out at the end of the migrations, and what they ship."""


def rows():
    tables = [t for t in connection.introspection.table_names() if t.startswith("registry_")]
    tables = sorted(set(tables) - MADE_ANEW)
    return {table: sorted(map(repr, fetched(f"SELECT * FROM {table}"))) for table in tables}


def test_rows_triggers_and_history_survive_the_migrations():
    centre = make.centre()
    person = make.user(at_centre=centre)
    patient = make.patient(by=person, at_centre=centre, local_number="4711")
    make.component(of=patient, by=person)
    case = make.case(of=patient, by=person)
    make.read(of=make.contrast_study(of=case, by=person), by=person)
    make.surgery(of=case, by=person)
    make.report(of=centre, by=person)
    lines = set(ListEntry.objects.values_list("term", "about"))
    # It tells kept answers of audits apart, and begins anew when its column does.
    HistoryChain.objects.update(facts_hash="")
    before, guarded = rows(), fetched(TRIGGERS[connection.vendor])
    assert guarded

    call_command("migrate", "registry", "0002_cases_and_reports", verbosity=0)
    assert fetched(TRIGGERS[connection.vendor]) != guarded
    call_command("migrate", "registry", verbosity=0)

    assert rows() == before
    assert set(ListEntry.objects.values_list("term", "about")) == lines
    assert fetched(TRIGGERS[connection.vendor]) == guarded
    key = settings.CRESCENT_HISTORY_KEY
    assert queries.history.first_broken_link(centre.code, key=key) is None
