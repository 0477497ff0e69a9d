"""Who asks. Every query of the pages is limited to the centres of this person."""

from typing import Any, Protocol

VIEW_STUDY = "imaging.view_study"
VIEW_DELIVERY = "imaging.view_delivery"
ADD_STUDY = "imaging.add_study"
DECIDE_QUARANTINE = "imaging.decide_quarantine"
MANAGE_SOURCES = "imaging.manage_sources"


class Viewer(Protocol):
    """What imaging needs to know of a person who signed in."""

    pk: Any

    def centre_codes(self, permission: str) -> frozenset[str]:
        """The centres in which the person holds the permission."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...
