"""The answer where a request ended in an exception (Django's `handler500`): 503 and when to try
again while the whole site cannot work, else 500.

Also for what middleware raises, such as a session that cannot be saved.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views.defaults import server_error as plain_server_error

from curation.actions import BusyError
from proteins.api.problems import unavailable
from proteins.outages import LOCKED, Outage, outage_of


def server_error(request: HttpRequest) -> HttpResponseBase:
    error = sys.exc_info()[1]
    outage = LOCKED if isinstance(error, BusyError) else outage_of(error) if error else None
    if outage is None:
        return plain_server_error(request)
    if request.path_info.startswith("/api/"):
        return unavailable(request, outage)
    return _page(outage)


def _page(outage: Outage) -> HttpResponseBase:
    # Without the request: what a page of the site knows of it is in the database.
    response = HttpResponse(render_to_string("503.html", {"outage": outage}), status=503)
    response["Retry-After"] = str(outage.seconds)
    response["Cache-Control"] = "no-store"
    return response
