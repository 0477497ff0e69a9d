"""An installation on another database, in a process of its own, that makes and verifies bundles.

`python -m tests.integration.registry.other_installation MADE GOT`, with DATABASE_URL set, fills an
empty database, writes a bundle of a frozen report of each protocol into MADE, says so with its
public key on a line, waits for a line with the other one's key, and verifies what lies in GOT.
Its tables come from the models: the migrations and their triggers have tests of their own, and
take half a minute.
"""

import os
import sys
from pathlib import Path

OTHER_KEY = "the history of another installation, 0123456789"


def main(made: Path, got: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    settings.CRESCENT_HISTORY_KEY = OTHER_KEY

    from registry.exchange import report_signature
    from tests.factories import frozen_of_each

    call_command("migrate", verbosity=0, run_syncdb=True, skip_checks=True)
    frozen_of_each.bundles(
        by=frozen_of_each.records(), into=made, code_version=settings.CODE_VERSION
    )
    print("made", report_signature.own_public_key(), flush=True)
    key = sys.stdin.readline().strip()
    call_command("verify_report", *sorted(map(str, got.iterdir())), key=key)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
