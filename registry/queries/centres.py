"""Centres."""

from django.db.models import QuerySet

from registry.models import Centre, User


def exists(code: str) -> bool:
    """Whether the installation has the centre; for commands, where nobody is signed in."""
    return Centre.objects.filter(code=code).exists()


def codes() -> frozenset[str]:
    """The codes of all centres; for rules that hold in every one of them."""
    return frozenset(Centre.objects.values_list("code", flat=True))


def by_code(code: str) -> Centre:
    """The centre, for commands.

    Raises
    ------
    Centre.DoesNotExist
        There is none.
    """
    return Centre.objects.get(code=code)


def with_permission(*, viewer: User, permission: str) -> QuerySet[Centre]:
    """The centres in which the viewer holds the permission, by code."""
    return Centre.objects.filter(code__in=viewer.centre_codes(permission)).order_by("code")
