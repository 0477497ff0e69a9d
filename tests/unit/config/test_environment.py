"""A start that is missing something or insecure is refused with a sentence on what to do."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import read_environment

KEYS = {
    name: f"{name.lower()}-of-a-test-and-of-nothing-else"
    for name in ("CRESCENT_SECRET_KEY", "CRESCENT_DEID_KEY", "CRESCENT_HISTORY_KEY")
}
SOUND = KEYS | {"CRESCENT_ALLOWED_HOSTS": "crescent.example.org"}
OTHERS = (
    "CRESCENT_DEMO",
    "CRESCENT_DATA",
    "CRESCENT_TRUSTED_ORIGINS",
    "CRESCENT_BEHIND_TLS_PROXY",
    "CRESCENT_CENTRE_QUOTA_GB",
    "CRESCENT_FREE_SPACE_FLOOR_GB",
    "CRESCENT_UPLOAD_QUOTA_GB",
    "CRESCENT_QUARANTINE_DAYS",
    "CRESCENT_MAIL_HOST",
    "CRESCENT_MAIL_PORT",
    "CRESCENT_MAIL_SECURITY",
    "CRESCENT_MAIL_USER",
    "CRESCENT_MAIL_PASSWORD",
    "CRESCENT_MAIL_FROM",
    "CRESCENT_ADDRESS",
    "DATABASE_URL",
)


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read the environment as if it were exactly this."""

    def read_with(variables):
        for name in (*SOUND, *OTHERS):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return read_environment(base_dir=tmp_path)

    return read_with


def test_an_installation_with_keys_and_hosts_of_its_own_starts(read, tmp_path):
    environment = read(SOUND)
    assert (environment.secret_key, environment.deid_key, environment.history_key) == tuple(
        KEYS.values()
    )
    assert environment.allowed_hosts == ["crescent.example.org"]
    assert not environment.demo
    assert not environment.behind_tls_proxy
    assert environment.data == tmp_path / "var"
    assert environment.database_url == f"sqlite:///{tmp_path / 'var' / 'crescent.sqlite3'}"


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("value", [None, "", "x" * 31], ids=["missing", "empty", "short"])
def test_a_key_that_is_missing_or_short_is_named_with_what_to_do(read, name, value):
    variables = {key: text for key, text in SOUND.items() if key != name}
    if value is not None:
        variables[name] = value
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} is missing or shorter") as refusal:
        read(variables)
    assert "secrets.token_urlsafe" in str(refusal.value)


def test_one_key_must_not_serve_two_purposes(read):
    """Whoever may sign sessions could rewrite the history."""
    with pytest.raises(ImproperlyConfigured, match="must differ"):
        read(SOUND | {"CRESCENT_HISTORY_KEY": KEYS["CRESCENT_SECRET_KEY"]})


