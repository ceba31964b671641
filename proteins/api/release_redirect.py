"""`?release=` on the lists of the API: sent on to the file of a release that holds the same.

A release has files of one species each, of all evidence, small-scale or large-scale. What no
file holds is refused with what can be had: rows of today must not be taken for frozen ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpResponseRedirect
from django.urls import reverse
from rest_framework import exceptions
from rest_framework.request import Request

from proteins import release_store
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.domain.identifiers import shown
from proteins.release_store import Release, ReleaseFile

PARAMETER: Final = "release"
LATEST: Final = "latest"
ALL: Final = "all"
#: The classes of evidence that files are of, by the value of `small_scale`. Where it is
#: not stated, an interaction is in neither of the two.
CLASSES: Final = {"yes": "small-scale", "no": "large-scale"}
_TAKEN: Final = (PARAMETER, "format", "taxon", "small_scale")


def redirect(request: Request, view: Any) -> HttpResponseRedirect | None:
    """The redirect to the requested file; None where no release is requested.

    InvalidParameters where no file holds what is requested, NotFound for an unknown release.
    """
    query = request.query_params
    if PARAMETER not in query:
        return None
    release = _release(query[PARAMETER])
    files = release.of(view.noun.replace(" ", "-") + "s")
    file_format = getattr(request, "file_format", None)
    matching = [
        file
        for file in files
        if file_format is not None
        and file.format == file_format.name
        and str(file.taxon or "") == query.get("taxon", "").strip()
        and file.evidence_class == CLASSES.get(query.get("small_scale", ""), ALL)
    ]
    errors = list(_errors(request, release, files))
    if errors or not matching:
        raise InvalidParameters(errors or [_missing(release, query[PARAMETER])])
    return HttpResponseRedirect(reverse("download-file", args=[release.name, matching[0].name]))


def _release(name: str) -> Release:
    wanted = release_store.latest_name() if name == LATEST else name
    if release := release_store.release(wanted):
        return release
    if not (names := release_store.names()):
        raise exceptions.NotFound("There is no release yet.")
    listed = ", ".join((LATEST, *names))
    raise exceptions.NotFound(f"There is no release {shown(name)}; there are: {listed}.")


def _errors(
    request: Request, release: Release, files: list[ReleaseFile]
) -> Iterator[ParameterError]:
    """What of a query no file of these can answer."""
    if not files:
        yield _missing(release, request.query_params[PARAMETER])
        return
    for name, values in request.query_params.lists():
        if reason := _refused(name, values, files):
            yield ParameterError.of(name, ",".join(values), reason)
    if getattr(request, "file_format", None) is None:
        offered = ", ".join(sorted({file.format for file in files}))
        yield ParameterError.of("format", "", f"a release has files; give one of: {offered}")
    if "taxon" not in request.query_params:
        yield ParameterError.of("taxon", "", f"a file is of one species; give {_taxa(files)}")


def _refused(name: str, values: list[str], files: list[ReleaseFile]) -> str:
    """Why a parameter cannot be used with a release; empty where it can."""
    if name not in _TAKEN:
        return f"files of a release are chosen by {', '.join(_TAKEN[1:])} alone"
    if len(values) > 1:
        return f"given {len(values)} times; give it once"
    if name == "taxon" and values[0].strip() not in {str(file.taxon) for file in files}:
        return f"the release has no file of it; give {_taxa(files)}"
    if name == "small_scale" and values[0] not in CLASSES:
        return "a release has files of yes and of no; without it, of all"
    return ""


def _taxa(files: list[ReleaseFile]) -> str:
    taxa = sorted({file.taxon for file in files if file.taxon})
    return f"one of: {', '.join(map(str, taxa))}"


def _missing(release: Release, value: str) -> ParameterError:
    reason = f"release {release.name} has no file of this; its files: " + reverse(
        "download-release", args=[release.name]
    )
    return ParameterError.of(PARAMETER, value, reason)
