import pytest
from django.db import connection

from imaging.actions.planner_statistics import refresh_planner_statistics
from tests.factories import registry_records as make
from tests.factories import stored_studies


@pytest.mark.django_db
def test_the_database_knows_how_many_rows_there_are(django_assert_num_queries):
    """SQLite is told; PostgreSQL finds out by itself."""
    make.centre("NORTH")
    stored_studies.study(centre_code="NORTH", slices=3)
    with django_assert_num_queries(2 if connection.vendor == "sqlite" else 0):
        refresh_planner_statistics()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(stat) FROM sqlite_stat1 WHERE tbl = 'imaging_instance'")
            (counted,) = cursor.fetchone()
        assert counted.startswith("3 ")
