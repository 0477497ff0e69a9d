"""Keeping a read that is not signed yet.

A draft leaves no event in the history: it is nobody's answer until it is signed, and the history
is read by people who must not see it before.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from registry.actions.errors import AlreadyReadError, RegistryError
from registry.models import ContrastStudy, MaskedReread, Read, ReadDraft, User


class DraftConflictError(RegistryError):
    """The draft was saved elsewhere since; nothing is overwritten.

    Attributes
    ----------
    saved
        The draft as it stands.
    """

    def __init__(self, saved: ReadDraft) -> None:
        super().__init__(
            gettext("This read was changed in another window. Both versions are kept: choose one.")
        )
        self.saved = saved


def keep(
    *,
    room: UUID,
    contrast_study: ContrastStudy,
    corrects: Read | None = None,
    masked_reread: MaskedReread | None = None,
    by: User,
    at: datetime,
    opened_at: datetime,
    answers: Mapping[str, Any],
    marks: Mapping[str, Any],
    edition: int,
) -> ReadDraft:
    """Keep what was typed and drawn, over the edition the reader saw.

    Parameters
    ----------
    room
        The id in the address of the page.
    corrects, masked_reread
        The signed read that is being corrected there, or the second look that is taken.
    edition
        That of the draft the page was opened with or saved last; 0 where there was none.

    Raises
    ------
    AlreadyReadError
        What the draft was for is signed.
    DraftConflictError
        The draft has another edition by now.
    """
    with transaction.atomic():
        # Whoever signs at the same moment holds this row, too.
        ContrastStudy.objects.select_for_update(no_key=True).get(pk=contrast_study.pk)
        if _signed(contrast_study, corrects, masked_reread, by).exists():
            raise AlreadyReadError(gettext("This read is signed. Correct it by a new one."))
        draft = ReadDraft.objects.filter(reader=by, room=room).first()
        if draft is None:
            return ReadDraft.objects.create(
                room=room,
                contrast_study=contrast_study,
                reader=by,
                answers=dict(answers),
                marks=dict(marks),
                opened_at=opened_at,
                saved_at=at,
            )
        if draft.edition != edition:
            raise DraftConflictError(draft)
        draft.answers, draft.marks = dict(answers), dict(marks)
        draft.edition, draft.saved_at = edition + 1, at
        draft.save()
    return draft


def _signed(
    study: ContrastStudy, corrects: Read | None, masked_reread: MaskedReread | None, by: User
) -> QuerySet[Read]:
    if corrects is not None:
        return Read.objects.filter(supersedes=corrects)
    return Read.objects.filter(contrast_study=study, reader=by, masked_reread=masked_reread)
