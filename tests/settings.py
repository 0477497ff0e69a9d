"""The product's own settings in the environment of the suite: demo keys, its own data folder."""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="crescent-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
# An installation's own environment must not decide what the suite finds.
for _name in (
    "CRESCENT_SECRET_KEY",
    "CRESCENT_DEID_KEY",
    "CRESCENT_HISTORY_KEY",
    "CRESCENT_ALLOWED_HOSTS",
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
):
    os.environ.pop(_name, None)
os.environ |= {"CRESCENT_DEMO": "1", "CRESCENT_DATA": _data}
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop.

from config.settings import *  # noqa: E402, F403

# Hashing a password slowly protects people; here it only protects synthetic ones.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
