"""Accounts an administrator looks after."""

from django.db.models import Prefetch, QuerySet

from registry.models import Membership, User


def visible(*, viewer: User) -> QuerySet[User]:
    """People with a role in a centre the viewer administers.

    Only those roles are loaded, as `administered_memberships`.
    """
    codes = viewer.centre_codes("registry.manage_people")
    return (
        User.objects.filter(memberships__centre__code__in=codes)
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
