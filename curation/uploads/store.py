"""The folder of a job: its files under names of our own, and what each was called."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from curation.models import Job
from curation.uploads.names import PREFIX

_NAMES = "names.json"


def new_folder() -> str:
    """Make a folder for a job, readable by its owner only, and return its name."""
    name = secrets.token_hex(16)
    folder = folder_named(name)
    folder.mkdir(mode=0o700, parents=True)
    (folder / "files").mkdir()
    return name


def folder_named(name: str) -> Path:
    return Path(settings.UPLOAD_DIR) / name


def folder_of(job: Job) -> Path:
    return folder_named(job.folder)


def archive_of(folder: Path) -> Path:
    """The path of an archive until it is unpacked."""
    return folder / "archive.zip"


def files_of(folder: Path) -> Path:
    """Where the pages or the table are."""
    return folder / "files"


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it; one that is not there is no matter."""
    shutil.rmtree(folder, ignore_errors=True)


def write_names(folder: Path, names: Mapping[str, str]) -> None:
    """Keep what each of the files (by our name for it) was called."""
    text = json.dumps(dict(names), ensure_ascii=False)
    (folder / _NAMES).write_text(text, encoding="utf-8")


def has_names(folder: Path) -> bool:
    """Whether the files are there under names of our own (an archive: unpacked to its end)."""
    return (folder / _NAMES).is_file()


def read_names(folder: Path) -> dict[str, str]:
    """Return under what name each file is recorded, by our name for it."""
    names: dict[str, str] = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
    return {own: f"{PREFIX}/{name}" for own, name in names.items()}
