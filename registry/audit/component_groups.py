"""Components of one kind, divided by model, material, centre and era."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .component_course import Course
from .devices import KIND_LABELS, MATERIAL_LABELS, MATERIALS, UNKNOWN_MODEL, ComponentKind
from .devices import model_label as label_of

ERA_YEARS: Final = 5
"""Implantations of five calendar years stand together [own]."""

NOT_STATED: Final = "Not known"


@dataclass(frozen=True, slots=True)
class Group:
    """Components that one curve describes; `key` is "pump" or "pump-era-2005"."""

    key: str
    label: str
    courses: tuple[Course, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(one.component.component_id for one in self.courses))


@dataclass(frozen=True, slots=True)
class Dimension:
    """By what components are divided: code and words of a component; None leaves it out."""

    key: str
    label: str
    code: Callable[[Course], str | None]
    words: Callable[[str], str]


def era_of(year: int) -> str:
    return str(year - year % ERA_YEARS)


def _era_words(code: str) -> str:
    return f"{code}\N{EN DASH}{int(code) + ERA_YEARS - 1}"


def _material(one: Course) -> str | None:
    if one.component.kind == ComponentKind.PUMP:
        return None
    return MATERIALS.get(one.component.model, UNKNOWN_MODEL)


DIMENSIONS: Final = (
    Dimension("model", "model", lambda one: one.component.model or UNKNOWN_MODEL, label_of),
    Dimension(
        "material", "material", _material, lambda code: MATERIAL_LABELS.get(code, NOT_STATED)
    ),
    Dimension("centre", "centre", lambda one: one.centre, str),
    Dimension(
        "era", "years of implantation", lambda one: era_of(one.implanted_on.year), _era_words
    ),
)


def by_kind(courses: Sequence[Course]) -> dict[ComponentKind, Group]:
    """The components of each kind, also where there are none."""
    found: dict[str, list[Course]] = {kind: [] for kind in ComponentKind}
    for one in courses:
        found[one.component.kind].append(one)
    return {kind: Group(str(kind), KIND_LABELS[kind], tuple(found[kind])) for kind in ComponentKind}


def divided(kind: ComponentKind, whole: Group, dimension: Dimension) -> tuple[Group, ...]:
    """The groups of a kind, by code; unknown last."""
    found: dict[str, list[Course]] = {}
    for one in whole.courses:
        code = dimension.code(one)
        if code is not None:
            found.setdefault(code, []).append(one)
    return tuple(
        Group(
            f"{kind}-{dimension.key}-{code}",
            f"{KIND_LABELS[kind]}: {dimension.words(code)}",
            tuple(found[code]),
        )
        for code in sorted(found, key=lambda code: (code == UNKNOWN_MODEL, code))
    )
