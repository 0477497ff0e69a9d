"""The product's own settings in the environment of the suite: demo keys, its own data folder."""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="crescent-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ |= {"CRESCENT_DEMO": "1", "CRESCENT_DATA": _data}
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop.

from config.settings import *  # noqa: E402, F403

# Hashing a password slowly protects people; here it only protects synthetic ones.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
