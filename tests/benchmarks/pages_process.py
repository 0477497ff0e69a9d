"""The process of `asked_pages`, with the settings of the suite."""

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.benchmarks.asked_pages import serve  # needs the settings

    serve(int(sys.argv[1]))


if __name__ == "__main__":
    main()
