"""What surrounds every page: navigation that fits, and leads everywhere one may go."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from registry.models import Role
from registry.presenters.page import MOST_IN_THE_BAR, context, navigation
from registry.queries import keyset
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db


def around(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return context(request)


def test_what_does_not_fit_into_the_bar_stands_in_a_menu():
    user = make.user(at_centre=make.centre(), roles=list(Role.values))
    shown = around(user, reverse("registry:vocabulary"))
    assert len(shown["nav"]) == MOST_IN_THE_BAR
    everything = navigation(viewer=user, path=reverse("registry:vocabulary"))
    assert shown["nav"] + shown["nav_more"] == everything
    assert shown["nav_more_current"] is True
    assert around(user)["nav_more_current"] is False


def test_a_few_pages_need_no_menu():
    user = make.user(at_centre=make.centre(), roles=[Role.READER])
    shown = around(user)
    assert 1 < len(shown["nav"]) <= MOST_IN_THE_BAR
    assert shown["nav_more"] == []


def test_keys_that_lead_to_a_page_are_told_to_those_who_may_open_it():
    """Whoever asks for the keys is shown those that do something."""
    centre = make.centre()
    reader = around(make.user(at_centre=centre, roles=[Role.READER])) | {"help_alone": True}
    told = render_to_string("parts/help.html", reader)
    assert "<kbd>g</kbd> <kbd>w</kbd> </dt><dd>Reading</dd>" in told
    assert "Patients" not in told
    assert "Audit" not in told
    registrar = around(make.user(at_centre=centre, roles=[Role.REGISTRAR]))
    assert "<kbd>g</kbd> <kbd>p</kbd> </dt><dd>Patients</dd>" in render_to_string(
        "parts/help.html", registrar
    )


def test_beside_the_quarantine_stands_how_many_wait_and_nobody_counts_them_all(
    monkeypatch,
):
    centre = make.centre("NORTH")
    user = make.user(at_centre=centre, roles=list(Role.values))

    def counts():
        shown = around(user)
        return [str(item.count) for item in shown["nav"] + shown["nav_more"] if item.count]

    assert counts() == []
    images = stored_studies.study(centre_code="NORTH")
    for _ in range(3):
        stored_studies.quarantined(images)
    assert counts() == ["3"]
    monkeypatch.setattr(keyset, "MOST_COUNTED", 2)
    assert counts() == ["2+"]
