"""Whether the database answers."""

from django.db import connection


def ask_database() -> None:
    """Ask the smallest question.

    Raises
    ------
    django.db.OperationalError
        It does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
