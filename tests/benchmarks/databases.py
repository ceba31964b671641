"""Fresh, migrated databases of one's own: SQLite files in a temporary folder, or databases
on a PostgreSQL server beside the one that is named. All are taken away at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from itertools import count
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.migrated import migrate, migrated_file
from tests.places import ROOT

MANAGE = ROOT / "manage.py"
_numbers = count(1)


class Databases(ABC):
    """Makes a fresh database as often as wanted, each a copy of one migrated template."""

    @abstractmethod
    def fresh(self) -> str:
        """Return the DATABASE_URL of a new empty database; the one before is dropped."""

    @abstractmethod
    def another(self) -> str:
        """The same beside the one of `fresh`; the last other one is dropped."""

    @abstractmethod
    def empty(self) -> str:
        """Return the DATABASE_URL of a new database without tables; the one before is dropped."""

    def wait_until_unused(self, url: str) -> None:  # noqa: B027  (a file is free at once)
        """Wait until a server has noticed that who used a database was killed."""

    @abstractmethod
    def close(self) -> None:
        """Drop all."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SqliteDatabases(Databases):
    """Copies of a file: of a migrated one, unless it is given."""

    def __init__(self, template: Path | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tflink-"))
        self._template = template or migrated_file()

    def fresh(self) -> str:
        return self._copy("copy")

    def another(self) -> str:
        return self._copy("other")

    def empty(self) -> str:
        return f"sqlite:///{self._file('empty')}"

    def _copy(self, kind: str) -> str:
        file = self._file(kind)
        shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"

    def _file(self, kind: str) -> Path:
        for old in self._folder.glob(f"{kind}*"):
            old.unlink()
        # A name of its own, so that a process that still has the last one does no harm.
        return self._folder / f"{kind}{next(_numbers)}.sqlite3"

    def close(self) -> None:
        shutil.rmtree(self._folder)


class PostgresDatabases(Databases):
    """Copies of a database on the server that `url` names: of a migrated one, unless it is the
    one that `url` names."""

    def __init__(self, url: str, *, of_named: bool = False) -> None:
        self._server = urlsplit(url)
        self._name = f"tflink_{os.getpid()}_{next(_numbers)}"
        self._template = database_name(url) if of_named else f"{self._name}_template"
        if not of_named:
            self._execute("CREATE DATABASE {}", self._template)
            migrate(self._url(self._template))

    def _url(self, database: str) -> str:
        return urlunsplit(self._server._replace(path=f"/{database}"))

    def _execute(self, statement: str, *names: str) -> None:
        url = urlunsplit(self._server._replace(scheme="postgresql", path="/postgres"))
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def fresh(self) -> str:
        return self._copy(self._name)

    def another(self) -> str:
        return self._copy(f"{self._name}_other")

    def _copy(self, name: str) -> str:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, self._template)
        return self._url(name)

    def empty(self) -> str:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{self._name}_empty")
        self._execute("CREATE DATABASE {}", f"{self._name}_empty")
        return self._url(f"{self._name}_empty")

    def wait_until_unused(self, url: str) -> None:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        with psycopg.connect(url, autocommit=True) as server:
            while server.execute(f"SELECT 1 FROM pg_stat_activity WHERE {others}").fetchone():
                time.sleep(0.02)

    def close(self) -> None:
        for kind in ("", "_other", "_empty", "_template"):
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{self._name}{kind}")


def databases(url: str) -> Databases:
    """Return a maker of databases of the kind of `url`, on its server if it has one."""
    return PostgresDatabases(url) if url.startswith("postgres") else SqliteDatabases()


def copies_of(url: str) -> Databases:
    """Return a maker of copies of the database that `url` names, to which no one is connected."""
    if url.startswith("postgres"):
        return PostgresDatabases(url, of_named=True)
    return SqliteDatabases(Path(database_name(url)))


def database_name(url: str) -> str:
    """Return the name, or the file, of a database as Django's settings have it."""
    file = url.removeprefix("sqlite:///")
    return file if file != url else urlsplit(url).path.removeprefix("/")
