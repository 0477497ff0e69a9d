"""A demonstration bound to every address still answers its own machine only."""

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", ""])
def test_this_machine_is_answered(client, address):
    assert client.get("/sign-in/", REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.7", "192.0.2.1", "2001:db8::1", "::ffff:10.0.0.7"])
@pytest.mark.parametrize("path", ["/sign-in/", "/health/live", "/static/crescent/app.js", "/no"])
def test_another_machine_is_told_why_not(client, address, path):
    """A Host header proves nothing: whoever sends the request writes it."""
    answer = client.get(path, REMOTE_ADDR=address, HTTP_HOST="localhost")
    assert answer.status_code == 403
    assert "CRESCENT_DEMO" in answer.content.decode()


def test_the_guard_comes_first():
    assert settings.MIDDLEWARE[0] == "config.demo.loopback.LoopbackOnlyMiddleware"