def test_no_refusal_repeats_a_key(read):
    secret = "a-secret-that-is-too-short"
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(SOUND | {"CRESCENT_DEID_KEY": secret})
    assert secret not in str(refusal.value)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_was_typed_to_be_done_with_it_is_refused(read, name):
    with pytest.raises(ImproperlyConfigured, match=f"{name} repeats a few characters"):
        read(SOUND | {name: "abcabc1" * 8})


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ("", "is empty"),
        ("*", "may not contain"),
        ("a.example.org *", "may not contain"),
        ("*.example.org", "may not contain"),
        ("https://a.example.org", "without scheme"),
    ],
)
def test_hosts_must_be_named_one_by_one(read, hosts, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        read(SOUND | {"CRESCENT_ALLOWED_HOSTS": hosts})


@pytest.mark.parametrize("text", ["a.example.org b.example.org", "a.example.org, b.example.org"])
def test_several_hosts_are_separated_by_blanks_or_commas(read, text):
    environment = read(SOUND | {"CRESCENT_ALLOWED_HOSTS": text})
    assert environment.allowed_hosts == ["a.example.org", "b.example.org"]


def test_the_demonstration_needs_no_keys_and_serves_the_loopback_only(read):
    environment = read({"CRESCENT_DEMO": "1"})
    assert environment.demo
    assert environment.allowed_hosts == ["127.0.0.1", "localhost", "[::1]"]
    keys = {environment.secret_key, environment.deid_key, environment.history_key}
    assert len(keys) == 3
    assert all(key.startswith("demo-only-") for key in keys)


def test_the_demonstration_refuses_hosts_of_an_installation(read):
    with pytest.raises(ImproperlyConfigured, match=r"remove crescent\.example\.org"):
        read({"CRESCENT_DEMO": "1", "CRESCENT_ALLOWED_HOSTS": "crescent.example.org localhost"})


@pytest.mark.parametrize("name", KEYS)
def test_a_key_of_the_demonstration_is_no_secret(read, name):
    demo_key = f"demo-only-{name.lower()}-{'0' * 32}"
    with pytest.raises(ImproperlyConfigured, match=f"{name} is a demo key"):
        read(SOUND | {name: demo_key})


@pytest.mark.parametrize("value", ["0", ""])
def test_only_a_one_turns_the_demonstration_on(read, value):
    """A misunderstood switch must not leave real patients behind keys that everybody knows."""
    with pytest.raises(ImproperlyConfigured, match="CRESCENT_SECRET_KEY is missing"):
        read({"CRESCENT_DEMO": value})


@pytest.mark.parametrize("name", ["CRESCENT_DEMO", "CRESCENT_BEHIND_TLS_PROXY"])
@pytest.mark.parametrize("value", ["true", "yes", "on", "2", " "])
def test_a_switch_is_one_or_nought(read, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"{name} is 1 or 0"):
        read(SOUND | {name: value})


def test_a_database_and_a_data_folder_may_be_named(read, tmp_path):
    environment = read(
        SOUND
        | {
            "CRESCENT_DATA": str(tmp_path / "elsewhere" / ".." / "data"),
            "DATABASE_URL": "postgresql://user@host/name",
            "CRESCENT_BEHIND_TLS_PROXY": "1",
            "CRESCENT_TRUSTED_ORIGINS": "https://a.example.org",
        }
    )
    assert environment.data == tmp_path / "data"
    assert environment.database_url == "postgresql://user@host/name"
    assert environment.behind_tls_proxy
    assert environment.trusted_origins == ["https://a.example.org"]


@pytest.mark.parametrize("origin", ["http://a.example.org", "https://*", "a.example.org", "*"])
def test_forms_come_from_named_origins_with_tls(read, origin):
    with pytest.raises(ImproperlyConfigured, match="CRESCENT_TRUSTED_ORIGINS"):
        read(SOUND | {"CRESCENT_TRUSTED_ORIGINS": f"https://b.example.org {origin}"})


@pytest.mark.parametrize("url", ["mysql://user:a-password@host/name", "a-password", "://"])
def test_another_database_is_refused_without_repeating_its_address(read, url):
    with pytest.raises(ImproperlyConfigured, match=r"postgresql:// or sqlite:///") as refusal:
        read(SOUND | {"DATABASE_URL": url})
    assert "a-password" not in str(refusal.value)


def test_a_data_folder_that_cannot_be_made_is_named(read, tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(ImproperlyConfigured, match="CRESCENT_DATA"):
            read(SOUND | {"CRESCENT_DATA": str(place)})


LIMITS = {
    "CRESCENT_CENTRE_QUOTA_GB": "centre_quota_bytes",
    "CRESCENT_FREE_SPACE_FLOOR_GB": "free_space_floor_bytes",
    "CRESCENT_UPLOAD_QUOTA_GB": "upload_quota_bytes",
}


@pytest.mark.parametrize(("name", "field"), LIMITS.items())
def test_a_limit_of_space_is_a_number_of_gigabytes_or_left_out(read, name, field):
    assert getattr(read(SOUND), field) is None
    assert getattr(read(SOUND | {name: "1.5"}), field) == 1_500_000_000


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", ["0", "-1", "10 GB", "1e9", "none", "0.0"])
def test_a_limit_that_cannot_be_meant_is_refused(read, name, value):
    """A quota that nobody understood must not end up as none."""
    with pytest.raises(ImproperlyConfigured, match=f"{name} is a number of gigabytes"):
        read(SOUND | {name: value})


def test_quarantine_is_kept_for_ninety_days_or_as_long_as_is_said(read):
    assert read(SOUND).quarantine_days == 90
    assert read(SOUND | {"CRESCENT_QUARANTINE_DAYS": "365"}).quarantine_days == 365


@pytest.mark.parametrize("value", ["0", "-1", "90 days", "1.5", "99999", "never"])
def test_a_time_in_quarantine_that_cannot_be_meant_is_refused(read, value):
    with pytest.raises(ImproperlyConfigured, match="CRESCENT_QUARANTINE_DAYS is a number of days"):
        read(SOUND | {"CRESCENT_QUARANTINE_DAYS": value})


MAIL = {
    "CRESCENT_MAIL_HOST": "mail.example.org",
    "CRESCENT_MAIL_FROM": "crescent@example.org",
    "CRESCENT_ADDRESS": "https://crescent.example.org/",
}


def test_no_mail_is_sent_until_a_server_is_named(read):
    assert read(SOUND).mail is None
    mail = read(SOUND | MAIL).mail
    assert (mail.host, mail.port, mail.security) == ("mail.example.org", 587, "starttls")
    assert mail.address == "https://crescent.example.org"
    assert read(SOUND | MAIL | {"CRESCENT_MAIL_SECURITY": "tls"}).mail.port == 465


@pytest.mark.parametrize(
    "wrong",
    [
        {"CRESCENT_MAIL_SECURITY": "none"},
        {"CRESCENT_MAIL_SECURITY": "ssl"},
        {"CRESCENT_MAIL_PORT": "smtp"},
        {"CRESCENT_MAIL_PORT": "0"},
        {"CRESCENT_MAIL_FROM": ""},
        {"CRESCENT_MAIL_FROM": "Crescent <a@b>"},
        {"CRESCENT_ADDRESS": ""},
        {"CRESCENT_ADDRESS": "http://crescent.example.org"},
        {"CRESCENT_ADDRESS": "https://crescent.example.org/path"},
    ],
    ids=str,
)
def test_mail_that_cannot_be_meant_is_named(read, wrong):
    (name,) = wrong
    with pytest.raises(ImproperlyConfigured, match=name):
        read(SOUND | MAIL | wrong)


def test_the_demo_sends_no_mail_to_other_machines(read):
    with pytest.raises(ImproperlyConfigured, match="CRESCENT_MAIL_HOST"):
        read(MAIL | {"CRESCENT_DEMO": "1"})
