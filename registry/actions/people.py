"""Accounts and what they may do in a centre."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from registry.actions import history
from registry.actions.errors import InvalidRecordError, OtherCentreError, UnknownRoleError
from registry.actions.records import store
from registry.models import INSTALLATION_CHAIN, Centre, Membership, Role, User


def add(
    *,
    username: str,
    password: str,
    by: User | None,
    at: datetime,
    first_name: str = "",
    last_name: str = "",
    centre: Centre | None = None,
    roles: Iterable[str] = (),
    one_time: bool = False,
) -> User:
    """Open an account, with its first roles in a centre; without a role it may do nothing.

    Parameters
    ----------
    one_time
        The password opens nothing but its change.

    Raises
    ------
    InvalidRecordError
        The user name is taken, or the password too weak.
    UnknownRoleError
        A role is not one of `Role`; no account was opened.
    """
    user = User(username=username, first_name=first_name, last_name=last_name, date_joined=at)
    user.must_change_password = one_time
    _require_strong(password, user)
    user.set_password(password)
    with transaction.atomic():
        store(user, force_insert=True)
        history.record(
            chain=INSTALLATION_CHAIN,
            at=at,
            by=by,
            action="person.add",
            obj=user,
            after={"username": username},
        )
        if centre:
            set_roles(user=user, centre=centre, roles=roles, by=by, at=at)
    return user


def change_password(*, user: User, password: str, by: User, at: datetime) -> None:
    """Give the account another password; every session but the present one ends.

    Raises
    ------
    InvalidRecordError
        The password is too weak, or the one that was given for one time.
    """
    _require_strong(password, user)
    if user.must_change_password and user.check_password(password):
        raise InvalidRecordError(
            {
                "password": [
                    gettext("Choose another one: somebody else knows the one you were given.")
                ]
            }
        )
    user.set_password(password)
    user.must_change_password = False
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        history.record(
            chain=INSTALLATION_CHAIN, at=at, by=by, action="person.change_password", obj=user
        )


def set_one_time_password(*, user: User, password: str, by: User, at: datetime) -> None:
    """Give the account of somebody who lost theirs a password for one sign-in; sessions end.

    Raises
    ------
    OtherCentreError
        The person has a role in a centre that `by` does not administer; whoever gives a password
        could use it there.
    InvalidRecordError
        The password is too weak.
    """
    centres = set(user.memberships.values_list("centre__code", flat=True))
    if not centres or not centres <= by.centre_codes("registry.manage_people"):
        raise OtherCentreError(
            gettext(
                "This person has a role in a centre you do not administer. Ask an administrator of "
                "every centre, or take the roles there away first."
            )
        )
    _require_strong(password, user)
    user.set_password(password)
    user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        for code in sorted(centres):
            history.record(
                chain=code, at=at, by=by, action="person.set_one_time_password", obj=user
            )


def choose_language(*, user: User, language: str, by: User, at: datetime) -> None:
    """Let the pages of a person speak another language. No event: it changes no record.

    Raises
    ------
    InvalidRecordError
        The pages do not speak it.
    """
    user.language = language
    store(user, update_fields=["language"])


def set_email(*, user: User, email: str, by: User, at: datetime) -> None:
    """Where mails to the account go; empty: nowhere.

    Raises
    ------
    InvalidRecordError
        It is no address.
    """
    with transaction.atomic():
        current = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if current.email == email:
            return
        before = {"email": current.email}
        current.email = email
        store(current, update_fields=["email"])
        history.record(
            chain=INSTALLATION_CHAIN, at=at, by=by, action="person.set_email", obj=current,
            before=before, after={"email": email},
        )  # fmt: skip


def set_roles(
    *, user: User, centre: Centre, roles: Iterable[str], by: User | None, at: datetime
) -> None:
    """Replace the roles a person has in one centre; no role means no access.

    Raises
    ------
    UnknownRoleError
        A role is not one of `Role`.
    InvalidRecordError
        A person would take away the last administrator of the centre.
    """
    wanted = set(roles)
    if unknown := wanted - set(Role.values):
        raise UnknownRoleError(", ".join(sorted(unknown)))
    with transaction.atomic():
        # Locks the account, so that two administrators do not mix two sets of roles.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        held = set(
            Membership.objects.filter(user=user, centre=centre).values_list("role", flat=True)
        )
        if held == wanted:
            return
        if by is not None and Role.ADMINISTRATOR in held - wanted:
            _require_another_administrator(user, centre)
        Membership.objects.filter(user=user, centre=centre, role__in=held - wanted).delete()
        for role in sorted(wanted - held):
            Membership.objects.create(user=user, centre=centre, role=role)
        history.record(
            chain=centre.code,
            at=at,
            by=by,
            action="person.set_roles",
            obj=user,
            before={"roles": sorted(held)},
            after={"roles": sorted(wanted)},
        )
    user.__dict__.pop("active_memberships", None)


def give_first_roles(
    *, username: str, centre: Centre, roles: Iterable[str], by: User, at: datetime
) -> User:
    """Let somebody who has an account elsewhere work in this centre as well.

    Raises
    ------
    InvalidRecordError
        No account has this name, or it has roles in this centre already.
    UnknownRoleError
        A role is not one of `Role`.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidRecordError(
            {
                "username": [
                    gettext("No account has this user name. Mind small and capital letters.")
                ]
            }
        )
    if user.memberships.filter(centre=centre).exists():
        words = gettext(
            "This person has roles in %(name)s already. Change them in the list of people."
        )
        raise InvalidRecordError({"username": [words % {"name": centre.name}]})
    set_roles(user=user, centre=centre, roles=roles, by=by, at=at)
    return user


def _require_another_administrator(user: User, centre: Centre) -> None:
    """Locks the administrators there are: two cannot take the role from each other at once."""
    administrators = (
        Membership.objects.select_for_update()
        .filter(centre=centre, role=Role.ADMINISTRATOR, user__is_active=True)
        .order_by("pk")
    )
    if all(one.user_id == user.pk for one in administrators):
        words = gettext(
            "Nobody else is administrator of %(name)s. Make somebody else administrator first."
        )
        raise InvalidRecordError({"roles": [words % {"name": centre.name}]})


def _require_strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidRecordError({"password": error.messages}) from error
