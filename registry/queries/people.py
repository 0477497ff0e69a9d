"""Accounts an administrator looks after."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from registry.models import HistoryEvent, Membership, User


def visible(*, viewer: User) -> QuerySet[User]:
    """People who have, or had, a role in a centre the viewer administers.

    Only roles there are loaded, as `administered_memberships`. Whose last role was taken away
    stays, so that it can be given back.
    """
    codes = viewer.centre_codes("registry.manage_people")
    had_roles = HistoryEvent.objects.filter(
        object_id=OuterRef("public_id"), action="person.set_roles", chain__code__in=codes
    )
    return (
        User.objects.filter(Q(memberships__centre__code__in=codes) | Exists(had_roles))
        .distinct()
        .prefetch_related(
            Prefetch(
                "memberships",
                queryset=Membership.objects.filter(centre__code__in=codes).select_related("centre"),
                to_attr="administered_memberships",
            )
        )
        .order_by("username")
    )


def by_username(username: str) -> User:
    """The account, for commands, where nobody is signed in.

    Raises
    ------
    User.DoesNotExist
        There is none.
    """
    return User.objects.get(username=username)


def roles_of(person: User) -> list[Membership]:
    """The memberships that `visible` loaded with the person."""
    return list(getattr(person, "administered_memberships", ()))
