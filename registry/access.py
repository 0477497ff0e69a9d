"""Who may do what, in which centre.

Roles grant permissions inside their centre only; nothing is granted across centres and nobody is a
superuser. Queries ask through `User.centre_codes(permission)`, views through
`user.has_perm(permission, obj)`; both end here.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from registry.models import Role, User

PERMISSIONS_BY_ROLE: dict[str, frozenset[str]] = {
    Role.REGISTRAR: frozenset(
        {
            "registry.view_patient",
            "registry.view_identity",
            "registry.log_case",
            "registry.link_images",
            "imaging.view_study",
            "imaging.view_delivery",
            "imaging.add_study",
        }
    ),
    Role.READER: frozenset({"registry.read_study", "imaging.view_study"}),
    Role.SURGEON: frozenset(
        {
            "registry.view_patient",
            "registry.view_identity",
            "registry.log_case",
            "registry.link_images",
            "registry.run_audit",
            "imaging.view_study",
            "imaging.view_delivery",
            "imaging.add_study",
        }
    ),
    Role.AUDITOR: frozenset(
        {
            "registry.view_patient",
            "registry.run_audit",
            "registry.freeze_report",
            "registry.decide_signal",
            "registry.view_history",
            "imaging.view_study",
            "imaging.view_delivery",
        }
    ),
    Role.DATA_MANAGER: frozenset(
        {
            "registry.view_patient",
            "registry.view_identity",
            "registry.log_case",
            "registry.link_images",
            "registry.run_audit",
            "registry.freeze_report",
            "registry.decide_signal",
            "registry.view_history",
            "registry.assign_reads",
            "registry.describe_centre",
            "registry.manage_advisories",
            "imaging.view_study",
            "imaging.view_delivery",
            "imaging.add_study",
            "imaging.decide_quarantine",
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            "registry.manage_people",
            "registry.describe_centre",
            "registry.view_history",
            "imaging.manage_sources",
        }
    ),
}
"""A reader holds neither `view_patient` nor `view_history`: both would unblind. Nor
`view_delivery`: who sent how many studies when tells more of the case than its slices."""

ALL_PERMISSIONS = frozenset().union(*PERMISSIONS_BY_ROLE.values())


class RoleBackend(ModelBackend):
    """Checks the password, and answers `has_perm` from the memberships."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user holds the permission in the object's centre, or anywhere without one.

        Parameters
        ----------
        obj
            Anything with a `centre_code`.

        Raises
        ------
        ValueError
            No role grants such a permission: a misspelt name must not read as "no".
        """
        if perm not in ALL_PERMISSIONS:
            raise ValueError(f"No role grants {perm!r}; see registry/access.py.")
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        return any(
            perm in PERMISSIONS_BY_ROLE[membership.role]
            for membership in user_obj.active_memberships
            if obj is None or membership.centre.code == obj.centre_code
        )
