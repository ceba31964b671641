"""URLs and forms of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.curation.desk_visitor import Fields, read_form

Data = dict[str, Any]


def page(model: str, kind: str, *args: object) -> str:
    return reverse(f"admin:proteins_{model}_{kind}", args=args)


def open_form(browser: Client, url: str) -> Data:
    """Return what the form of a page would send as it is, no button pressed."""
    answer = browser.get(url)
    assert answer.status_code == 200
    return form_in(answer.text)


def form_in(text: str) -> Data:
    for model in (
        "protein",
        "interaction",
        "statement",
        "bindingsite",
        "citation",
        "sourcedatabase",
        "detectionmethod",
    ):
        fields: Fields = read_form(text, f"{model}_form")
        if fields.values:
            return dict(fields.values)
    raise AssertionError("There is no form of a record on the page.")


def press(browser: Client, url: str, data: Data) -> Any:
    """Send a form and follow to the page with the message."""
    return send(browser, url, data, follow=True)


def send(browser: Client, url: str, data: Data, **how: Any) -> Any:
    """Send a form, and once more where it comes back with doubts alone: it is meant so."""
    answer = browser.post(url, data, **how)
    if answer.context and answer.context.get("has_doubts"):
        form = answer.context["adminform"].form
        answer = browser.post(url, {**data, "seen_doubts": form["seen_doubts"].value()}, **how)
    return answer


def save(browser: Client, url: str, data: Data) -> None:
    answer = send(browser, url, {"_save": "1", **data})
    assert answer.status_code == 302, problems(answer)


def edit(browser: Client, model: str, record_id: int, **changes: Any) -> None:
    """Open the form of a record, change some of it, and save."""
    url = page(model, "change", record_id)
    save(browser, url, open_form(browser, url) | changes)


def problems(answer: Any) -> list[str]:
    """What a form that came back says is wrong."""
    return [problem.text for problem in answer.context["problems"]]


def messages_of(answer: Any) -> str:
    """The messages of a page that was followed to."""
    return " ".join(str(message) for message in answer.context["messages"])
