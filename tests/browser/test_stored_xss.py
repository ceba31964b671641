"""Every text that a page, a table, a curator or the public can supply tries to run something,
and every page that shows one is opened: nothing runs, and there is nothing to refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode, urlsplit

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import Resolver404, resolve
from pytest_django.live_server_helper import LiveServer

from curation.models import (
    Batch,
    BatchJob,
    ImportRun,
    Job,
    Proposal,
    PublicReport,
    ReleaseOrder,
    RunUndo,
    Submission,
    Upload,
)
from proteins.models import (
    AccessionFate,
    Dataset,
    Interaction,
    Protein,
    SourceDatabase,
    Statement,
)
from proteins.releases.making import make_release
from proteins.site.forms import StateForm
from tests.browser.conftest import wait_until
from tests.browser.hostile import PAYLOADS, RULED, Hostile, label, models, text_fields
from tests.browser.hostile_records import HUB, fill
from tests.browser.watch import Watch
from tests.public_urls import public_urls

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser

#: What no page shows: internal to the code.
UNSHOWN = {
    "auth.User.password",
    "admin.LogEntry.object_id",
    "admin.LogEntry.object_repr",
    "curation.BatchJob.request",
    "curation.GroupFold.fold",
    "curation.PublicReport.network",
    "curation.StoredResult.question",
    "curation.StoredResult.token_hash",
    "proteins.ChangeSet.kind",
    "proteins.Dataset.fold",
    "proteins.DetectionMethod.fold",
    "proteins.FormerSiteID.tflink_id",
    "proteins.Gone.kind",
    "proteins.Gone.record_key",
    "proteins.Gone.why",
    "proteins.ProteinName.folded",
    "proteins.ReviewReason.fold",
    "proteins.SourceDatabase.fold",
    "proteins.SpeciesArrays.token",
    "proteins.Statement.key",
    "proteins.Support.digest",
    "proteins.Taxon.fold",
    "proteins.TaxonName.fold",
    "curation.PublicReport.sender",
    "curation.PublicReport.stamp",
    "curation.PublicReport.token",
    "curation.ReleaseOrder.folder",
    "curation.ReleaseOrder.preview",
    "curation.RemovedName.text",
    "curation.RunChunk.changed",
    "curation.RunChunk.created",
    "curation.RunChunk.stated",
    "curation.RunUndo.folder",
    "curation.SitePart.stated",
    "curation.SitePart.tflink_id",
    "curation.Upload.folder",
    "proteins.Evidence.digest",
    "proteins.Protein.facets",
}
HUB_PAGE = f"/protein/{HUB.lower()}/"
#: In URLs: markup that ends an attribute or a script, and what no reader sees.
IN_URLS = f"{PAYLOADS[2] % 'xss(0)'}\0\u202e{PAYLOADS[7] % 'xss(0)'}"
MARKED = quote(IN_URLS.replace("/", ""), safe="")
#: What is no page (and has tests of its own), and what ends the visit.
LEFT_OUT = re.compile(
    r"^/(admin/(logout|jsi18n|.*/export)|sitemap.*\.xml|robots\.txt|favicon\.ico)"
)


@pytest.fixture
def hostile() -> Hostile:
    return Hostile()


@pytest.fixture
def watch(
    vocabulary: None,
    live_server: LiveServer,
    context: BrowserContext,
    hostile: Hostile,
    tmp_path: Path,
    settings: LazySettings,
) -> Watch:
    """The browser of a user who may see and do everything."""
    settings.RELEASES_DIR = tmp_path / "releases"
    user = fill(hostile, tmp_path)
    make_release("2026.12")
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    return Watch(context, live_server.url)


def test_nothing_that_anybody_supplies_runs(watch: Watch, hostile: Hostile) -> None:
    check_rules()
    opened = [*public_pages(), *pages_of_the_desk(), f"{HUB_PAGE}network.svg"]
    for path in opened:
        watch.open(path)
    play(watch)
    read_the_rest(watch, opened)
    assert watch.reports == []
    shown = {hostile.field_of(number) for number in watch.numbers if number}
    missing = set(hostile.numbers) - shown - RULED - UNSHOWN
    assert sorted(missing) == [], "fill them, show them, or say here that no page does"
    assert sorted(shown & UNSHOWN) == []


def public_pages() -> Iterator[str]:
    yield "/"
    yield "/browse/"
    yield HUB_PAGE
    yield f"/interaction/{HUB}-{HUB}/"
    yield f"/interaction/{HUB}-P00001/"
    yield "/interaction/P00001-P00002/"
    yield "/publication/1/"
    yield "/species/Za/"
    yield "/datasets/"
    for dataset in Dataset.objects.filter(licence_url__regex="^(javascript|data|https):"):
        yield dataset.get_absolute_url()
    yield "/downloads/2026.12/"
    yield f"/report/protein/{HUB}/"
    yield f"/report/{PublicReport.objects.latest('pk').token}/"
    taxon = Protein.objects.filter(is_tf=True).latest("pk").taxon.ncbi_taxon_id
    listed = {"taxon": taxon, "identifiers": "\n".join(PAYLOADS), "tf": PAYLOADS[0]}
    for question in ({}, {"question": "subnetwork"}):
        yield Client().post("/results/", {**listed, **question}).headers["Location"]
    # URLs that would run if they were followed, and one that only looks like one.
    for source in SourceDatabase.objects.filter(url__regex="^(javascript|data|https):"):
        yield source.get_absolute_url()
    for dataset in Dataset.objects.filter(licence_url__regex="^(javascript|data|https):"):
        yield dataset.get_absolute_url()
    yield f"/source/{MARKED}/"
    yield f"/nowhere/{MARKED}/"
    query = urlencode(dict.fromkeys(sorted(parameters()), IN_URLS))
    for path in ("/browse/", "/search/", HUB_PAGE, "/publication/1/", f"{HUB_PAGE}network/"):
        yield f"{path}?{query}"


def parameters() -> set[str]:
    """All that any page takes, and one that none does."""
    names = {"after", "before", "<script>", *_fields_of(StateForm)}
    return names | {f"{table}-{name}" for table in ("targets", "tfs", "sites") for name in names}


def _fields_of(form: type[StateForm]) -> Iterator[str]:
    yield from form.names()
    for more in form.__subclasses__():
        yield from _fields_of(more)


def pages_of_the_desk() -> Iterator[str]:
    hub = Protein.objects.get(accession=HUB)
    yield "/admin/"
    yield f"/admin/proteins/protein/{hub.pk}/change/"
    yield f"/admin/proteins/interaction/{Interaction.objects.latest('pk').pk}/change/"
    yield f"/admin/proteins/protein/{hub.pk}/history/"
    url = SourceDatabase.objects.filter(url__startswith="javascript:").latest("pk")
    yield f"/admin/proteins/sourcedatabase/{url.pk}/change/"
    yield f"/admin/proteins/dataset/{Dataset.objects.latest('pk').pk}/change/"
    for statement in Statement.objects.all()[:3]:
        yield f"/admin/proteins/statement/{statement.pk}/change/"
    yield "/admin/proteins/statement/"
    yield f"/admin/proteins/accessionfate/{AccessionFate.objects.earliest('pk').pk}/change/"
    yield "/admin/curation/proposal/"
    for proposal in Proposal.objects.order_by("-pk")[:3]:
        yield f"/admin/curation/proposal/{proposal.pk}/change/"
    for submission in Submission.objects.order_by("pk")[:4]:
        yield f"/admin/curation/submission/{submission.pk}/change/"
        yield f"/admin/proteins/citation/paper/?submission={submission.pk}"
        yield f"/admin/proteins/citation/paper/?pmid={submission.pmid}"
    for run in (ImportRun.objects.earliest("pk"), ImportRun.objects.filter(state="finished")[5]):
        yield f"/admin/curation/importrun/{run.pk}/change/"
    yield f"/admin/curation/batch/{Batch.objects.latest('pk').pk}/change/"
    for model in (Upload, RunUndo, BatchJob):
        job = model.objects.get(state="ready")
        yield f"/admin/curation/{model._meta.model_name}/{job.pk}/change/"
    yield "/admin/curation/storedresult/"
    yield f"/admin/auth/user/{User.objects.earliest('pk').pk}/change/"


def play(watch: Watch) -> None:
    """What scripts make of texts: tables that are swapped, the network, fields that complete."""
    page = watch.page
    watch.open(HUB_PAGE)
    page.locator("#targets thead a").first.click()
    page.locator("#targets th[aria-sort]").first.wait_for()
    page.locator("#header-q").press_sequentially(PAYLOADS[0][:4])
    page.locator(".suggestion").first.wait_for()
    watch.look()
    watch.open(f"{HUB_PAGE}network/")
    if page.locator("#network-canvas").is_visible():
        page.evaluate(
            "() => document.getElementById('network-canvas')._cyreg.cy.elements()"
            ".forEach((element) => element.emit('tap'))"
        )
        assert page.locator("#network-about a").count() == 3
    watch.look()
    watch.open("/admin/proteins/citation/paper/?pmid=1&species=Hs")
    for column in ("TF", "Target", "Method", "Quotation"):
        page.get_by_label(f"{column}, row 1", exact=True).fill(PAYLOADS[0] % "xss(0)")
    page.locator("#grid .problem").first.wait_for()
    watch.look()
    watch.open("/admin/proteins/interaction/add/")
    page.locator(".field-tf .select2-selection").click()
    page.locator(".select2-search__field").type(PAYLOADS[0][:4])
    page.locator(".select2-results__option--highlighted").wait_for()
    watch.look()


def read_the_rest(watch: Watch, opened: list[str]) -> None:
    """Every other URL of the site, and of the desk one of each kind that a page links to."""
    path_values = {
        "accession": HUB.lower(),
        "pmid": "1",
        "code": "Za",
        "identifier": f"{HUB}-{HUB}",
    }
    path_values["kind"] = "interaction"
    waiting = list(public_urls(path_values, otherwise=MARKED))
    models = (Upload, RunUndo, BatchJob)
    jobs: list[Job] = [job for model in models for job in model.objects.exclude(state="ready")]
    jobs += ReleaseOrder.objects.all()
    for job in jobs:
        watch.read(f"/admin/curation/{job._meta.model_name}/{job.pk}/change/")
    routes = {route_of(urlsplit(path).path) for path in opened}
    while waiting:
        chosen: dict[str, str] = {}
        for path in waiting:
            route = route_of(urlsplit(path).path)
            if route not in routes and not LEFT_OUT.search(path):
                chosen.setdefault(route, path)
        routes |= set(chosen)
        for path in chosen.values():
            watch.read(path)
        waiting, watch.links = list(watch.links), {}


@cache
def route_of(path: str) -> str:
    """The kind of page at a URL."""
    try:
        return resolve(unquote(path)).route
    except Resolver404:
        return ""


def check_rules() -> None:
    """What a rule forbids is refused by the database itself."""
    for model in models():
        for field in text_fields(model):
            if label(field) in RULED:
                record = model._base_manager.filter(pk=model._base_manager.latest("pk").pk)
                with pytest.raises(DatabaseError), transaction.atomic():
                    record.update(**{field.name: PAYLOADS[0]})


def test_what_runs_is_noticed(context: BrowserContext, live_server: LiveServer) -> None:
    watch = Watch(context, live_server.url)
    for payload in PAYLOADS[:3]:
        watch.page.set_content(f"<p>{payload % 'xss(1)'}")
        watch.look()
        wait_until(
            watch.page,
            lambda: "data-xss" in (report := "".join(watch.reports)) and ": ran" in report,
        )
        watch.reports.clear()
