"""Why a file was refused or kept apart, in words for the lists of the registry."""

from django.utils.translation import gettext

from imaging.ingest.reasons import ALL_REASONS


def reason_sentence(code: str) -> str:
    """The sentence beside a file that has this reason, in the language of whoever reads."""
    return gettext(ALL_REASONS[code].sentence)
