"""Results about lists of genes that readers keep."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from curation.models import RETENTION, StoredResult
from curation.permissions import SENIOR_CURATOR
from curation.results import store
from proteins import hooks
from proteins.models import Interaction, ReviewStatus
from proteins.queries.content_digest import content_parts, digest_of
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein
from tflink.log_lines import hide_tokens, without_token

pytestmark = pytest.mark.django_db
LIST = {"taxon": "9606", "identifiers": "SECRETGENE\nBAX"}


@pytest.fixture(autouse=True)
def _genes() -> Iterator[None]:
    cache.clear()
    tf = make_protein("P10000", "TF0")
    for number, name in enumerate(("BAX", "BCL2", "MDM2")):
        make_interaction(tf, make_protein(f"P2000{number}", name))
    yield
    cache.clear()


def keep(client: Client, **values: Any) -> str:
    answer = client.post("/results/", {**LIST, **values})
    assert answer.status_code == 302, answer.content[:500]
    assert answer["Referrer-Policy"] == "no-referrer"
    return str(answer["Location"])


def refused(client: Client, status: int) -> str:
    answer = client.post("/results/", LIST)
    assert answer.status_code == status
    # What was pasted is still there.
    assert "SECRETGENE" in answer.text
    return answer.text


def test_a_result_is_kept_as_it_was(client: Client) -> None:
    question = client.post("/enrichment/", LIST).text
    assert 'formaction="/results/"' in question
    url = keep(client)
    Interaction.objects.all().update(status=ReviewStatus.REJECTED)
    page = client.get(url)
    assert "Regulators of 1 gene</h1>" in page.text
    assert "SECRETGENE" in page.text
    assert "A result that was kept on" in page.text
    assert "Test the list again" in page.text
    expires = timezone.now() + RETENTION
    assert f"removed on {expires.day} {expires:%B %Y}" in page.text
    lines = client.get(f"{url}tsv").text.splitlines()
    assert lines[1].startswith("P10000\tTF0")
    assert client.get(f"{url}matrix.svg")["Content-Type"].startswith("image/svg+xml")
    assert client.get(f"{url}exe").status_code == 404


def test_answers_about_sets_are_kept_too(client: Client) -> None:
    url = keep(client, question="shared-regulators", identifiers="BAX;BCL2")
    assert "1 of 1 TFs regulate 2 or more of these 2 genes" in client.get(url).text
    assert client.get(f"{url}csv").text.startswith("\ufeffaccession,")
    assert client.get(f"{url}svg").status_code == 404


@pytest.mark.parametrize("path", ["", "tsv", "delete/"])
def test_a_result_is_in_no_cache_index_or_referrer(client: Client, path: str) -> None:
    answer = client.get(keep(client) + path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    if path != "tsv":
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "/results/" not in client.get("/sitemap-pages.xml").text


def test_whoever_has_the_url_deletes_it_after_a_question() -> None:
    client = Client(enforce_csrf_checks=True)
    token = hooks.results().store("enrichment", {})  # type: ignore[union-attr]
    url = f"/results/{token}/delete/"
    assert "cannot be undone" in client.get(url).text
    assert StoredResult.objects.count() == 1
    assert "no longer stored" in client.post(url).text
    assert StoredResult.objects.count() == 0
    assert client.post(url).status_code == client.get(f"/results/{token}/").status_code == 404


def test_what_is_kept_comes_from_our_own_form() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/results/", LIST).status_code == 403
    form = client.post("/enrichment/", LIST).text
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    keep(client, csrfmiddlewaretoken=token)


def test_a_token_is_neither_guessed_nor_stored(client: Client) -> None:
    token = keep(client).split("/")[2]
    assert len(token) >= 43
    assert keep(client).split("/")[2] != token
    row = StoredResult.objects.order_by("pk")[0]
    assert token not in f"{row} {row.token_hash}"
    # Nor is a list readable in the row.
    assert b"SECRETGENE" not in bytes(row.content)
    for other in (row.token_hash, token[:-1], "x" * 43, "%00", "<b>"):
        assert client.get(f"/results/{other}/").status_code == 404


def test_a_result_ends_after_90_days(client: Client) -> None:
    url = keep(client)
    long_ago = timezone.now() - RETENTION
    StoredResult.objects.update(created_at=long_ago + timedelta(minutes=1))
    assert client.get(url).status_code == 200
    StoredResult.objects.update(created_at=long_ago)
    assert client.get(url).status_code == 404
    call_command("forget_addresses")
    assert not StoredResult.objects.exists()
    # Each new one removes old ones too.
    keep(client)
    StoredResult.objects.update(created_at=long_ago)
    keep(client)
    assert StoredResult.objects.count() == 1


class TestLimits:
    def test_of_one_client(self, client: Client, settings: LazySettings) -> None:
        settings.READER_RATES = {**settings.READER_RATES, "results": "1/hour"}
        keep(client)
        assert "You have kept many results" in refused(client, 429)

    def test_of_one_result(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "MAX_BYTES", 100)
        assert "too large to be kept" in refused(client, 400)

    def test_of_all(self, client: Client, settings: LazySettings) -> None:
        keep(client)
        settings.RESULTS_MAX_BYTES = StoredResult.objects.get().size
        assert "No more results can be kept" in refused(client, 400)

    def test_a_list_that_is_wrong(self, client: Client) -> None:
        answer = client.post("/results/", {**LIST, "tier": "certain"})
        assert answer.status_code == 400
        assert not StoredResult.objects.exists()


def test_results_are_not_public_content(client: Client) -> None:
    before = digest_of(content_parts())
    keep(client)
    assert digest_of(content_parts()) == before


def test_no_log_has_what_opens_a_result(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", written.append)
    log = logging.getLogger("tflink.access")
    monkeypatch.setattr(log, "handlers", [handler])
    monkeypatch.setattr(log, "level", logging.INFO)
    log.manager._clear_cache()  # type: ignore[attr-defined]
    url = keep(client)
    token = url.split("/")[2]
    client.get(url)
    client.get(f"/results/{token}")  # without its slash no view of ours
    client.put(url)
    paths = [record.access["path"] for record in written]  # type: ignore[attr-defined]
    assert paths == ["/results/", "/results/…/", "/results/…", "/results/…/"]
    assert all(token not in str(vars(record)) for record in written)
    # Django's own line, as our handler writes it.
    (line,) = [each for each in caplog.records if each.name == "django.request"]
    assert hide_tokens(line)
    assert token not in line.getMessage()
    assert "SECRETGENE" not in caplog.text


def test_the_line_of_the_development_server_hides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    log = logging.getLogger("django.server")
    (handler,) = (one for one in log.handlers if one.name == "server")
    printed = io.StringIO()
    monkeypatch.setattr(handler, "stream", printed)
    line = f"GET /results/{'x' * 43}/ HTTP/1.1"
    log.info('"%s" %s %s', line, "200", "10", extra={"server_time": "now"})
    assert printed.getvalue() == '[now] "GET /results/…/ HTTP/1.1" 200 10\n'


def test_the_desk_sees_what_a_result_is_about_and_nothing_of_it(client: Client) -> None:
    token = keep(client).split("/")[2]
    (stored,) = StoredResult.objects.all()
    assert (stored.species, stored.genes) == ("Homo sapiens", 2)
    senior = browser_of(make_person("senior", SENIOR_CURATOR))
    url = "/admin/curation/storedresult/"
    for page in (senior.get(url), senior.get(f"{url}{stored.pk}/change/")):
        assert "Homo sapiens" in page.text
        for secret in ("SECRETGENE", "BAX", token, stored.token_hash):
            assert secret not in page.text
    confirmation = senior.get(f"{url}{stored.pk}/delete/")
    assert "SECRETGENE" not in confirmation.text
    senior.post(f"{url}{stored.pk}/delete/", {"post": "yes"})
    assert client.get(f"/results/{token}/").status_code == 404


def test_other_paths_are_logged_as_they_are() -> None:
    for path in ("/report/interaction/Q9UK53-Q07812/", "/results/", "/protein/q9uk53/"):
        assert without_token(path) == path
    assert without_token(f"/report/{'x' * 32}/?sent") == "/report/…/?sent"
