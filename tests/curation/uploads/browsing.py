"""Handing in and deciding through HTTP, as the pages do it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from curation.models import Job, Upload
from tests.curation.uploads.archives import PAGE

ADD = "/admin/curation/upload/add/"
MARKUP = "<img src=x onerror=alert(1)>.md"


def file(name: str = "q9uk53.md", data: bytes = PAGE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def hand_in(browser: Client, *files: SimpleUploadedFile) -> Upload:
    answer = browser.post(ADD, {"files": files})
    assert answer.status_code == 302, answer.context["error"]
    upload = Upload.objects.first()
    assert upload is not None
    assert answer["Location"] == job_url(upload)
    return upload


def job_url(job: Job, name: str = "change") -> str:
    return reverse(f"admin:curation_{job._meta.model_name}_{name}", args=[job.pk])


def press(browser: Client, job: Job, button: str, **fields: str) -> Any:
    """Press a button of a job's page, with the fields that the page has beside it."""
    shown = browser.get(job_url(job))
    fields = {"seen": shown.context["version"], **fields}
    return browser.post(job_url(job, button), fields, follow=True)
