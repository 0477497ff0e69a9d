"""The two centres of the demonstration and the people who sign in to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from registry import actions
from registry.models import Centre, Role, User

DEMO: Final = "DEMO"
OTHER: Final = "OTHER"

DEMO_PASSWORD: Final = "crescent-demo-2016"  # noqa: S105 - printed by `make demo`, loopback only
"""The password of every demonstration account."""


@dataclass(frozen=True)
class DemoCentre:
    """A centre of the demonstration."""

    code: str
    name: str
    time_zone: str


@dataclass(frozen=True)
class DemoAccount:
    """An account: roles by centre code, and in words what it is good for."""

    username: str
    roles: Mapping[str, tuple[str, ...]]
    purpose: str

    @property
    def centres(self) -> str:
        return " ".join(self.roles)

    @property
    def role_words(self) -> str:
        held = dict.fromkeys(role for roles in self.roles.values() for role in roles)
        return ", ".join(str(Role(role).label) for role in held)


_NEARLY_ALL: Final = (Role.REGISTRAR, Role.SURGEON, Role.AUDITOR, Role.DATA_MANAGER)

DEMO_CENTRES: Final = (
    DemoCentre(DEMO, "Demonstration centre", "America/New_York"),
    DemoCentre(OTHER, "Other demonstration centre", "Europe/Berlin"),
)

DEMO_ACCOUNTS: Final = (
    DemoAccount(
        "demo",
        {DEMO: _NEARLY_ALL, OTHER: _NEARLY_ALL},
        "all but reading and accounts",
    ),
    DemoAccount("registrar", {DEMO: (Role.REGISTRAR,)}, "logs cases, links images"),
    DemoAccount("reader", {DEMO: (Role.READER,)}, "reads contrast studies, blinded"),
    DemoAccount("reader2", {DEMO: (Role.READER,)}, "reads as the second, blinded"),
    DemoAccount("reader3", {DEMO: (Role.READER,)}, "decides where two readers differ"),
    DemoAccount("surgeon", {DEMO: (Role.SURGEON,)}, "logs cases and operations"),
    DemoAccount("auditor", {DEMO: (Role.AUDITOR,), OTHER: (Role.AUDITOR,)}, "audits all patients"),
    DemoAccount("manager", {DEMO: (Role.DATA_MANAGER,)}, "completes and audits one centre"),
    DemoAccount("admin", {DEMO: (Role.ADMINISTRATOR,)}, "looks after accounts"),
    DemoAccount("surgeon-other", {OTHER: (Role.SURGEON,)}, "sees the other centre only"),
    DemoAccount("reader-other", {OTHER: (Role.READER,)}, "sees the other centre only"),
)


def sign_in_table() -> str:
    """The accounts as aligned lines for a terminal."""
    rows = [("user name", "roles", "centre", "")]
    rows += [(a.username, a.role_words, a.centres, a.purpose) for a in DEMO_ACCOUNTS]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def open_centres(*, at: datetime) -> dict[str, Centre]:
    """Open both centres; by code."""
    return {
        centre.code: actions.centres.add(
            code=centre.code, name=centre.name, time_zone=centre.time_zone, by=None, at=at
        )
        for centre in DEMO_CENTRES
    }


def open_accounts(*, centres: Mapping[str, Centre], at: datetime) -> dict[str, User]:
    """Open every account with its roles; by user name."""
    people = {}
    for account in DEMO_ACCOUNTS:
        person = actions.people.add(
            username=account.username, password=DEMO_PASSWORD, by=None, at=at
        )
        for code, roles in account.roles.items():
            actions.people.set_roles(user=person, centre=centres[code], roles=roles, by=None, at=at)
        people[account.username] = person
    return people
