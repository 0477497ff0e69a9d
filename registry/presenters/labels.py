"""Labels of the vocabulary inside a sentence."""


def in_sentence(label: str) -> str:
    """The label with a small initial; "CSF in the pocket" and "CT" stay as they are."""
    first_word = label.split(" ", 1)[0]
    return label if first_word[1:] != first_word[1:].lower() else label[:1].lower() + label[1:]
