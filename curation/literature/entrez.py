"""Requests to NCBI's E-utilities for publications, under NCBI's rules of use.

Biopython's Entrez is not used: its public functions have NCBI's URL built in, wait for a
response without a time limit, and take the contact from globals of the module. Here all of
it is passed in, so that two uses in one process never meet. Source of the rules: "A General
Introduction to the E-utilities" (NBK25497): three requests a second, ten with a key; batches
of 200 by POST; tool and e-mail address in each.
"""

from __future__ import annotations

import http.client
import math
import re
import urllib.error
import urllib.request
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from curation.literature.pace import Pace, Time, backoff, retry_after_seconds
from curation.literature.publication import Publication, PublicationError, clean_text
from curation.literature.pubmed_xml import PubMedXML

TOOL: Final = "tflink"
#: Seconds from one request to the next. A third of a second was sometimes counted as four a
#: second (says Biopython, which waits as long).
INTERVAL: Final = 0.37
INTERVAL_WITH_KEY: Final = 0.11
#: 200 publications with hundreds of references each have a tenth of it.
MAX_ANSWER_BYTES: Final = 100_000_000
_PIECE: Final = 1 << 16
_TRY_AGAIN: Final = frozenset({408, 425, 429})
#: EFetch passes on the failures of the services behind it as a 400 with this element.
_FAILURE_BEHIND: Final = b"<eFetchResult"


class EntrezError(Exception):
    """A request to PubMed that failed; the message is for a person."""


class RefusedError(EntrezError):
    """A request that PubMed refuses, however often it is repeated."""


class _TransientError(Exception):
    """Something that may be better in a moment."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class Service:
    """Settings of the service. Raises `ValueError` for a malformed URL or no e-mail address."""

    url: str
    email: str
    api_key: str = ""
    #: Seconds for one whole answer.
    timeout: float = 60.0
    #: Limit of requests for one batch.
    tries: int = 5
    #: Seconds that may be waited between two tries, whatever `Retry-After` says.
    longest_wait: float = 300.0
    #: Seconds for all requests of one `PubMed`, where a person waits for the page.
    in_all: float = math.inf

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"NCBI_EUTILS_URL is not a web URL: {self.url!r}")
        if not self.email:
            raise ValueError(
                "NCBI requires a contact: set NCBI_EMAIL to an e-mail address of yours."
            )
        if self.timeout <= 0 or self.tries < 1:
            raise ValueError("NCBI_TIMEOUT must be above 0 and NCBI_TRIES at least 1.")


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: a POST would arrive empty, and the key with it."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class PubMed:
    """Client of PubMed through one service, at the rate that it allows."""

    def __init__(self, service: Service, clock: Time | None = None) -> None:
        self._service, self._clock = service, clock or Time()
        self._pace = Pace(INTERVAL_WITH_KEY if service.api_key else INTERVAL, self._clock)
        self._opener = urllib.request.build_opener(_StayHere())
        self._until = self._clock.now() + service.in_all

    def publications(self, pmids: Sequence[int]) -> dict[int, Publication]:
        """Return the publications of these PubMed IDs, in one request and its repeats.

        Raises `RefusedError`, and `EntrezError` when all tries have failed.
        """
        failures = 0
        while True:
            self._pace.wait()
            try:
                return self._fetch(pmids)
            except _TransientError as error:
                failures += 1
                self._wait_after(error, failures)

    def _wait_after(self, error: _TransientError, failures: int) -> None:
        if failures >= self._service.tries:
            times = "once" if failures == 1 else f"{failures} times"
            raise EntrezError(f"{error} (tried {times})") from error
        seconds = backoff(failures, self._clock.chance())
        if error.wait is not None:
            seconds = max(seconds, error.wait)
        if seconds > self._service.longest_wait:
            raise EntrezError(f"{error}; it requires a wait of {seconds:,.0f} seconds") from error
        if self._clock.now() + seconds > self._until:
            raise EntrezError(f"{error}; there is no time left for another try") from error
        self._clock.sleep(seconds)

    def _fetch(self, pmids: Sequence[int]) -> dict[int, Publication]:
        until = min(self._clock.now() + self._service.timeout, self._until)
        # Something is left even where time is up: what cannot be done ends at once.
        patience = max(until - self._clock.now(), 0.001)
        try:
            with self._opener.open(self._request(pmids), timeout=patience) as answer:
                return self._read(answer, frozenset(pmids), until)
        except urllib.error.HTTPError as error:
            with error:
                raise _reason_of(error) from error
        except urllib.error.URLError as error:
            raise _TransientError(f"PubMed cannot be reached: {error.reason}") from error
        except TimeoutError as error:
            raise self._too_slow() from error
        except (OSError, http.client.HTTPException) as error:
            what = str(error) or type(error).__name__
            raise _TransientError(f"The connection to PubMed broke: {what}") from error

    def _request(self, pmids: Sequence[int]) -> urllib.request.Request:
        url = f"{self._service.url.rstrip('/')}/efetch.fcgi"
        parameters = {
            "db": "pubmed",
            "retmode": "xml",
            "id": ",".join(map(str, pmids)),
            "tool": TOOL,
            "email": self._service.email,
        }
        if self._service.api_key:
            parameters["api_key"] = self._service.api_key
        body = urlencode(parameters).encode("ascii")
        return urllib.request.Request(url, body)  # noqa: S310 (the service's URL is of the web)

    def _read(
        self, answer: Any, requested: Collection[int], until: float
    ) -> dict[int, Publication]:
        reader, start, size = PubMedXML(), b"", 0
        publications: list[Publication] = []
        try:
            while piece := answer.read1(_PIECE):
                start, size = start or piece, size + len(piece)
                publications += reader.feed(piece)
                if self._clock.now() > until:
                    raise self._too_slow()
                if size > MAX_ANSWER_BYTES:
                    raise PublicationError(f"larger than {MAX_ANSWER_BYTES:,} bytes")
            publications += reader.close()
        except PublicationError as error:
            excerpt = "" if publications else _excerpt(start)
            raise _TransientError(f"PubMed's answer cannot be read: {error}{excerpt}") from error
        if strangers := {item.pmid for item in publications} - set(requested):
            raise _TransientError(f"PubMed answered with PMID {min(strangers)}, not requested")
        return {item.pmid: item for item in publications}

    def _too_slow(self) -> _TransientError:
        seconds = min(self._service.timeout, self._service.in_all)
        return _TransientError(f"PubMed did not answer within {seconds:g} seconds")


def _reason_of(error: urllib.error.HTTPError) -> Exception:
    """Return the error, transient where another try may succeed."""
    try:
        body = error.read(_PIECE)
    except (OSError, http.client.HTTPException):
        body = b""
    text = f"PubMed answered {error.code} {clean_text(str(error.reason))}{_excerpt(body)}"
    passes = error.code == 400 and _FAILURE_BEHIND in body
    if passes or error.code >= 500 or error.code in _TRY_AGAIN:
        return _TransientError(text, retry_after_seconds(error.headers.get("Retry-After")))
    if 300 <= error.code < 400:
        return RefusedError(f"{text}; it has moved (NCBI_EUTILS_URL), and is not followed")
    return RefusedError(text)


def _excerpt(data: bytes) -> str:
    """Return the words with which an answer begins, for a message; empty where there are none."""
    text = clean_text(re.sub(r"<[^<>]*>", " ", data[:2000].decode("utf-8", "replace")))
    return f" (it says: {text[:120]})" if text else ""
