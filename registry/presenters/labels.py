"""Labels of the vocabulary and numbers inside a sentence."""

from decimal import Decimal


def in_sentence(label: str) -> str:
    """The label with a small initial; "CSF in the pocket" and "CT" stay as they are."""
    first_word = label.split(" ", 1)[0]
    return label if first_word[1:] != first_word[1:].lower() else label[:1].lower() + label[1:]


def plain_number(number: Decimal) -> str:
    """A decimal without the zeros behind its point."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
