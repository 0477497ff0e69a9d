"""Labels inside a sentence begin small, abbreviations stay what they are."""

import pytest

from registry.presenters.labels import in_sentence


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Disconnection", "disconnection"),
        ("CSF in the pocket", "CSF in the pocket"),
        ("CT contrast study", "CT contrast study"),
        ("Leak at the CT", "leak at the CT"),
        ("", ""),
    ],
)
def test_only_the_initial_of_a_plain_word_becomes_small(label, words):
    assert in_sentence(label) == words
