"""The one settings file. What differs between installations comes from the environment."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from config.environment import read_environment
from config.version import code_version

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read_environment(base_dir=BASE_DIR)

CODE_VERSION = code_version(base_dir=BASE_DIR)
CRESCENT_DEMO = ENVIRONMENT.demo
CRESCENT_DATA = ENVIRONMENT.data
CRESCENT_DEID_KEY = ENVIRONMENT.deid_key
CRESCENT_HISTORY_KEY = ENVIRONMENT.history_key
CRESCENT_CENTRE_QUOTA_BYTES = ENVIRONMENT.centre_quota_bytes
CRESCENT_FREE_SPACE_FLOOR_BYTES = ENVIRONMENT.free_space_floor_bytes
CRESCENT_UPLOAD_QUOTA_BYTES = ENVIRONMENT.upload_quota_bytes or 50 * 10**9
"""What one person may have on its way in parts at the same time."""
CRESCENT_QUARANTINE_DAYS = ENVIRONMENT.quarantine_days
"""Files in quarantine that nobody decided about are discarded after so many days."""
HISTORY_RECORDER = "registry.actions.history.record_for_imaging"
"""Imaging writes its history through this path, so that it never imports the registry."""
CENTRE_EXISTS = "registry.queries.centres.exists"
"""Imaging's commands ask through this path whether a centre code is one."""
STUDY_IN_USE = "registry.queries.study_links.in_use"
"""Imaging asks through this path whether somebody relies on a study before it is excluded."""
CENTRE_CODES = "registry.queries.centres.codes"
"""Imaging asks through this path which centres there are."""

MAIL = ENVIRONMENT.mail
CRESCENT_ADDRESS = MAIL.address if MAIL else None
"""Where people reach the pages, as mails link to them; None where no mail is set up."""
if MAIL:
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.security == "starttls", MAIL.security == "tls"
    EMAIL_TIMEOUT = 30
    DEFAULT_FROM_EMAIL = MAIL.sender

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.trusted_origins
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "imaging.apps.ImagingConfig",
    "registry.apps.RegistryConfig",
    "config.demo.apps.DemoConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "registry.views.where_one_works.WhereOneWorksMiddleware",
    "registry.views.own_password.OwnPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "registry.views.no_store.NoStoreMiddleware",
    "registry.views.only_sent.OnlySentMiddleware",
    "registry.views.form_drafts.FormDraftMiddleware",
    "registry.views.refused.RefusedMiddleware",
    "axes.middleware.AxesMiddleware",
]
if CRESCENT_DEMO:
    MIDDLEWARE.insert(0, "config.demo.loopback.LoopbackOnlyMiddleware")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.presenters.page.context",
                "registry.views.form_drafts.context",
                "registry.views.session.context",
            ],
        },
    }
]

_database: Any = dj_database_url.parse(
    ENVIRONMENT.database_url,
    # A frame is asked for every few milliseconds: to connect takes longer than to find it.
    conn_max_age=60,
    conn_health_checks=True,
)
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, not NORMAL: with NORMAL an acknowledged transaction may vanish on power loss.
        # Without recursive triggers, INSERT OR REPLACE deletes a frozen row past its triggers.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA recursive_triggers=ON;",
    }
    _database["TEST"] = {"NAME": str(CRESCENT_DATA / "test.sqlite3")}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "registry.access.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "registry:sign-in"
LOGIN_REDIRECT_URL = "registry:home"
LOGOUT_REDIRECT_URL = "registry:sign-in"
AXES_HANDLER = "config.sign_in_attempts.SignInAttempts"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registry/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not CRESCENT_DEMO
SECURE_SSL_REDIRECT = not CRESCENT_DEMO
SECURE_HSTS_SECONDS = 0 if CRESCENT_DEMO else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not CRESCENT_DEMO
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.behind_tls_proxy else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap's own icons and Vega's images are data: addresses.
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
"""The pages speak them; codes, statistics and exports do not change with the language."""
LOCALE_PATHS = [BASE_DIR / "build" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "build" / "islands"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Uploaded CT files go straight to the spool, on the same file system as the archive.
FILE_UPLOAD_TEMP_DIR = CRESCENT_DATA / "spool"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["imaging.ingest.upload_handler.SpoolUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.log_lines.QuietFormatter",
            "format": "%(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
