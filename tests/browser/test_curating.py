"""A Curator and a Senior curator at work, each in a browser of their own."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from pytest_django.live_server_helper import LiveServer

from curation.admin.jobs import job
from curation.checks import find_breaches
from curation.importing.run import import_pages, import_tables
from curation.models import Job, Pin, Proposal, Revision
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.uploads import process
from curation.uploads.work import work
from proteins.models import Interaction, Protein, Reporting
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.traffic import Traffic
from tests.curation.importing import pages_for_tests as pages
from tests.curation.importing.test_tables import table_row, write_table
from tests.curation.people import make_person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What people do here is stored, in real transactions.
pytestmark = [pytest.mark.browser, pytest.mark.both_databases]
PASSWORD = "a long enough word"


class Person(Visit):
    """A curator and their browser, logged in as people do."""

    def log_in(self, name: str) -> None:
        self.open("/admin/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Log in")
        assert self.page.url == f"{self.base_url}/admin/"

    def edit(self, model: str, record_id: int) -> None:
        self.open(f"/admin/proteins/{model}/{record_id}/change/")

    def press(self, button: str) -> None:
        self.follow(self.page.get_by_role("button", name=button, exact=True))

    @property
    def messages(self) -> str:
        return " ".join(self.page.locator(".messagelist li").all_inner_texts())

    @property
    def text(self) -> str:
        return self.page.locator("#content").inner_text()


@pytest.fixture
def people(
    chromium: Browser, vocabulary: None, live_server: LiveServer, traffic: Traffic
) -> Iterator[tuple[Person, Person]]:
    """A Curator and a Senior curator."""
    contexts, persons = [], []
    for name, role in (("cleo", CURATOR), ("sami", SENIOR_CURATOR)):
        traffic.settle()
        user = make_person(name, role)
        user.set_password(PASSWORD)
        user.save()
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE)
        person = Person(context.new_page(), live_server.url)
        person.log_in(name)
        contexts.append(context)
        persons.append(person)
    yield persons[0], persons[1]
    for context in contexts:
        context.close()


@pytest.fixture
def folder(tmp_path: Path, vocabulary: None) -> Path:
    """One page, taken in: ING1 regulates BAX."""
    take(tmp_path)
    return tmp_path


def the_page(name: str = "ING1", *targets: str) -> str:
    rows = [pages.row("BAX", "Q07812"), *targets]
    return pages.page("Q9UK53", name, ncbi_gene_id="3621", targets=rows)


def take(folder: Path, name: str = "ING1") -> None:
    import_pages([pages.write(folder, a=the_page(name))], force=True)


def ing1() -> Protein:
    return Protein.objects.get(accession="Q9UK53")


def public_page(person: Person) -> Page:
    person.open("/protein/q9uk53/")
    return person.page


def api_status(person: Person, key: str) -> int:
    return person.page.request.get(f"{person.base_url}/api/v1/interactions/{key}/").status


def test_a_name_is_proposed_reviewed_accepted_shown_and_reverted(
    people: tuple[Person, Person], folder: Path
) -> None:
    cleo, sami = people
    cleo.edit("protein", ing1().pk)
    cleo.page.get_by_label("Name:").fill("p33ING1")
    cleo.page.get_by_label("Reason", exact=True).fill("As in 9186514")
    cleo.press("Propose this change")
    assert "waits for a senior curator" in cleo.messages
    assert public_page(sami).locator("h1").inner_text().startswith("ING1")

    sami.open("/admin/curation/proposal/")
    sami.follow(sami.page.locator("#result_list tbody th a").first)
    assert "As in 9186514" in sami.text
    assert sami.page.locator(".differences del").inner_text() == "ING1"
    assert sami.page.locator(".differences ins").inner_text() == "p33ING1"
    # Its author is offered no such thing.
    cleo.open(f"/admin/curation/proposal/{Proposal.objects.get().pk}/change/")
    assert cleo.page.get_by_role("button", name="Accept").count() == 0
    sami.press("Accept")
    assert public_page(cleo).locator("h1").inner_text().startswith("p33ING1")

    sami.open(f"/admin/proteins/protein/{ing1().pk}/history/")
    entry = sami.page.locator("article.history-entry").first
    for part in ("sami", "As in 9186514", "ING1", "p33ING1", "by cleo"):
        assert part in entry.inner_text()
    sami.follow(sami.page.get_by_role("link", name="as it first was"))
    sami.page.get_by_label("Why (colleagues read it in the history)").fill("HGNC says ING1")
    sami.press("Revert to this version")
    assert public_page(cleo).locator("h1").inner_text().startswith("ING1")
    sami.open(f"/admin/proteins/protein/{ing1().pk}/history/")
    assert sami.page.locator("article.history-entry").count() == 2
    assert not Pin.objects.exists(), "the name is what the source says: nothing to protect"
    assert cleo.is_clean
    assert sami.is_clean


def test_an_interaction_is_rejected_and_reopened(
    people: tuple[Person, Person], folder: Path
) -> None:
    cleo, sami = people
    key, record = "Q9UK53-Q07812", Interaction.objects.get()
    public_page(cleo)
    cleo.expect_names("targets", ["BAX"])
    cleo.edit("interaction", record.pk)
    assert cleo.page.get_by_role("button", name="Reject", exact=True).count() == 0

    sami.edit("interaction", record.pk)
    sami.press("Reject")
    assert "a reason is needed to reject it" in sami.text
    sami.page.get_by_label("Reason", exact=True).fill("The antibody was of another protein")
    sami.press("Reject")
    assert "is rejected" in sami.messages
    assert "rejected: not in public view" in sami.text
    assert api_status(cleo, key) == 410
    public_page(cleo)
    assert cleo.page.locator("#targets tbody th").count() == 0

    sami.edit("interaction", record.pk)
    sami.press("Reopen")
    assert "is reopened" in sami.messages
    assert api_status(cleo, key) == 200
    public_page(cleo)
    cleo.expect_names("targets", ["BAX"])
    sami.open(f"/admin/proteins/interaction/{record.pk}/history/")
    assert "The antibody was of another protein" in sami.text
    assert cleo.is_clean
    assert sami.is_clean


def test_several_are_confirmed_from_the_list(people: tuple[Person, Person], folder: Path) -> None:
    cleo, _ = people
    cleo.open("/admin/proteins/interaction/")
    cleo.page.locator("input.action-select").first.check()
    cleo.page.get_by_label("Action:").select_option(label="Confirm the selected interactions")
    cleo.press("Go")
    assert "Confirm: 1 interaction" in cleo.text
    cleo.press("Confirm 1")
    assert "1 interaction confirmed." in cleo.messages
    assert cleo.is_clean


def test_a_publication_is_added_by_its_pubmed_id(
    people: tuple[Person, Person], folder: Path
) -> None:
    cleo, sami = people
    record = Interaction.objects.get()
    sami.edit("interaction", record.pk)
    field = sami.page.get_by_label("Publications:", exact=True)
    field.fill(f"{field.input_value()}\nPMID: 17244529, https://pubmed.ncbi.nlm.nih.gov/x/")
    sami.press("Save")
    assert "'https://pubmed.ncbi.nlm.nih.gov/x/' is not a PubMed ID" in sami.text
    assert "17244529" in field.input_value(), "nothing is lost"
    field.fill(field.input_value().replace(", https://pubmed.ncbi.nlm.nih.gov/x/", ""))
    # One of some fifty methods: typed, found, chosen.
    sami.page.get_by_label("Show only detection methods with").fill("selex")
    sami.page.get_by_label("selex", exact=True).check()
    sami.page.get_by_label("yes", exact=True).check()
    sami.press("Save and continue editing")
    assert "was changed: evidence" in sami.messages
    assert sami.page.locator(".publications a", has_text="17244529").count() == 1
    answer = cleo.page.request.get(f"{cleo.base_url}/api/v1/interactions/Q9UK53-Q07812/")
    assert "17244529" in answer.text()
    record.refresh_from_db()
    content = record.evidence.content()
    assert content.pmids == (17244529, 27924024)
    assert content.methods == ("chromatin immunoprecipitation assay", "selex")
    assert content.small_scale.label == "yes"
    assert list(find_breaches()) == []
    assert cleo.is_clean
    assert sami.is_clean


def test_the_second_of_two_who_save_is_told(people: tuple[Person, Person], folder: Path) -> None:
    cleo, sami = people
    record = Interaction.objects.get()
    for person in people:
        person.edit("interaction", record.pk)
    sami.page.get_by_label("Effect:").select_option(label="activation")
    sami.page.get_by_label("Publications:", exact=True).fill("27924024 111")
    sami.page.get_by_label("Reason", exact=True).fill("Figure 2")
    sami.press("Save")
    assert "was changed" in sami.messages

    cleo.page.get_by_label("Publications:", exact=True).fill("27924024 222")
    cleo.page.get_by_label("Reason", exact=True).fill("Table 1")
    cleo.press("Propose this change")
    assert "sami changed this record" in cleo.text
    assert "“Figure 2”" in cleo.text
    assert cleo.page.locator(".versions ins").all_inner_texts() == ["PMID 111", "activation"]
    assert cleo.page.get_by_label("Effect:").input_value() == "1", "brought up to date"
    held = cleo.page.get_by_label("Publications:", exact=True).input_value()
    assert held == "111, 222, 27924024", "both additions"
    assert cleo.page.get_by_label("Reason", exact=True).input_value() == "Table 1"
    assert not Proposal.objects.exists()
    cleo.press("Propose this change")
    assert "waits for a senior curator" in cleo.messages
    proposed = Proposal.objects.get().changes
    assert proposed == {"evidence": {"pmids": {"added": [222], "removed": []}}}
    assert cleo.is_clean
    assert sami.is_clean


@pytest.mark.parametrize("takes_theirs", [True, False])
def test_a_source_that_differs_from_a_curator_is_decided(
    people: tuple[Person, Person], folder: Path, traffic: Traffic, takes_theirs: bool
) -> None:
    _, sami = people
    sami.edit("protein", ing1().pk)
    sami.page.get_by_label("Name:").fill("p33")
    sami.press("Save")
    traffic.settle()
    take(folder, "ING1A")
    assert ing1().name == "p33", "a curator's word stands until somebody decides"
    sami.open("/admin/curation/proposal/")
    sami.follow(sami.page.locator("#result_list tbody th a").first)
    assert "A source differs from a curator" in sami.text
    if takes_theirs:
        sami.press("Take the source’s value")
    else:
        sami.page.get_by_label("Why", exact=True).fill("HGNC says so")
        sami.press("Keep ours")
    assert Proposal.objects.get().state == ("accepted" if takes_theirs else "rejected")
    assert ing1().name == ("ING1A" if takes_theirs else "p33")
    assert Pin.objects.exists() is not takes_theirs
    # The same document again proposes nothing.
    traffic.settle()
    take(folder, "ING1A")
    assert Proposal.objects.count() == 1
    assert sami.is_clean


@pytest.fixture
def jobs(folder: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """What would be done by another process, which has no way into a database in memory."""
    settings.UPLOAD_DIR = folder / "uploads"
    started: list[Job] = []
    monkeypatch.setattr(process, "start", started.append)
    monkeypatch.setattr(process, "has_died", lambda _: False)
    # A page that looks again by itself would do so in the midst of that work.
    monkeypatch.setattr(job, "REFRESH", 3600)
    return started


def test_a_release_is_ordered_and_downloaded(
    people: tuple[Person, Person],
    folder: Path,
    jobs: list[Job],
    traffic: Traffic,
    settings: LazySettings,
) -> None:
    cleo, sami = people
    settings.RELEASES_DIR = folder / "releases"
    cleo.open("/admin/curation/releaseorder/")
    assert cleo.page.locator(".addlink:visible[href*=releaseorder]").count() == 0
    sami.open("/admin/curation/releaseorder/add/")
    name = sami.page.get_by_label("Name:")
    suggested = name.input_value()
    name.fill("2026.13")
    sami.press("Make the release")
    assert "'2026.13' is no name of a release" in sami.page.get_by_role("alert").inner_text()
    name.fill(suggested)
    sami.press("Make the release")
    assert f"Release {suggested} is being made." in sami.messages
    finish(jobs, sami, traffic, "It is there")
    sami.follow(sami.page.get_by_role("link", name=f"Release {suggested}", exact=True))
    assert sami.page.get_by_role("heading", level=1).inner_text() == f"Release {suggested}"
    assert cleo.is_clean
    assert sami.is_clean


def test_pages_are_uploaded_looked_at_taken_in_and_taken_back(
    people: tuple[Person, Person], folder: Path, jobs: list[Job], traffic: Traffic
) -> None:
    cleo, sami = people
    archive = folder / "pages.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("q9uk53.md", the_page("ING1B", pages.row("TP53", "P04637")))

    cleo.open("/admin/curation/upload/")
    assert cleo.page.get_by_role("link", name="Add upload").count() == 0
    sami.open("/admin/curation/upload/add/")
    sami.page.get_by_label("Files:").set_input_files(archive)
    sami.press("Upload and preview")
    finish(jobs, sami, traffic, "What would happen")
    assert "ING1B" in sami.text
    assert (ing1().name, Interaction.objects.count()) == ("ING1", 1), "nothing is kept yet"

    sami.press("Import")
    finish(jobs, sami, traffic, "What happened")
    assert (ing1().name, Interaction.objects.count()) == ("ING1B", 2)
    assert public_page(cleo).locator("h1").inner_text().startswith("ING1B")

    sami.follow(sami.page.get_by_role("link", name=re.compile(r"^Run \d+$")))
    sami.press("Undo this import…")
    finish(jobs, sami, traffic, "What would go, and what would stay")
    sami.page.get_by_label("Why (colleagues read it on the page of the run):").fill("Too early")
    sami.press("Undo the import")
    finish(jobs, sami, traffic, "Why: Too early")
    assert (ing1().name, Interaction.objects.count()) == ("ING1", 1)
    assert public_page(cleo).locator("h1").inner_text().startswith("ING1")
    assert list(find_breaches()) == []
    assert set(Revision.objects.values_list("verb", flat=True)) == {"imported", "undone"}
    assert cleo.is_clean
    assert sami.is_clean


def test_a_large_withdrawal_is_typed_and_refusals_are_downloaded(
    people: tuple[Person, Person], folder: Path, jobs: list[Job], traffic: Traffic
) -> None:
    _, sami = people
    targets = [f"P{number:05d}" for number in range(40)]
    name = "TFLink_Saccharomyces_cerevisiae_interactions_All_simpleFormat_v1.0.tsv"
    import_tables([write_table(folder / "t.tsv", *(table_row(target=one) for one in targets))])
    refused = [table_row(f"NOT-{number}") for number in range(30)]
    rows = [*(table_row(target=one) for one in targets[:5]), *refused]
    sami.open("/admin/curation/upload/add/")
    sami.page.get_by_label("Files:").set_input_files(write_table(folder / name, *rows))
    sami.press("Upload and preview")
    finish(jobs, sami, traffic, "This is a large change.")
    assert "would mark 35 of the 40 interactions of Saccharomyces cerevisiae" in sami.text
    assert "1 file read (1 of it with refusals)" in sami.text
    with sami.page.expect_download() as download:
        sami.page.get_by_role("link", name="All 30 refusals as a table (TSV)").click()
    table = download.value.path().read_text(encoding="utf-8").splitlines()
    assert len(table) == 31
    assert table[-1].endswith("'NOT-29' is not a UniProt accession")

    number = sami.page.get_by_label(re.compile("^To confirm it, type how many"))
    number.fill("34")
    sami.press("Import")
    assert "This is a large change: type 35" in sami.messages
    traffic.settle()
    assert not Interaction.objects.exclude(reporting=Reporting.REPORTED).exists()
    number.fill("35")
    sami.press("Import")
    finish(jobs, sami, traffic, "What happened")
    assert Interaction.objects.filter(reporting=Reporting.WITHDRAWN).count() == 35

    sami.follow(sami.page.get_by_role("link", name=re.compile(r"^Run \d+$")))
    assert "30 like refusals (lines 7, 8, 9, 10, 11 ...)" in sami.text
    assert sami.page.get_by_role("link", name="All refusals as a table (TSV)").count() == 1
    assert sami.is_clean


def finish(jobs: list[Job], person: Person, traffic: Traffic, words: str) -> None:
    """Do the work that a page has ordered, and look at the page again."""
    done = jobs.pop()
    assert not jobs
    traffic.settle()
    assert work(str(done._meta.model_name), done.pk)
    person.page.reload()
    assert words in person.text
