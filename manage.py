#!/usr/bin/env python
"""Run a management command of the site."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    from tflink.command_line import run

    run(sys.argv)


if __name__ == "__main__":
    main()
