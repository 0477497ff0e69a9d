from registry.audit.centre_logs import CENTRE_LOGS
from registry.presenters.centre_logs import unknown_words

COLUMNS = [column.key for column in CENTRE_LOGS.columns]


def result(*rows):
    return {"tables": [{"key": "centre_logs", "columns": COLUMNS, "rows": rows}]}


def test_centres_that_have_not_said_are_named_with_what_is_assumed():
    words = unknown_words(
        result(
            ["EAST", "EAST", 3, "2012-01-01", "2012-01-01"],
            ["WEST", "WEST", 2, None, "their implantation"],
        )
    )
    assert (
        "not known of WEST. Assumed: components there are at risk from their implantation" in words
    )
    assert "EAST" not in words


def test_nothing_is_said_where_every_centre_has_or_nobody_asks():
    assert unknown_words(result(["EAST", "EAST", 3, "2012-01-01", "2012-01-01"])) == ""
    assert unknown_words({"tables": []}) == ""
