"""Drafts of forms: each is seen by its author alone."""

from uuid import UUID

from django.db.models import QuerySet

from registry.models import FormDraft, User


def own(*, viewer: User) -> QuerySet[FormDraft]:
    """The viewer's drafts, latest first."""
    return FormDraft.objects.filter(author=viewer).order_by("-saved_at", "-pk")


def of_page(*, viewer: User, page: str) -> QuerySet[FormDraft]:
    """The viewer's drafts of one form, latest first."""
    return own(viewer=viewer).filter(page=page)


def of_form(*, viewer: User, form_id: UUID) -> FormDraft | None:
    """The draft of one opening of a form."""
    return own(viewer=viewer).filter(form_id=form_id).first()
