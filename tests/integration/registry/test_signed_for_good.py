"""A signed read or decision is changed by nobody: not by SQL, not by an account, not by a request.

`test_frozen_rows` tries to replace and move rows; here every column, every method of every address
and people who sign at the same moment are tried.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from registry.models import (
    AdjudicatedFinding,
    AdjudicatedFindingSite,
    Adjudication,
    HistoryEvent,
    ImagingFinding,
    ImagingFindingSite,
    Read,
    ReadDraft,
    ReadKeyImage,
    ReadMeasurement,
    Role,
    SuperuserError,
    User,
)
from tests.factories import addresses, case_forms, exported_reads, stored_studies, walk
from tests.factories import reading_rooms as rooms
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

FROZEN = (
    Read,
    ImagingFinding,
    ImagingFindingSite,
    ReadMeasurement,
    ReadKeyImage,
    Adjudication,
    AdjudicatedFinding,
    AdjudicatedFindingSite,
)
REFUSED = r"append-only|immutable|frozen"


@pytest.fixture
def here():
    """Read by two who differ, one of them with marks, and decided by the third."""
    here = rooms.rooms()
    study = here.study(with_images=False)
    images = stored_studies.study(centre_code=here.centre.code, slices=3, PatientID="")
    make.study_link(of=study, study=images, by=here.manager)
    exported_reads.sign(study, images, by=here.readers[0])
    rooms.read_images(study, by=here.readers[1], finding="occlusion")
    here.adjudication(study)
    return here


@pytest.fixture
def foreign():
    """The database as another program opens it: on SQLite without recursive triggers."""

    def switch(state):
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA recursive_triggers={state}")

    switch("OFF")
    yield
    switch("ON")


def everything_signed():
    """All rows as they stand in the database, in whatever order."""
    found = {}
    for model in FROZEN:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")
            found[model.__name__] = cursor.fetchall()
    return found


def refuses(statement, values=(), *, match=REFUSED):
    with (
        pytest.raises(IntegrityError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


@pytest.mark.usefixtures("here")
class TestBySql:
    def test_no_column_is_written(self):
        """Not even with the value it has."""
        before = everything_signed()
        assert all(before.values())
        if connection.vendor == "postgresql":
            # What was just written is checked, so that a table may be asked to be emptied.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in FROZEN:
            table = model._meta.db_table
            for field in model._meta.concrete_fields:
                refuses(f"UPDATE {table} SET {field.column} = {field.column}")
            refuses(f"DELETE FROM {table}")
            if connection.vendor == "postgresql":
                refuses(f"TRUNCATE {table} CASCADE")
        assert everything_signed() == before

    @pytest.mark.usefixtures("foreign")
    def test_no_row_is_written_over(self):
        before = everything_signed()
        for model in FROZEN:
            columns = ", ".join(field.column for field in model._meta.concrete_fields)
            table = model._meta.db_table
            copy = f"INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE true"
            if connection.vendor == "sqlite":
                refuses(f"INSERT OR REPLACE {copy}")
                refuses(f"REPLACE {copy}")
            else:
                refuses(f"INSERT {copy} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id")
        assert everything_signed() == before

    def test_nothing_is_added_to_what_is_signed(self):
        for child, parent in (
            (AdjudicatedFinding, "adjudication"),
            (AdjudicatedFindingSite, "finding"),
            (ImagingFinding, "read"),
            (ImagingFindingSite, "finding"),
        ):
            row = child.objects.first()
            values = {f"{parent}_id": getattr(row, f"{parent}_id"), "code": "malposition"}
            if hasattr(row, "is_primary"):
                values["is_primary"] = False
            with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
                child.objects.create(**values)

    @pytest.mark.usefixtures("foreign")
    def test_no_other_decision_takes_its_place(self):
        """That a study is decided once is a key as well, and OR REPLACE makes room under it."""
        signed = Adjudication.objects.get()
        fields = [f.column for f in Adjudication._meta.concrete_fields if f.column != "id"]
        over = "OR REPLACE" if connection.vendor == "sqlite" else ""
        for free in ({}, {"public_id"}):
            copied = ", ".join("%s" if name in free else name for name in fields)
            refuses(
                f"INSERT {over} INTO registry_adjudication ({', '.join(fields)})"
                f" SELECT {copied} FROM registry_adjudication WHERE id = %s",
                [*(str(addresses.NOBODY) for _ in free), signed.pk],
                match=REFUSED if over else "duplicate key",
            )


class TestByAccount:
    @pytest.mark.parametrize("right", ["is_superuser", "is_staff"])
    def test_there_is_no_superuser(self, here, right):
        person = here.readers[0]
        match = "user_never_superuser"
        refuses(
            f"UPDATE registry_user SET {right} = %s WHERE id = %s", [True, person.pk], match=match
        )
        with pytest.raises(IntegrityError, match=match), transaction.atomic():
            User.objects.create(username="root", **{right: True})
        with pytest.raises(SuperuserError):
            User.objects.create_superuser("root", password=make.PASSWORD)
        with pytest.raises(SuperuserError):
            call_command("createsuperuser", interactive=False, username="root", email="r@x.example")

    def test_no_django_permission_or_group_opens_anything(self, here):
        """What Django itself grants to accounts and groups is not asked."""
        reader = here.readers[0]
        group = Group.objects.create(name="all")
        group.permissions.set(Permission.objects.all())
        reader.groups.add(group)
        reader.user_permissions.set(Permission.objects.all())
        reader = User.objects.get(pk=reader.pk)
        unblinding = ("registry.view_patient", "registry.view_history")
        assert [name for name in unblinding if reader.has_perm(name)] == []


@pytest.mark.one_database
@pytest.mark.parametrize("whose", ["their own", "those of others"])
def test_no_request_changes_what_is_signed(here, whose):
    """Every page, by every method, with the answers of the form and the right password."""
    person = here.readers[0]
    if whose != "their own":
        person = make.user(at_centre=here.centre, roles=list(Role.values))
    before, reads = everything_signed(), list(Read.objects.all())
    answers = case_forms.leak(
        password=make.PASSWORD, correction_reason="late", reason="late", remarks="late",
        certainty="1", edition="0", marks="{}",
    )  # fmt: skip
    client = Client()
    client.force_login(person, backend="registry.access.RoleBackend")
    for name, path in addresses.every():
        if name in {"registry:sign-out", "registry:person-one-time-password"}:
            continue
        for method in ("post", "put", "patch", "delete"):
            with transaction.atomic(), walk.unlogged():
                assert getattr(client, method)(path, answers).status_code < 500, (method, path)
    after = everything_signed()
    assert {name for name, rows in before.items() if not set(rows) <= set(after[name])} == set()
    corrected = Read.objects.filter(supersedes__in=reads)
    assert corrected.count() == (1 if whose == "their own" else 0), "the requests do reach a form"


def test_a_second_tab_a_late_draft_and_an_older_page_hear_only_that_it_is_signed(here):
    reader, study = here.readers[0], here.study()
    room = reverse("registry:reading-room", args=[study.public_id])
    draft = reverse("registry:reading-draft", args=[study.public_id])
    first, second = Client(), Client()
    for tab in (first, second):
        tab.force_login(reader, backend="registry.access.RoleBackend")
        assert tab.get(room).status_code == 200
    assert second.post(draft, {"remarks": "in the second tab", "edition": "0"}).status_code == 200
    answers = case_forms.leak(password=make.PASSWORD, remarks="in the first tab")
    assert first.post(room, answers).status_code == 302
    before = everything_signed()

    late = second.post(draft, {"remarks": "late", "edition": "1"})
    assert (late.status_code, set(late.json())) == (403, {"error"})
    again = second.post(room, answers | {"primary_finding": "occlusion"})
    assert b"You have signed your read" in again.content
    assert b'name="primary_finding"' not in again.content
    assert everything_signed() == before
    assert not ReadDraft.objects.filter(reader=reader).exists()
    for answer in (late, again, second.get(room)):
        assert answer["Cache-Control"] == "no-store"


def at_once(*requests):
    start = Barrier(len(requests))

    def run(request):
        start.wait()
        try:
            return request()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(run, requests))


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    """Over HTTP, each in a thread and on a connection of its own."""

    @staticmethod
    def client_of(person):
        client = Client()
        client.force_login(person, backend="registry.access.RoleBackend")
        return client

    @pytest.mark.parametrize("turn", range(2))
    def test_tabs_that_sign_make_one_read_with_its_own_findings(self, turn):
        here = rooms.rooms()
        study, reader = here.study(), here.readers[0]
        room = reverse("registry:reading-room", args=[study.public_id])
        draft = reverse("registry:reading-draft", args=[study.public_id])
        remarks = [f"tab {number}" for number in range(3)]
        tabs = [self.client_of(reader) for _ in remarks]
        late = self.client_of(reader)
        signed = case_forms.leak(password=make.PASSWORD)
        *answers, kept = at_once(
            *[
                lambda tab=tab, words=words: tab.post(room, signed | {"remarks": words})
                for tab, words in zip(tabs, remarks, strict=True)
            ],
            lambda: late.post(draft, {"remarks": "late", "edition": "0"}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 200, 302]
        assert kept.status_code in {200, 403}
        read = Read.objects.get()
        (first,) = (
            words
            for words, answer in zip(remarks, answers, strict=True)
            if answer.status_code == 302
        )
        assert read.remarks == first
        assert ImagingFinding.objects.count() == ImagingFindingSite.objects.count() == 1
        assert HistoryEvent.objects.filter(action="read.sign").count() == 1
        assert not ReadDraft.objects.exists()

    def test_two_who_decide_make_one_decision(self):
        here = rooms.rooms()
        study = here.disputed_study()
        fourth = make.user(at_centre=here.centre, roles=[Role.READER])
        path = reverse("registry:adjudication", args=[study.public_id])
        clients = [self.client_of(person) for person in (here.readers[2], fourth)]
        seen = [client.get(path).context["form"]["seen"].value() for client in clients]
        sent = case_forms.leak(password=make.PASSWORD, reason="at the pump", seen=seen[0])
        answers = at_once(*[lambda one=one: one.post(path, sent) for one in clients])
        assert sorted(answer.status_code for answer in answers) in ([200, 302], [302, 404])
        assert Adjudication.objects.count() == AdjudicatedFinding.objects.count() == 1
        assert HistoryEvent.objects.filter(action="adjudication.sign").count() == 1
