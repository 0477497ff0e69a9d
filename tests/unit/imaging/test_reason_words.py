"""Every reason the intake may give has its sentence."""

from imaging.ingest.reasons import ALL_REASONS
from imaging.reason_words import reason_sentence


def test_every_reason_of_the_intake_is_said_in_words():
    assert {code: reason_sentence(code) for code in ALL_REASONS} == {
        code: reason.sentence for code, reason in ALL_REASONS.items()
    }
