"""What became of a sending, in words that never promise more than is known."""

import pytest

from imaging.models import RemoteArchive
from registry.models import ReadSending, User
from registry.presenters.read_sendings import present
from tests.factories import registry_records as make


def words(outcome, *files, problem="", by=None):
    return present(
        ReadSending(
            archive=RemoteArchive(name="pacs"),
            begun_at=make.NOW,
            begun_by=by,
            with_images=False,
            outcome=outcome,
            problem=problem,
            files=[
                {"sop_instance_uid": "1", "kind": kind, "result": result, "reason": reason}
                for kind, result, reason in files
            ],
        )
    )


def test_a_complete_sending_says_so():
    present_image = ("image", "present", None)
    told = words("sent", ("report", "stored", None), present_image, present_image)
    assert told.is_sent
    assert told.summary == "Everything is there."
    assert [file.line for file in told.files] == [
        "Structured report: stored there",
        "Image (2): was there already",
    ]


@pytest.mark.parametrize("outcome", ["", "partly", "failed"])
def test_any_other_says_what_to_do(outcome):
    told = words(outcome, ("report", "unknown", None), problem="The archive hung up.")
    assert not told.is_sent
    assert "The archive hung up." in told.summary
    assert "Send it again" in told.summary
    assert "did not say" in told.files[0].line


def test_a_refusal_shows_the_reason_as_the_standard_writes_it():
    """PS3.4 GG.4.2: A700 is refused, out of resources."""
    (file,) = words("failed", ("report", "failed", 0xA700)).files
    assert file.result == "refused by the archive (reason A700)"


def test_whoever_sent_it_is_named():
    assert words("sent").by == "command line"
    assert words("sent", by=User(username="manager")).by == "manager"
