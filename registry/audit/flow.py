"""Cohort flow whose boxes add up, because no other kind can be made.

A tree of named predicates sorts every member::

    patients 295
    ├── ct_studied 27
    │   ├── stopped_not_aspirable 3
    │   └── completed 24
    │       ├── normal_not_operated 8
    │       └── operated 16
    └── (not_ct_studied 268)        the remainder: counted, not printed

The children of a box share out its members: each member is in exactly one of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from .errors import FlowError, UnknownNumberError

Member = TypeVar("Member")


class Display(StrEnum):
    """When a box is printed."""

    ALWAYS = "always"
    IF_ANY = "if_any"
    REMAINDER = "remainder"
    """Never a box of its own: the parent minus its printed children."""


@dataclass(frozen=True, slots=True)
class Branch(Generic[Member]):
    """One node of the tree: its name, who belongs to it, and how it divides further."""

    key: str
    label: str
    holds: Callable[[Member], bool]
    branches: "tuple[Branch[Member], ...]" = ()
    display: Display = Display.ALWAYS


@dataclass(frozen=True, slots=True)
class Box:
    """One box with the ids of everybody in it, sorted."""

    key: str
    label: str
    n: int
    parent: str | None
    members: tuple[str, ...]
    display: Display = Display.ALWAYS

    @property
    def printed(self) -> bool:
        return self.display is Display.ALWAYS or (self.display is Display.IF_ANY and self.n > 0)


@dataclass(frozen=True, slots=True)
class Flow:
    """All boxes, the root first and every parent before its children.

    Raises
    ------
    FlowError
        The boxes are no tree, a count is not the number of its members, or the children
        of a box do not share out its members exactly.
    """

    boxes: tuple[Box, ...]

    def __post_init__(self) -> None:
        _check_tree(self.boxes)
        for box in self.boxes:
            if box.n != len(set(box.members)) or box.n != len(box.members):
                raise FlowError(f"{box.key} does not count its members")
            children = self.children(box.key)
            if children:
                _check_shared_out(box, children)

    @property
    def printed(self) -> tuple[Box, ...]:
        """The boxes to draw: all but the remainder and optional boxes with nobody in them."""
        return tuple(box for box in self.boxes if box.printed)

    def box(self, key: str) -> Box:
        """The box of this key, printed or not.

        Raises
        ------
        UnknownNumberError
            The flow has no such box.
        """
        for box in self.boxes:
            if box.key == key:
                return box
        raise UnknownNumberError(key=key)

    def children(self, key: str) -> tuple[Box, ...]:
        return tuple(box for box in self.boxes if box.parent == key)


def build_flow(root: Branch[Member], members: Mapping[str, Member]) -> Flow:
    """Sort the members into the tree.

    Parameters
    ----------
    members
        What the predicates look at, by id.

    Raises
    ------
    FlowError
        A member belongs to none or to several branches of a node.
    """
    for member in members.values():
        if not root.holds(member):
            raise FlowError(f"{root.key}: a member does not belong to the root")
    boxes = list(_divide(root, None, sorted(members), members))
    return Flow(boxes=tuple(boxes))


def _divide(
    branch: Branch[Member], parent: str | None, ids: list[str], members: Mapping[str, Member]
) -> list[Box]:
    box = Box(
        key=branch.key,
        label=branch.label,
        n=len(ids),
        parent=parent,
        members=tuple(ids),
        display=branch.display,
    )
    if not branch.branches:
        return [box]
    shares: dict[str, list[str]] = {child.key: [] for child in branch.branches}
    for member_id in ids:
        fitting = [child.key for child in branch.branches if child.holds(members[member_id])]
        if len(fitting) != 1:
            raise FlowError(f"{branch.key}: a member fits {len(fitting)} of its branches")
        shares[fitting[0]].append(member_id)
    below = [
        box
        for child in branch.branches
        for box in _divide(child, branch.key, shares[child.key], members)
    ]
    return [box, *below]


def _check_tree(boxes: tuple[Box, ...]) -> None:
    if not boxes or boxes[0].parent is not None:
        raise FlowError("a flow begins with its root")
    seen: set[str] = set()
    for box in boxes:
        if box.key in seen:
            raise FlowError(f"two boxes are called {box.key}")
        if seen and box.parent not in seen:
            raise FlowError(f"{box.key} comes before its parent")
        seen.add(box.key)


def _check_shared_out(box: Box, children: tuple[Box, ...]) -> None:
    if sum(child.n for child in children) != box.n:
        raise FlowError(f"the boxes below {box.key} do not add up to it")
    if {member for child in children for member in child.members} != set(box.members):
        raise FlowError(f"the boxes below {box.key} do not hold its members")
    if sum(child.display is Display.REMAINDER for child in children) > 1:
        raise FlowError(f"{box.key} has more than one remainder")
