"""A signed read as a page shows it: its words, and its marks for the viewer's script."""

from typing import Any

from registry import queries
from registry.models import Read
from registry.presenters import reading_data, reads
from registry.views.request import SignedInRequest


def context(request: SignedInRequest, read: Read) -> dict[str, Any]:
    places = queries.read_marks.places(viewer=request.user, read=read)
    return {
        "own": reads.present(read, viewer=request.user),
        "reading": reading_data.reading_data(marks=reading_data.marks_of(read, places=places)),
    }
