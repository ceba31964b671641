"""Processor time and memory that commands take to start, beside those of a minimal Django.

    python -m tests.benchmarks.command_start [--rounds 5]

The minimal project has Django's admin, accounts and sessions, and the REST framework with one list
of users; both have SQLite. A command that prints its help has loaded all apps and models; `check`
has loaded every URL too, as each command does whose system checks run. Both projects take turns,
and the least of each counts. Printed are seconds, megabytes, and the ratio to the minimal project;
exit status 1 says that a ratio is over its limit.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.places import ROOT

#: Commands of the site, those of the minimal project beside them, and the most that the site's
#: may take of their time.
PAIRS: Final = (
    ("migrate --help", "migrate --help", 2.0),
    ("import_pages --help", "migrate --help", 2.5),
    ("check", "check", 3.0),
)
SETTINGS: Final = """
SECRET_KEY = "of no use"
INSTALLED_APPS = [
    *(f"django.contrib.{app}" for app in ("admin", "auth", "contenttypes", "sessions", "messages")),
    "rest_framework",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "minimal_urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
"""
URLS: Final = """
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import include, path
from rest_framework import routers, serializers, viewsets


class Users(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["username"]


class UserList(viewsets.ReadOnlyModelViewSet):
    queryset = User.objects.all()
    serializer_class = Users


router = routers.DefaultRouter()
router.register("users", UserList)
urlpatterns = [path("admin/", admin.site.urls), path("api/", include(router.urls))]
"""


@dataclass(frozen=True)
class Cost:
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Project:
    folder: Path
    environment: dict[str, str]
    manage: tuple[str, ...]

    def cost(self, command: str) -> Cost:
        """Return what a command took, of the processor and of memory."""
        process = subprocess.Popen(
            [sys.executable, *self.manage, *command.split()],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command} ended with status {process.returncode}")
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@contextmanager
def both_projects() -> Iterator[tuple[Project, Project]]:
    """The site with an empty data folder, and the minimal project."""
    # Compiled modules are cached, as anywhere but in tests of this.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "minimal_settings.py").write_text(SETTINGS)
        (folder / "minimal_urls.py").write_text(URLS)
        yield (
            Project(ROOT, {**inherited, "TFLINK_DATA_DIR": name}, ("manage.py",)),
            Project(
                folder,
                {**inherited, "DJANGO_SETTINGS_MODULE": "minimal_settings", "PYTHONPATH": name},
                ("-m", "django"),
            ),
        )


def least(costs: list[Cost]) -> Cost:
    return Cost(min(one.seconds for one in costs), min(one.megabytes for one in costs))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds: int = parser.parse_args().rounds
    slow = False
    with both_projects() as (site, minimal):
        for command, beside, limit in PAIRS:
            # The first of each compiles modules.
            pairs = [(site.cost(command), minimal.cost(beside)) for _ in range(rounds + 1)][1:]
            ours, theirs = (least(list(costs)) for costs in zip(*pairs, strict=True))
            ratio = ours.seconds / theirs.seconds
            slow |= ratio > limit
            print(
                f"{command:20} {ours.seconds:.2f} s {ours.megabytes:3.0f} MB, minimal "
                f"{theirs.seconds:.2f} s {theirs.megabytes:3.0f} MB: {ratio:.2f} (at most {limit})"
            )
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
