"""A database in which every text that a user can supply tries to run something.

Which texts there are is read from the models, so that a field that is added is filled too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, Final

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db.models import CharField, FileField, JSONField, Model, TextField

#: `%s` is a call of `xss`, which the browser reports; whatever element or attribute one of
#: these would make is marked `data-xss`. The shortest fit into a column of 32 characters.
PAYLOADS: Final = (
    "<svg onload=%s data-xss>",
    "<script data-xss>%s</script>",
    "\"'><img src=x data-xss onerror=%s>",
    '" onfocus=%s autofocus data-xss="',
    "' onfocus=%s autofocus data-xss='",
    "javascript:%s//",
    "data:text/html,<script>%s</script>",
    "</script><script data-xss>%s</script>",
    "</title></style></textarea></option><img data-xss src=x onerror=%s>",
    "]]></text></svg><script data-xss>%s</script>",
    "{{1234*4321}}${1234*4321}#{1234*4321}{% debug %}%s",
    "<math data-xss><mtext><mglyph><style><img src=x onerror=%s>",
    '<noscript><p title="</noscript><img data-xss src=x onerror=%s>">',
    "<a data-xss id=config name=body href=//evil.invalid/>%s</a>",
    "<form data-xss><input name=children><input id=cy>%s",
    "<b data-xss hx-get=/admin/ hx-trigger=load hx-on:click=%s>",
    "--><!--><img data-xss src=x onerror=%s>",
    "<style data-xss>@import'//evil.invalid/%s';</style>",
    "<base data-xss href=//evil.invalid/%s>",
    "\u202e\u200b<img data-xss src=x onerror=%s>\u2066",
    "&lt;img data-xss src=x onerror=%s&gt;&#60;b&#62;",
    "\\u003cimg data-xss src=x onerror=%s\\u003e\\x3cb\\x3e",
    "%%3Cimg%%20data-xss%%20src=x%%20onerror=%s%%3E",
    "?q=1&next=javascript:%s#<img data-xss src=x>",
)
#: What the database itself keeps to a rule; the test looks whether it does.
RULED: Final = {
    "curation.Comment.kind",
    "curation.Pin.kind",
    "curation.Proposal.kind",
    "curation.Proposal.origin",
    "curation.Proposal.state",
    "curation.PublicReport.category",
    "curation.Revision.kind",
    "curation.Revision.verb",
    "curation.ImportRun.state",
    "curation.ReleaseOrder.name",
    "curation.ReleaseOrder.state",
    "curation.RunUndo.state",
    "curation.Upload.kind",
    "curation.Upload.state",
    "curation.Researcher.orcid",
    "proteins.BindingSite.strand",
    "proteins.BindingSite.tflink_id",
    "proteins.Dataset.version_date",
    "proteins.DetectionMethod.psi_mi_id",
    "proteins.JasparMatrix.matrix_id",
    "proteins.Protein.accession",
    "proteins.SecondaryAccession.accession",
    "proteins.SourceDatabase.version_date",
    "proteins.Statement.eco",
    "proteins.Statement.orcid",
    "proteins.Taxon.code",
}


def models() -> list[type[Model]]:
    ours = [
        model for app in ("proteins", "curation") for model in apps.get_app_config(app).get_models()
    ]
    return [*ours, User, Group, LogEntry]


def text_fields(model: type[Model]) -> Iterator[Any]:
    """The columns in which text is stored; what the database makes of others is none."""
    for field in model._meta.concrete_fields:
        if isinstance(field, CharField | TextField | JSONField | FileField):
            yield field


def label(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


class Hostile:
    """Texts that identify the field they were in: its number is in the call that they make."""

    def __init__(self) -> None:
        labels = sorted(label(field) for model in models() for field in text_fields(model))
        self.numbers = dict(zip(labels, count(1), strict=False))

    def text(self, name: str, row: int = 0, longest: int | None = None) -> str:
        """The text that row `row` of the field called `name` holds."""
        room = longest or 10_000
        call = f"xss({self.numbers[name]}.{row:02d})"
        texts = [
            text for text in (_filled(payload, call) for payload in PAYLOADS) if len(text) <= room
        ]
        return texts[row % len(texts)]

    def of(self, field: Any, row: int = 0) -> str:
        return self.text(label(field), row, field.max_length)

    def values(self, model: type[Model], row: int, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a record's text fields hold, but for those that are given or ruled."""
        values: dict[str, Any] = {}
        for field in text_fields(model):
            if field.name in given or label(field) in RULED:
                continue
            text = self.of(field, row)
            values[field.name] = self.json(field, text) if isinstance(field, JSONField) else text
        return values

    def make(self, model: type[Model], row: int = 0, **given: Any) -> Any:
        return model._base_manager.create(**self.values(model, row, given), **given)

    def json(self, field: Any, text: str) -> Any:
        """As the code that reads the field expects it."""
        shape = SHAPES.get(label(field))
        assert shape is not None, f"say in SHAPES what {label(field)} holds"
        return shape(text)

    def field_of(self, number: int) -> str:
        return next(name for name, field_number in self.numbers.items() if field_number == number)


