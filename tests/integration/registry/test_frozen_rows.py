"""What is written once is neither replaced nor joined, whoever opens the database."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from registry.models import (
    AuditReport,
    HistoryEvent,
    ImagingFinding,
    ImagingFindingSite,
    Read,
    ReadKeyImage,
    ReadMeasurement,
)
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db

FROZEN = r"append-only|immutable|frozen"
UNUSED = "0" * 32


@pytest.fixture
def world():
    """A signed read with a leak at a site, a report, and a second read that is not signed yet."""
    centre = make.centre()
    surgeon = make.user(at_centre=centre)
    case = make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
    signed = make.read(of=make.contrast_study(of=case, by=surgeon), by=surgeon)
    corrected = make.read(of=make.contrast_study(of=case, by=surgeon), by=surgeon)
    draft = Read.objects.create(
        contrast_study=make.contrast_study(of=case, by=surgeon), reader=surgeon,
        source="images_here", vocabulary_version="1", information_shown=[], adequacy="adequate",
        opened_at=make.NOW, created_at=make.NOW, created_by=surgeon,
    )  # fmt: skip
    finding = ImagingFinding.objects.create(read=draft, code="leak", is_primary=True)
    return SimpleNamespace(
        signed=signed,
        correction=make.read(
            of=corrected.contrast_study,
            by=surgeon,
            supersedes=corrected,
            correction_reason="looked again",
        ),
        report=make.report(of=centre, by=surgeon),
        draft=draft,
        draft_finding=finding,
        draft_site=ImagingFindingSite.objects.create(
            finding=finding, code="pump_pocket_around_pump"
        ),
    )


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


def refuses(statement, values, *, match=FROZEN):
    with (
        pytest.raises(IntegrityError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def refuses_over(row, key, **values):
    """Insert a copy of the row with other values over what stands under its key."""
    columns = [field.column for field in row._meta.concrete_fields]
    copied = ", ".join(f"%({name})s" if name in values else name for name in columns)
    over, where = ("OR REPLACE", "") if connection.vendor == "sqlite" else ("", key)
    refuses(
        f"INSERT {over} INTO {row._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {copied} FROM {row._meta.db_table} WHERE id = %(row)s "
        + (f"ON CONFLICT {where} DO UPDATE SET id = EXCLUDED.id" if where else ""),
        values | {"row": row.pk},
    )


def new_id(model):
    return {"id": model.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1000}


def test_no_row_is_replaced_by_ourselves(world):
    refuses_over(HistoryEvent.objects.first(), "(id)", reason="forged")


@pytest.mark.usefixtures("foreign")
class TestNobodyReplaces:
    def test_an_event(self, world):
        event = HistoryEvent.objects.first()
        refuses_over(event, "(id)", reason="forged")
        refuses_over(event, "(chain_id, sequence)", reason="forged", **new_id(HistoryEvent))

    def test_a_report_or_its_centres(self, world):
        centre = AuditReport.centres.through.objects.get()
        refuses_over(world.report, "(id)", title="forged")
        refuses_over(world.report, "(public_id)", title="forged", **new_id(AuditReport))
        refuses_over(centre, "(id)")
        refuses_over(centre, "(auditreport_id, centre_id)", **new_id(type(centre)))

    def test_a_signed_read(self, world):
        refuses_over(world.signed, "(id)", remarks="forged")
        refuses_over(world.signed, "(public_id)", remarks="forged", **new_id(Read))

    def test_a_signed_read_by_another_of_its_reader(self, world):
        """That a reader reads a study once is a key as well, and OR REPLACE makes room under it."""
        refuses_over(
            world.signed,
            "(contrast_study_id, reader_id) WHERE supersedes_id IS NULL"
            " AND masked_reread_id IS NULL",
            public_id=UNUSED,
            signed_at=None,
            **new_id(Read),
        )
        refuses_over(
            world.correction, "(supersedes_id)", public_id=UNUSED, signed_at=None, **new_id(Read)
        )

    def test_a_finding_of_a_signed_read_by_one_of_a_draft(self, world):
        finding = world.signed.findings.get()
        refuses_over(finding, "(id)", read_id=world.draft.pk, code="occlusion", is_primary=False)
        refuses_over(
            finding.sites.get(), "(id)", finding_id=world.draft_finding.pk, code="epidural"
        )

    def test_what_is_frozen_by_renaming_a_draft(self, world):
        finding = world.signed.findings.get()
        for draft, frozen in (
            (world.draft, world.signed),
            (world.draft_finding, finding),
            (world.draft_site, finding.sites.get()),
        ):
            sqlite = connection.vendor == "sqlite"
            refuses(
                f"UPDATE {'OR REPLACE' if sqlite else ''} {draft._meta.db_table} "
                "SET id = %(frozen)s WHERE id = %(draft)s",
                {"frozen": frozen.pk, "draft": draft.pk},
                match=FROZEN if sqlite else "duplicate key",
            )


def test_nothing_is_moved_into_a_signed_read(world):
    finding = world.signed.findings.get()
    refuses(
        "UPDATE registry_imagingfinding SET read_id = %s, code = 'occlusion', is_primary = %s"
        " WHERE id = %s",
        [world.signed.pk, False, world.draft_finding.pk],
    )
    refuses(
        "UPDATE registry_imagingfindingsite SET finding_id = %s, code = 'epidural' WHERE id = %s",
        [finding.pk, world.draft_site.pk],
    )


@pytest.fixture
def marks(world):
    """A measurement and a key image of a signed read, and each of one that is not signed yet."""
    series = stored_studies.study(centre_code="NORTH", slices=1).series.get()
    image = {"series": series, "instance": series.instances.get(), "frame": 0}
    signed = Read.objects.create(
        contrast_study=world.draft.contrast_study,
        reader=make.user(at_centre=make.Centre.objects.get()),
        source="images_here", vocabulary_version="2", information_shown=[], adequacy="adequate",
        opened_at=make.NOW, created_at=make.NOW, created_by=world.draft.reader,
    )  # fmt: skip
    found = SimpleNamespace(signed=signed)
    for name, read in (("frozen", signed), ("loose", world.draft)):
        measurement = ReadMeasurement.objects.create(
            read=read, number=1, kind="length", points_mm=[[0, 0, 0], [3, 4, 0]], length_mm=5,
            **image,
        )  # fmt: skip
        key_image = ReadKeyImage.objects.create(
            read=read, number=1, window_centre_hu=40, window_width_hu=400, **image
        )
        setattr(found, name, (measurement, key_image))
    signed.signed_at = make.NOW
    signed.save()
    return found


class TestMarksOfASignedRead:
    def test_are_neither_changed_deleted_nor_added_to(self, marks):
        for mark in marks.frozen:
            table = mark._meta.db_table
            refuses(f"UPDATE {table} SET number = 9 WHERE id = %s", [mark.pk])
            refuses(f"DELETE FROM {table} WHERE id = %s", [mark.pk])
            with pytest.raises(IntegrityError, match=FROZEN), transaction.atomic():
                type(mark).objects.create(
                    **{
                        field.attname: getattr(mark, field.attname)
                        for field in mark._meta.concrete_fields
                        if field.name != "id"
                    }
                    | {"number": 2}
                )

    def test_are_not_joined_by_those_of_a_draft(self, marks):
        for mark in marks.loose:
            refuses(
                f"UPDATE {mark._meta.db_table} SET read_id = %s, number = 2 WHERE id = %s",
                [marks.signed.pk, mark.pk],
            )

    @pytest.mark.usefixtures("foreign")
    def test_are_not_replaced(self, world, marks):
        sqlite = connection.vendor == "sqlite"
        for loose, frozen in zip(marks.loose, marks.frozen, strict=True):
            refuses_over(frozen, "(id)", read_id=world.draft.pk, number=7)
            refuses_over(frozen, "(read_id, number)", **new_id(type(frozen)))
            refuses(
                f"UPDATE {'OR REPLACE' if sqlite else ''} {loose._meta.db_table} "
                "SET id = %s WHERE id = %s",
                [frozen.pk, loose.pk],
                match=FROZEN if sqlite else "duplicate key",
            )

    def test_of_a_draft_are_still_changed(self, marks):
        for mark in marks.loose:
            mark.number = 5
            mark.save()
            mark.delete()


def test_a_draft_is_still_written_over(world):
    world.draft_finding.code = "occlusion"
    world.draft_finding.save()
    world.draft.remarks = "still thinking"
    world.draft.save()
    assert Read.objects.get(pk=world.draft.pk).remarks == "still thinking"
