"""Labels of the vocabulary inside a sentence."""

from django.utils.translation import get_language


def in_sentence(label: str) -> str:
    """The label with a small initial; "CSF in the pocket" and "CT" stay as they are.

    German begins nouns with a capital wherever they stand.
    """
    if get_language() == "de":
        return label
    first_word = label.split(" ", 1)[0]
    return label if first_word[1:] != first_word[1:].lower() else label[:1].lower() + label[1:]
