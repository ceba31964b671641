"""Throwaway PostgreSQL clusters on loopback: a primary, and its streaming replica."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.tflink.test_deploy import free_port

DATABASE = "tflink"
#: What only a cluster that is thrown away may have; all statements are in its log.
_OPTIONS = "-c fsync=off -c log_statement=all -c shared_buffers=16MB -c wal_receiver_timeout=2s"
#: How often a standby that lost its primary looks for it.
_OPTIONS += " -c wal_retrieve_retry_interval=200ms -c max_connections=30"


def programs() -> Path:
    """Return the folder of PostgreSQL's programs; skip the test where there are none."""
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep)]
    # As Debian has them: not in the path, a folder for each version.
    for folder in (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *folders):
        if all(shutil.which(name, path=folder) for name in ("initdb", "pg_ctl", "pg_basebackup")):
            return folder
    pytest.skip("initdb or pg_basebackup is missing: apt-get install postgresql")


@dataclass(frozen=True)
class Cluster:
    programs: Path
    folder: Path
    port: int

    @classmethod
    def create(cls, folder: Path) -> Cluster:
        cluster = cls(programs(), folder, free_port())
        cluster._run(
            "initdb", "-D", ".", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        return cluster

    def replica(self, folder: Path) -> Cluster:
        """A copy that follows this one."""
        copy = Cluster(self.programs, folder, free_port())
        source = f"host=127.0.0.1 port={self.port} user=postgres"
        copy._run("pg_basebackup", "-D", ".", "-R", "-X", "stream", "-c", "fast", "-d", source)
        return copy

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder} {_OPTIONS}"
        self._run("pg_ctl", "-D", ".", "-l", "log", "-w", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", ".", "-m", "immediate", "stop")

    def execute(self, statement: str, database: str = DATABASE) -> Any:
        with self.connect(database) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def connect(self, database: str = DATABASE) -> psycopg.Connection:
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        return psycopg.connect(where, autocommit=True)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def _run(self, program: str, *words: str) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        # The server does not run as root.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(self.folder, user)
        with (self.folder.parent / f"{self.folder.name}.out").open("a+") as output:
            done = subprocess.run(
                [str(self.programs / program), *words],
                cwd=self.folder,
                user=user,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()
