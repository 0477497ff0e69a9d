"""Before and after, tag by tag, without a value that somebody may not see."""

from imaging.dicom.header_values import HeaderValue
from imaging.views.manifest_table import manifest_table

CONTENT = {
    "version": 1,
    "elements": {
        "(0010,0010)": [["replaced", "pseudonym"]],
        "(0008,1030)": [["removed", "table X"]],
        "(0012,0062)": [["added", "statement of the method"]],
        "(0008,1140)[].(0008,1155)": [["removed", "private"], ["replaced", "table U"]],
        "(0019,1010)": [["removed", "private"]],
    },
    "file": ["preamble cleared"],
}
AFTER = (
    HeaderValue("(0010,0010)", "PatientName", "PN", "37F7BC"),
    HeaderValue("(0012,0062)", "PatientIdentityRemoved", "CS", "YES"),
    HeaderValue("(0008,0050)", "AccessionNumber", "SH", ""),
)


def rows(*, values_shown):
    table = manifest_table(CONTENT, images=3, after=AFTER, values_shown=values_shown)
    return {row.path: row for row in table.rows}, table


def test_what_was_removed_is_present_before_and_absent_after():
    row = rows(values_shown=True)[0]["(0008,1030)"]
    assert (row.keyword, row.before, row.done, row.rule, row.after) == (
        "StudyDescription",
        "present",
        "removed",
        "table X",
        "absent",
    )


def test_what_was_added_was_absent_before():
    row = rows(values_shown=True)[0]["(0012,0062)"]
    assert (row.before, row.done, row.after) == ("absent", "added", "YES")


def test_items_that_were_treated_differently_are_told_as_such():
    row = rows(values_shown=True)[0]["(0008,1140)[].(0008,1155)"]
    assert (row.keyword, row.done, row.rule) == (
        "ReferencedSOPInstanceUID",
        "removed, replaced",
        "private, table U",
    )


def test_values_are_hidden_from_those_who_may_not_see_them():
    by_path, table = rows(values_shown=False)
    assert by_path["(0010,0010)"].after == "hidden"
    assert by_path["(0008,0050)"].after == "empty"
    assert "37F7BC" not in str(table)


def test_private_elements_are_named_as_such_and_everything_is_counted():
    by_path, table = rows(values_shown=True)
    assert by_path["(0019,1010)"].keyword == "private"
    assert sum(n for _, n in table.counts) == len(table.rows) == 6
    assert dict(table.counts)["removed"] == 2


def test_images_without_a_manifest_say_that_nothing_was_noted():
    table = manifest_table({}, images=1, after=AFTER, values_shown=True)
    assert {row.before for row in table.rows} == {"not noted"}


def test_items_of_a_sequence_that_was_written_were_written_with_it():
    content = {"elements": {"(0012,0064)": [["added", "statement of the method"]]}, "file": []}
    item = HeaderValue("(0012,0064)[].(0008,0100)", "CodeValue", "SH", "113100")
    (_, row) = manifest_table(content, images=1, after=(item,), values_shown=True).rows
    assert (row.before, row.done, row.after) == ("absent", "added", "113100")
