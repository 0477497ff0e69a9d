"""What is signed, counted or exported reads the same whoever asks for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import translation

Answer = TypeVar("Answer", bound=HttpResponseBase)


def in_source_language(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """A view whose answer is a document: its words are those of the source, in every language.

    `translation.override` as a decorator would share what it restores between threads.
    """

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Answer:
        with translation.override(settings.LANGUAGE_CODE):
            return view(*args, **kwargs)

    return answered
