"""`manage.py check --deploy` as an installation with keys of its own would run it."""

import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory(prefix="crescent-deploy-") as data:
    keys = {
        name: f"{name.lower()}-{os.urandom(32).hex()}"
        for name in ("CRESCENT_SECRET_KEY", "CRESCENT_DEID_KEY", "CRESCENT_HISTORY_KEY")
    }
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CRESCENT_", "DATABASE_URL"))
    }
    environment |= keys | {"CRESCENT_DATA": data, "CRESCENT_ALLOWED_HOSTS": "crescent.example.org"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    sys.exit(subprocess.run(command, env=environment).returncode)
