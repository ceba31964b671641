"""Downloads: the pages, the files, and `?release=` of the API."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from proteins.caching.conditional import content_state
from proteins.models import SourceDatabase
from tests.proteins.reading import text_of
from tests.proteins.releases.conftest import fill

pytestmark = pytest.mark.django_db
TSV = "/downloads/2026.12/TFLink_2026.12_Hs_interactions_all.tsv.gz"


@pytest.fixture(scope="module")
def made(module_db: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, for each test to have a copy of."""
    fill()
    SourceDatabase.objects.filter(key="GTRD").update(version="<i>", licence="<b>")
    folder = tmp_path_factory.mktemp("made")
    with override_settings(RELEASES_DIR=folder):
        call_command("make_release", "2026.12", verbosity=0)
    return folder / "2026.12"


@pytest.fixture
def released(releases: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, releases / made.name))


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_without_a_release(client: Client, releases: Path) -> None:
    assert "There is no release yet." in text_of(client, "/downloads/")
    assert client.get("/downloads/2026.12/").status_code == 404
    answer = client.get("/api/v1/interactions/?release=latest&format=tsv&taxon=9606")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no release yet."


class TestPages:
    def test_the_list_and_a_release(self, client: Client, released: Path) -> None:
        listed = text_of(client, "/downloads/")
        assert "2026.12" in listed
        assert "The first release." in listed
        html = client.get("/downloads/2026.12/").text
        text = text_of(client, "/downloads/2026.12/")
        assert f'href="{TSV}"' in html
        assert hashlib.sha256((released / TSV.rpartition("/")[2]).read_bytes()).hexdigest() in html
        assert "Files of Homo sapiens" in text
        assert "(2026)" in text
        assert "Version 2026.12. TFLink. http://testserver/downloads/2026.12/" in text
        assert "@misc{tflink-2026.12," in text
        assert "GTRD &lt;i&gt; &lt;b&gt;" in " ".join(text.split())
        assert "<b>" not in html
        assert "TFLink_2026.12_Sc_" not in html
        yeast = client.get("/downloads/2026.12/?species=Sc")
        assert "TFLink_2026.12_Sc_interactions_small-scale.cx2.gz" in yeast.text
        assert 'name="robots" content="noindex"' in yeast.text
        assert client.get("/downloads/2026.12/?species=Xx").status_code == 404
        data = json.loads(html.partition('ld+json">')[2].partition("</script>")[0])["@graph"][0]
        assert data["@type"] == "Dataset"
        assert f"http://testserver{TSV}" in {item["contentUrl"] for item in data["distribution"]}
        assert "/downloads/2026.12/" in client.get("/sitemap-pages.xml").text
        assert len(html) < 100_000

    def test_pages_are_new_once_there_is_another(
        self,
        client: Client,
        released: Path,
        settings: LazySettings,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        settings.PAGE_CACHE_BYTES = 1_000_000
        tag = client.get("/downloads/")["ETag"]
        with django_assert_num_queries(1):
            again = client.get("/downloads/", headers={"If-None-Match": tag})
        assert again.status_code == 304
        before = content_state()
        call_command("make_release", "2026.12.1", verbosity=0)
        assert content_state() != before
        assert "2026.12.1" in client.get("/downloads/", headers={"If-None-Match": tag}).text
        assert "Interactions: 0 added, 0 changed, 0 withdrawn" in text_of(client, "/downloads/")


class TestFiles:
    def test_a_file_is_what_the_sums_say(self, client: Client, released: Path) -> None:
        answer = client.get(TSV, headers={"Accept-Encoding": "gzip"})
        content = body(answer)
        digest = hashlib.sha256(content).hexdigest()
        assert (answer["ETag"], answer["Content-Type"]) == (f'"{digest}"', "application/gzip")
        assert answer["Content-Length"] == str(len(content))
        assert not answer.has_header("Content-Encoding")
        assert "immutable" in answer["Cache-Control"]
        assert answer.has_header("Last-Modified")
        assert gzip.decompress(content).startswith(b"UniprotID.TF\t")
        head = client.head(TSV)
        assert (body(head), head["Content-Length"]) == (b"", str(len(content)))
        part = client.get(TSV, headers={"Range": "bytes=10-19"})
        assert (part.status_code, body(part)) == (206, content[10:20])
        assert part["Content-Range"] == f"bytes 10-19/{len(content)}"
        unchanged = client.get(TSV, headers={"If-None-Match": f'"{digest}"'})
        assert (unchanged.status_code, body(unchanged)) == (304, b"")
        assert client.post(TSV).status_code == 405

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("manifest.json", "application/json"),
            ("changelog.json", "application/json"),
            ("CHANGELOG.md", "text/markdown; charset=utf-8"),
            ("SHA256SUMS", "text/plain; charset=utf-8"),
        ],
    )
    def test_what_is_said_about_files(
        self, client: Client, released: Path, name: str, kind: str
    ) -> None:
        answer = client.get(f"/downloads/2026.12/{name}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert body(answer) == (released / name).read_bytes()

    def test_nothing_else_is_ever_sent(self, client: Client, released: Path) -> None:
        (released.parent / "secret").write_text("secret")
        (released.parent / ".2026.13.partial-1").mkdir()
        (released.parent / ".2026.13.partial-1" / "manifest.json").write_text("secret")
        released.chmod(0o755)
        (released / "unlisted.gz").write_text("secret")
        for path in (
            "2026.12/unlisted.gz", "2026.12/../secret", "2026.12/..%2Fsecret", "../releases/secret",
            "2026.12/%2Fetc%2Fpasswd", "2026.12/..", "2026.12/.", "..%2F..",
            "2026.11/manifest.json",
            ".2026.13.partial-1/manifest.json", "2026.12/%00", "2026.12%00/manifest.json",
            ".lock", "2026.12/manifest.json/", "latest/manifest.json",
        ):  # fmt: skip
            answer = client.get(f"/downloads/{path}", follow=True)
            assert answer.status_code == 404, path


class TestRedirect:
    @pytest.mark.parametrize(
        ("query", "file"),
        [
            ("taxon=9606&format=tsv", "_all.tsv.gz"),
            ("taxon=9606&format=gmt-name&small_scale=yes", "_small-scale.name.gmt.gz"),
            ("taxon=559292&format=mitab&small_scale=no", "_large-scale.mitab.txt.gz"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("release", ["2026.12", "latest"])
    def test_to_the_file(
        self, client: Client, released: Path, query: str, file: str, release: str
    ) -> None:
        answer = client.get(f"/api/v1/interactions/?release={release}&{query}")
        assert answer.status_code == 302
        code = "Hs" if "9606" in query else "Sc"
        name = f"TFLink_2026.12_{code}_interactions{file}"
        assert answer["Location"] == f"/downloads/2026.12/{name}"
        assert client.get(answer["Location"]).status_code == 200

    def test_of_binding_sites(self, client: Client, released: Path) -> None:
        answer = client.get("/api/v1/binding-sites/?release=latest&taxon=9606&format=bed")
        assert answer["Location"].endswith("_Hs_binding-sites_all.bed.gz")

    @pytest.mark.parametrize(
        ("query", "parameter", "reason"),
        [
            ("format=tsv", "taxon", "a file is of one species; give one of: 9606, 559292"),
            ("taxon=9606", "format", "a release has files; give one of: csv, cx2, gmt"),
            ("taxon=9606,559292&format=tsv", "taxon", "the release has no file of it"),
            ("taxon=10090&format=tsv", "taxon", "the release has no file of it"),
            ("taxon=9606&format=tsv&small_scale=yes,no", "small_scale", "files of yes and of no"),
            ("taxon=9606&format=tsv&tf=Q9UK53", "tf", "chosen by format, taxon, small_scale alone"),
            ("taxon=9606&format=tsv&page_size=5", "page_size", "chosen by format"),
            ("taxon=9606&taxon=9606&format=tsv", "taxon", "given 2 times"),
        ],
    )
    def test_what_no_file_holds_is_refused(
        self, client: Client, released: Path, query: str, parameter: str, reason: str
    ) -> None:
        answer = client.get(f"/api/v1/interactions/?release=2026.12&{query}")
        assert answer.status_code == 400, answer.headers
        reasons = {error["parameter"]: error["reason"] for error in answer.json()["errors"]}
        assert reason in reasons[parameter]

    @pytest.mark.parametrize("name", ["2026.11", "../2026.12", "x", "%00"])
    def test_an_unknown_release(self, client: Client, released: Path, name: str) -> None:
        answer = client.get(f"/api/v1/interactions/?release={name}&taxon=9606&format=tsv")
        assert answer.status_code in (400, 404) if name == "%00" else answer.status_code == 404
        if name != "%00":
            assert "there are: latest, 2026.12." in answer.json()["detail"]
