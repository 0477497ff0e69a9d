"""What the environment says, read once and refused when it is missing or insecure."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MINIMUM_SECRET_LENGTH = 32
DEMO_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


@dataclass(frozen=True)
class Environment:
    """The settings that differ from one installation to the next."""

    demo: bool
    data: Path
    database_url: str
    secret_key: str
    deid_key: str
    history_key: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    behind_tls_proxy: bool


def read_environment(*, base_dir: Path) -> Environment:
    """Read the CRESCENT_* variables.

    Raises
    ------
    ImproperlyConfigured
        A key is missing, too short or shared between purposes, or no host is allowed.
        The message names the variable and what to do.
    """
    demo = os.environ.get("CRESCENT_DEMO") == "1"
    data = Path(os.environ.get("CRESCENT_DATA") or base_dir / "var").resolve()
    keys = {
        name: os.environ.get(name) or (f"demo-only-{name.lower()}-{'0' * 32}" if demo else "")
        for name in ("CRESCENT_SECRET_KEY", "CRESCENT_DEID_KEY", "CRESCENT_HISTORY_KEY")
    }
    for name, value in keys.items():
        if len(value) < MINIMUM_SECRET_LENGTH:
            raise ImproperlyConfigured(
                f"{name} is missing or shorter than {MINIMUM_SECRET_LENGTH} characters. Set it to "
                "the output of `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` and "
                "keep it safe: the de-identification and history keys cannot be replaced later. "
                "To look around with synthetic data only, set CRESCENT_DEMO=1 instead."
            )
        if not demo and value.startswith("demo-only-"):
            raise ImproperlyConfigured(f"{name} is a demo key. Set a secret of your own.")
    if len(set(keys.values())) != len(keys):
        raise ImproperlyConfigured(
            "CRESCENT_SECRET_KEY, CRESCENT_DEID_KEY and CRESCENT_HISTORY_KEY must differ."
        )
    hosts = _words(os.environ.get("CRESCENT_ALLOWED_HOSTS", ""))
    if "*" in hosts:
        raise ImproperlyConfigured(
            "CRESCENT_ALLOWED_HOSTS may not contain '*'. Name the hosts this installation serves."
        )
    if demo:
        foreign = sorted(set(hosts) - set(DEMO_HOSTS))
        if foreign:
            raise ImproperlyConfigured(
                "CRESCENT_DEMO=1 serves on the loopback only: remove "
                f"{', '.join(foreign)} from CRESCENT_ALLOWED_HOSTS, or set real keys."
            )
        hosts = DEMO_HOSTS
    elif not hosts:
        raise ImproperlyConfigured(
            "CRESCENT_ALLOWED_HOSTS is empty. Set it to the host name people type, e.g. "
            "CRESCENT_ALLOWED_HOSTS=crescent.example.org (several: separated by blanks)."
        )
    return Environment(
        demo=demo,
        data=data,
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{data / 'crescent.sqlite3'}",
        secret_key=keys["CRESCENT_SECRET_KEY"],
        deid_key=keys["CRESCENT_DEID_KEY"],
        history_key=keys["CRESCENT_HISTORY_KEY"],
        allowed_hosts=hosts,
        trusted_origins=_words(os.environ.get("CRESCENT_TRUSTED_ORIGINS", "")),
        behind_tls_proxy=os.environ.get("CRESCENT_BEHIND_TLS_PROXY") == "1",
    )


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
