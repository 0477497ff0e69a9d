"""What the environment says, read once and refused when it is missing or insecure."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MINIMUM_SECRET_LENGTH = 32
MINIMUM_DIFFERENT_CHARACTERS = 8
"""What is random has more; what somebody typed to be done with it has fewer."""

DATABASES = ("sqlite", "postgresql", "postgres")
GB = 10**9
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
DEMO_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


@dataclass(frozen=True)
class Mail:
    """The server that takes mails, and how the pages are reached from them."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    address: str


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
    centre_quota_bytes: int | None
    free_space_floor_bytes: int | None
    upload_quota_bytes: int | None
    quarantine_days: int
    mail: Mail | None


def read_environment(*, base_dir: Path) -> Environment:
    """Read the CRESCENT_* variables.

    Raises
    ------
    ImproperlyConfigured
        A value is missing, insecure or cannot be meant. The message names the variable and what to
        do, and repeats no key and no address of a database.
    """
    demo = _switch("CRESCENT_DEMO")
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
        if len(set(value)) < MINIMUM_DIFFERENT_CHARACTERS:
            raise ImproperlyConfigured(
                f"{name} repeats a few characters and can be guessed. Set it to the output of "
                "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
            )
    if len(set(keys.values())) != len(keys):
        raise ImproperlyConfigured(
            "CRESCENT_SECRET_KEY, CRESCENT_DEID_KEY and CRESCENT_HISTORY_KEY must differ."
        )
    hosts = _words(os.environ.get("CRESCENT_ALLOWED_HOSTS", ""))
    if any("*" in host for host in hosts):
        raise ImproperlyConfigured(
            "CRESCENT_ALLOWED_HOSTS may not contain '*'. Name the hosts this installation serves."
        )
    if addresses := [host for host in hosts if "/" in host]:
        raise ImproperlyConfigured(
            f"CRESCENT_ALLOWED_HOSTS takes host names without scheme and path: {addresses[0]}"
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
        data=_usable(data),
        database_url=_database_url(data),
        secret_key=keys["CRESCENT_SECRET_KEY"],
        deid_key=keys["CRESCENT_DEID_KEY"],
        history_key=keys["CRESCENT_HISTORY_KEY"],
        allowed_hosts=hosts,
        trusted_origins=_origins(),
        behind_tls_proxy=_switch("CRESCENT_BEHIND_TLS_PROXY"),
        centre_quota_bytes=_gigabytes("CRESCENT_CENTRE_QUOTA_GB"),
        free_space_floor_bytes=_gigabytes("CRESCENT_FREE_SPACE_FLOOR_GB"),
        upload_quota_bytes=_gigabytes("CRESCENT_UPLOAD_QUOTA_GB"),
        quarantine_days=_days("CRESCENT_QUARANTINE_DAYS", default=90),
        mail=_mail(demo=demo),
    )


def _mail(*, demo: bool) -> Mail | None:
    """None where no server is named."""
    host = os.environ.get("CRESCENT_MAIL_HOST", "")
    if not host:
        return None
    if demo and host not in DEMO_HOSTS:
        raise ImproperlyConfigured(
            "CRESCENT_DEMO=1 sends no mail to other machines: remove CRESCENT_MAIL_HOST."
        )
    security = os.environ.get("CRESCENT_MAIL_SECURITY", "") or "starttls"
    if security not in MAIL_PORTS:
        raise ImproperlyConfigured(
            f"CRESCENT_MAIL_SECURITY is starttls, tls or none, not {security!r}."
        )
    if security == "none" and host not in DEMO_HOSTS:
        raise ImproperlyConfigured(
            "CRESCENT_MAIL_SECURITY=none would send in clear: use it with a server on this machine "
            "only."
        )
    port = os.environ.get("CRESCENT_MAIL_PORT", "") or str(MAIL_PORTS[security])
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 2**16:
        raise ImproperlyConfigured(f"CRESCENT_MAIL_PORT is a port, such as 587, not {port!r}.")
    sender = os.environ.get("CRESCENT_MAIL_FROM", "")
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", sender):
        raise ImproperlyConfigured(
            "CRESCENT_MAIL_FROM is missing or no address. Set it to the one mails come from, such "
            "as crescent@example.org."
        )
    address = os.environ.get("CRESCENT_ADDRESS", "").rstrip("/")
    if not re.fullmatch(r"https://[^\s/?#@]+" if not demo else r"http://[^\s/?#@]+", address):
        raise ImproperlyConfigured(
            "CRESCENT_ADDRESS is missing or cannot be linked to. Set it to how people reach the "
            "pages, such as https://crescent.example.org, without a path."
        )
    return Mail(
        host=host,
        port=int(port),
        security=security,
        user=os.environ.get("CRESCENT_MAIL_USER", ""),
        password=os.environ.get("CRESCENT_MAIL_PASSWORD", ""),
        sender=sender,
        address=address,
    )


def _switch(name: str) -> bool:
    value = os.environ.get(name, "")
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is 1 or 0, not {value!r}.")
    return value == "1"


def _gigabytes(name: str) -> int | None:
    """A limit in bytes, or None where none is set."""
    value = os.environ.get(name, "")
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", value) or float(value) == 0:
        raise ImproperlyConfigured(
            f"{name} is a number of gigabytes above 0, such as 500 or 0.5, not {value!r}. Leave it "
            "empty for the default."
        )
    return int(float(value) * GB)


def _days(name: str, *, default: int) -> int:
    value = os.environ.get(name, "") or str(default)
    if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) == 0:
        raise ImproperlyConfigured(
            f"{name} is a number of days from 1 to 9999, not {value!r}. Leave it empty for the "
            f"default of {default}."
        )
    return int(value)


def _usable(data: Path) -> Path:
    """The data folder, made where it is missing."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"CRESCENT_DATA: the folder {data} cannot be made ({error.strerror}). Name a folder "
            "that this account may write to."
        ) from error
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        raise ImproperlyConfigured(
            f"CRESCENT_DATA: this account may not write to {data}. Name a folder that it may."
        )
    return data


def _database_url(data: Path) -> str:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data / 'crescent.sqlite3'}"
    if url.partition("://")[0] not in DATABASES:
        raise ImproperlyConfigured(
            "DATABASE_URL begins with postgresql:// or sqlite:///. Other databases are not "
            "supported: the history is kept unchanged by triggers of these two."
        )
    return url


def _origins() -> list[str]:
    origins = _words(os.environ.get("CRESCENT_TRUSTED_ORIGINS", ""))
    if any("*" in origin or not origin.startswith("https://") for origin in origins):
        raise ImproperlyConfigured(
            "CRESCENT_TRUSTED_ORIGINS takes addresses such as https://crescent.example.org, one by "
            "one: without TLS or with '*' anybody on the way could send forms."
        )
    return origins


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
