#!/usr/bin/env python3
"""Command line of Crescent: `manage.py help` lists the commands."""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        # Called with a Python that has no Django: use the project's own environment.
        own_python = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
        if not own_python.exists() or Path(sys.prefix) == own_python.parent.parent:
            sys.exit("Django is not installed. Run `make setup`, then try again.")
        os.execv(own_python, [str(own_python), *sys.argv])
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Crescent does not start: {error}")


if __name__ == "__main__":
    main()
