"""Entry point of the application server."""

import os
import time

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_django = get_wsgi_application()

# All of these need what the line above sets up.
from config.at_start import recover_in_background  # noqa: E402
from imaging.dicomweb.frames_at_hand import FramesAtHand  # noqa: E402
from imaging.queries.database_version import DatabaseVersion  # noqa: E402

application = FramesAtHand(_django, version=DatabaseVersion().current, clock=time.monotonic)

recover_in_background()
