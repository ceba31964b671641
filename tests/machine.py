"""An installation of the site: its commands as processes of their own, on a real database."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.places import ROOT
from tests.test_settings import environment_of, python


@dataclass
class Machine:
    """An installation: its database and its data folder."""

    url: str
    data: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        # Without system checks, which load every page of the site.
        return python(self.data, "manage.py", *words, "--skip-checks", DATABASE_URL=self.url)

    def manage(self, *words: str) -> str:
        """Run a command that must succeed; return what it prints."""
        result = self.run(*words)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Begin a command."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *words, "--skip-checks"],
            cwd=ROOT,
            env=environment_of(self.data, DATABASE_URL=self.url, **environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # What is started in the background may have Ctrl-C ignored.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
        )

    def killed_in(self, function: str, *words: str) -> None:
        """Run a command that is killed (SIGKILL) when it comes to a function."""
        place, _, name = function.rpartition(".")
        program = (
            "import os, pkgutil, signal; import django; django.setup()\n"
            f"place = pkgutil.resolve_name({place!r})\n"
            f"place.{name} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
            f"from django.core.management import call_command; call_command(*{list(words)!r})\n"
        )
        assert self.program(program).returncode == -signal.SIGKILL

    def program(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of Python's with the settings of this machine."""
        environment = {"DJANGO_SETTINGS_MODULE": "tflink.settings", "DATABASE_URL": self.url}
        return python(self.data, "-c", program, *words, **environment)

    @property
    def digest(self) -> str:
        """The content digest of its database, every record of which must hold."""
        result = self.program(
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            "call_command('check_records'); call_command('content_digest')"
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout.split()[-1]
