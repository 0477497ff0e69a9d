"""What a form page tells its script of drafts: its own, and those that were left behind."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from registry.models import FormDraft

MOST_SHOWN = 5


@dataclass(frozen=True)
class PageDrafts:
    """The form on a page and what is kept of it.

    `form_id` is that of this opening; `edition` is 0 until something of it is kept.
    """

    form_id: UUID
    page: str
    edition: int
    left: list[dict[str, Any]]

    @property
    def as_json(self) -> str:
        return json.dumps({"page": self.page, "edition": self.edition, "left": self.left})


def page_drafts(
    *, form_id: UUID, page: str, kept: FormDraft | None, left: Iterable[FormDraft]
) -> PageDrafts:
    """What the page shows; drafts of other openings are offered, never filled in unasked."""
    return PageDrafts(
        form_id=form_id,
        page=page,
        edition=kept.edition if kept else 0,
        left=[as_data(draft) for draft in left if draft.form_id != form_id][:MOST_SHOWN],
    )


def as_data(draft: FormDraft) -> dict[str, Any]:
    """A draft as the script of the page takes it."""
    return {
        "form_id": str(draft.form_id),
        "answers": json.loads(draft.answers),
        "edition": draft.edition,
        "saved": f"{timezone.localtime(draft.saved_at):%Y-%m-%d %H:%M}",
    }


def clock(moment: datetime) -> str:
    """The time of day where the viewer works: 14:02."""
    return f"{timezone.localtime(moment):%H:%M}"
