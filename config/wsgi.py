"""Entry point of the application server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.at_start import recover_in_background  # noqa: E402 - needs what the line above sets up

recover_in_background()
