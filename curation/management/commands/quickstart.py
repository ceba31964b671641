from __future__ import annotations

import errno
import os
import secrets
import socket
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.db.models import Q

from curation.importing.run import import_pages
from curation.vocabulary import (
    load_datasets,
    load_review_reasons,
    load_source_versions,
    load_species_names,
    load_vocabulary,
)
from proteins.site.network import LIBRARY

HOST = "127.0.0.1"
ADMIN = "admin"
#: Node.js comes from PyPI; its npm puts the libraries in place.
NPM = (
    ".venv/bin/pip install -q -c .requirements/constraints.txt -e '.[frontend]' && .venv/bin/npm ci"
)


class Command(BaseCommand):
    help = (
        "Prepare the database, import the five pages of fixtures/pages, make an administrator "
        "and serve the site on this computer. Safe to run again: it keeps what is there."
    )
    # The database may not exist yet, and migrations are about to run.
    needs_current_schema = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=port_number, default=8000, help="the port to serve on (8000)"
        )
        parser.add_argument("--no-serve", action="store_true", help="stop before serving")

    def handle(self, *_: object, port: int, no_serve: bool, **__: object) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "quickstart is for development, and TFLINK_ENVIRONMENT is 'production'. "
                'README.md, "Production", says how to set such a site up.'
            )
        if not no_serve:
            demand_free(port)
        try:
            self.prepare()
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run it again to go on.", returncode=130) from None
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        if no_serve:
            self.stdout.write("Ready. `manage.py quickstart` without --no-serve serves the site.")
        else:
            self.serve(port)

    def prepare(self) -> None:
        # Nothing is collected there in development, but WhiteNoise looks for it.
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        load_vocabulary(apps)
        load_species_names(apps)
        load_datasets(apps)
        load_review_reasons(apps)
        load_source_versions(apps)
        # As a person at the project's root would name it: the same file is then the same
        # page, whichever command imports it.
        pages = Path(os.path.relpath(settings.BASE_DIR / "fixtures" / "pages"))
        self.stdout.write(f"Importing {pages} ...")
        report = import_pages([pages], on_problem=lambda problem: self.stderr.write(str(problem)))
        self.stdout.write(report.summary())
        self.make_administrator()

    def make_administrator(self) -> None:
        """Make the first administrator; where there is one, nothing is made or changed."""
        if User.objects.filter(Q(is_superuser=True) | Q(username=ADMIN)).exists():
            return
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(ADMIN, password=password)
        self.stdout.write(
            self.style.SUCCESS(f"Administrator made: user {ADMIN}, password {password}")
            + "\nIt is not shown again; `manage.py changepassword admin` sets another."
        )

    def serve(self, port: int) -> None:
        # Again: the work took a while, and runserver would say less.
        demand_free(port)
        site = f"http://{HOST}:{port}"
        self.stdout.write(
            f"\nThe site is at {site}/\n"
            f"  a protein's page     {site}/protein/q9uk53/\n"
            f"  the API, documented  {site}/api/v1/docs/\n"
            f"  curation             {site}/admin/\n"
            f"{how_to_explore_networks()}"
            "Ctrl-C ends it.",
        )
        self.stdout.flush()
        # Its banner and its warning are for other uses than this one.
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        with Path(os.devnull).open("w") as nowhere:
            call_command("runserver", f"{HOST}:{port}", use_reloader=False, stdout=nowhere)


def how_to_explore_networks() -> str:
    """What is missing without the libraries from npm; nothing where they are installed."""
    if finders.find(LIBRARY):
        return ""
    return (
        "Networks are drawings here. To have them interactive, run this and start again:\n"
        f"  {NPM}\n"
    )


def port_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        raise ArgumentTypeError(f"{text!r} is not a port number (1 to 65535)")
    return int(text)


def demand_free(port: int) -> None:
    """Raise `CommandError` where nothing can be served on `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        # As the server itself does: a port whose last connections are closing is free.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError as error:
            reason = (
                "something else is served there"
                if error.errno == errno.EADDRINUSE
                else f"{error.strerror}"
            )
            raise CommandError(
                f"Port {port} of {HOST} cannot be used: {reason}. Choose another one: "
                f"`manage.py quickstart --port {port + 1 if port < 65_535 else 8000}`."
            ) from error
