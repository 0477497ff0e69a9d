"""Who may sign in to the demonstration."""

from config.demo.people import DEMO_ACCOUNTS, DEMO_PASSWORD, sign_in_table
from registry.models import Role


def test_readers_hold_no_other_role_so_that_nothing_unblinds_them():
    for account in DEMO_ACCOUNTS:
        for roles in account.roles.values():
            assert Role.READER not in roles or roles == (Role.READER,)


def test_every_role_can_be_tried():
    held = {role for account in DEMO_ACCOUNTS for roles in account.roles.values() for role in roles}
    assert held == set(Role)


def test_the_auditor_sees_both_centres_and_the_surgeon_one():
    centres = {account.username: account.centres for account in DEMO_ACCOUNTS}
    assert centres["auditor"] == "DEMO OTHER"
    assert centres["surgeon"] == "DEMO"


def test_the_table_names_every_account_with_its_roles_on_one_line():
    header, *lines = sign_in_table().splitlines()
    assert header.split() == ["user", "name", "roles", "centre"]
    assert len(lines) == len(DEMO_ACCOUNTS)
    assert any(line.startswith("manager") and "data manager" in line for line in lines)
    assert DEMO_PASSWORD not in sign_in_table()
