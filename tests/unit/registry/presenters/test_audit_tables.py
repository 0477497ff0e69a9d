"""A table that goes study by study does not grow with the registry, and says what it leaves out."""

import pytest

from registry.audit.concordance import DISCORDANT
from registry.audit.protocols import PROTOCOLS
from registry.presenters import audit_tables


def shown(studies):
    row = ["label", "found", 3, "yes", "no", 1]
    table = {
        "key": DISCORDANT.key,
        "columns": [column.key for column in DISCORDANT.columns],
        "rows": [[f"discordant_{number}", *row] for number in range(studies)],
    }
    (words,) = audit_tables.tables({"tables": [table]}, PROTOCOLS["ct-accuracy"])
    return words


@pytest.mark.parametrize("studies", [0, 1, audit_tables.MOST_ROWS])
def test_what_can_be_read_is_shown_whole(studies):
    assert len(shown(studies).rows) == studies
    assert shown(studies).note == DISCORDANT.note


def test_of_more_the_first_are_shown_and_where_the_others_are_is_said():
    words = shown(audit_tables.MOST_ROWS + 1)
    assert len(words.rows) == audit_tables.MOST_ROWS
    assert words.note.endswith("The first 200 of 201 rows; JSON and CSV have all.")
