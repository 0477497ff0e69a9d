"""The child reads foreign bytes, so it carries nothing it does not need."""

import subprocess
import sys

IMPORTED = """
import sys
import imaging.ingest.child
print([name for name in sys.modules if name.split(".")[0] in ("django", "registry", "psycopg")])
"""


def test_the_child_never_imports_django_or_the_registry():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
