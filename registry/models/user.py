"""A person who signs in."""

from functools import cached_property
from typing import Any, ClassVar

import uuid_utils.compat
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q


class SuperuserError(Exception):
    """Crescent has no superusers: `has_perm` would answer yes to everything, blinding included."""


class AccountManager(UserManager["User"]):
    def create_superuser(self, *args: Any, **kwargs: Any) -> "User":
        raise SuperuserError(
            "Crescent has no superusers. Use `manage.py add_user NAME --centre CODE --role "
            "administrator`."
        )


class Language(models.TextChoices):
    """What the pages may speak. Codes, statistics and exports stay as they are."""

    ENGLISH = "en-gb", "English"
    GERMAN = "de", "Deutsch"


class User(AbstractUser):
    """An account. What it may do follows from its memberships alone."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)

    must_change_password = models.BooleanField(
        default=False,
        editable=False,
        help_text="The password was given by somebody else and opens nothing but its change.",
    )

    language = models.CharField(
        max_length=10, choices=Language, default=Language.ENGLISH, help_text="Of the pages."
    )

    objects: ClassVar = AccountManager()

    IDENTIFYING: ClassVar = ("username", "first_name", "last_name", "email")
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "must_change_password", "language", "password", "is_active", "is_staff",
        "is_superuser", "last_login", "date_joined", "groups", "user_permissions",
    )  # fmt: skip

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(is_superuser=False, is_staff=False),
                name="user_never_superuser",
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values), name="user_language_known"
            ),
        ]

    @cached_property
    def active_memberships(self) -> list[Any]:
        """Memberships with their centres; lives as long as the request that loaded the user."""
        return list(self.memberships.select_related("centre").order_by("centre__code", "role"))

    def centre_codes(self, permission: str) -> frozenset[str]:
        """The centres in which this person holds the permission."""
        centres = {membership.centre for membership in self.active_memberships}
        return frozenset(centre.code for centre in centres if self.has_perm(permission, centre))

    def centres(self, permission: str) -> list[Any]:
        """The same centres, by code."""
        codes = self.centre_codes(permission)
        found = {one.centre.code: one.centre for one in self.active_memberships}
        return [centre for code, centre in sorted(found.items()) if code in codes]