def _filled(payload: str, call: str) -> str:
    return payload.replace("%%", "\0").replace("%s", call).replace("\0", "%")


def _counts(text: str) -> dict[str, Any]:
    return {text: {"created": 1, "changed": 2, "unchanged": 3}}


def _changes(text: str) -> dict[str, Any]:
    evidence = {"sources": [text], "methods": [text], "pmids": [text], "small_scale": text}
    return {
        "name": [text, f"{text}."],
        "orthologs": [[["Mus musculus", text, True]], []],
        "evidence": [None, evidence],
        text: [text, None],
    }


def _proposed(text: str) -> dict[str, Any]:
    """Changes as proposals hold them: of lists, what comes and goes."""
    return {**_changes(text), "jaspar_matrices": {"added": [text], "removed": [f"{text}."]}}


def _outcome(text: str) -> dict[str, Any]:
    changed = [{"kind": "protein", "key": text, "changes": {"name": [text, None], text: [1, 2]}}]
    problem = {"file": text, "section": text, "line": 1, "reason": text, "whole_page": True}
    problem |= {"cell": text, "count": 1, "lines": text}
    return {
        "documents": "pages",
        "document": text,
        "read": 1,
        "skipped": 1,
        "refused_whole": 1,
        "rows_refused": 1,
        "counts": _counts(text),
        "notes": [text],
        "created": {text: [text]},
        "changes": changed,
        "more_changes": 1,
        "proposed": 1,
        "proposals": changed,
        "withdrawn": 1,
        "withdrawn_first": [text],
        "problems": [problem],
        "large": {"number": 1, "reasons": [text]},
    }


def _undone(text: str) -> dict[str, Any]:
    numbers = {text: 1}
    return {
        "deleted": numbers,
        "restored": numbers,
        "proposals": 1,
        "kept": [text],
        "kept_count": 1,
        "large": {"number": 1, "reasons": [text]},
    }


def _listed(text: str) -> list[str]:
    return [text]


SHAPES: Final[dict[str, Callable[[str], Any]]] = {
    "curation.ImportRun.counts": _counts,
    "curation.ImportRun.paths": _listed,
    "curation.ImportRun.problems": _listed,
    "curation.Pin.source_value": str,
    "curation.Proposal.applied": _proposed,
    "curation.Proposal.changes": _proposed,
    "curation.PublicReport.pmids": _listed,
    "curation.ReleaseOrder.preview": _listed,
    "curation.ReleaseOrder.result": lambda text: {"files": text, "bytes": text},
    "curation.Revision.changes": _changes,
    "curation.RunChunk.changed": lambda text: [["protein", 1, text, text, text, text]],
    "curation.RunChunk.created": lambda text: {text: [[1, 1]]},
    "curation.RunChunk.stated": lambda text: {text: [[1, 1]]},
    "curation.SitePart.stated": lambda text: {"assembly": text, "former_ids": [text]},
    "curation.RunUndo.preview": _undone,
    "curation.RunUndo.result": _undone,
    "curation.SourcePage.downloads": lambda text: {text: text},
    "curation.SourcePage.unknown_keys": lambda text: {text: [text, {text: text}]},
    "curation.Upload.preview": _outcome,
    "curation.Upload.result": _outcome,
    "curation.Upload.skipped": _listed,
}
