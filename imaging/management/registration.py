"""What commands check that register a sender or an archive."""

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.module_loading import import_string
from django.utils.text import slugify

LONGEST_NAME = 64


def checked_name(name: str) -> str:
    """The name, if it is one.

    Raises
    ------
    CommandError
    """
    if not 0 < len(name) <= LONGEST_NAME or slugify(name) != name.lower():
        raise CommandError(f"A name has letters, digits, - and _ only, at most {LONGEST_NAME}.")
    return name


def checked_centre(code: str) -> str:
    """The code, if a centre has it.

    Raises
    ------
    CommandError
    """
    if not import_string(settings.CENTRE_EXISTS)(code):
        raise CommandError(f"There is no centre {code!r}. Use the code of an existing one.")
    return code
