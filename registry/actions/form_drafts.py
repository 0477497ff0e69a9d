"""Keeping a form that is not sent yet.

A draft leaves no event in the history: it is nobody's record until it is sent.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from registry.actions.errors import RegistryError
from registry.models import FormDraft, User

KEPT_DAYS = 30
"""[own] Older drafts go when their author saves another."""
MOST_DRAFTS = 200
"""Of one person; more are refused, so that no page fills the database."""


class FormDraftConflictError(RegistryError):
    """The draft was saved in another window since; nothing is overwritten.

    Attributes
    ----------
    saved
        The draft as it stands.
    """

    def __init__(self, saved: FormDraft) -> None:
        super().__init__(
            gettext("This form was changed in another window. Both versions are kept: choose one.")
        )
        self.saved = saved


class TooManyDraftsError(RegistryError):
    """A person has too many forms that were never sent."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "You have %(most_drafts)s unfinished forms. Finish or discard one of them first."
            )
            % {"most_drafts": MOST_DRAFTS}
        )


def keep(
    *,
    form_id: UUID,
    page: str,
    answers: Mapping[str, list[str]],
    edition: int,
    by: User,
    at: datetime,
) -> FormDraft:
    """Keep what was typed, over the edition the page knows.

    Parameters
    ----------
    edition
        That of the draft the page saved last; 0 where it saved none.

    Raises
    ------
    FormDraftConflictError
        The draft has another edition by now.
    TooManyDraftsError
        The person has `MOST_DRAFTS` already.
    """
    text = json.dumps(dict(answers), ensure_ascii=False)
    with transaction.atomic():
        own = FormDraft.objects.filter(author=by)
        draft = own.select_for_update().filter(form_id=form_id).first()
        if draft is None:
            own.filter(saved_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
            if own.count() >= MOST_DRAFTS:
                raise TooManyDraftsError
            return _create(form_id=form_id, page=page, answers=text, by=by, at=at)
        if draft.edition != edition:
            raise FormDraftConflictError(draft)
        draft.answers, draft.edition, draft.saved_at = text, edition + 1, at
        draft.save()
    return draft


def discard(*, form_id: UUID, by: User, at: datetime) -> None:
    """The form was accepted, or its author does not want the draft any more."""
    FormDraft.objects.filter(author=by, form_id=form_id).delete()


def _create(*, form_id: UUID, page: str, answers: str, by: User, at: datetime) -> FormDraft:
    try:
        with transaction.atomic():
            return FormDraft.objects.create(
                form_id=form_id, page=page, answers=answers, author=by, saved_at=at
            )
    except IntegrityError:
        # Two first savings of one form at the same moment.
        raise FormDraftConflictError(FormDraft.objects.get(author=by, form_id=form_id)) from None
