"""A service on this computer that behaves like NCBI's E-utilities, well or badly.

By hand: `python -m tests.curation.literature.service 8099 [--refuse PMID]... [--retract PMID]...`
answers for any PubMed ID with a made-up paper.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

HEAD = (
    '<?xml version="1.0" ?>\n'
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


def article(
    pmid: int,
    *,
    title: str | None = None,
    retracted: bool = False,
    doi: str | None = None,
    year: str = "<Year>2021</Year>",
) -> str:
    """A record in PubMed's XML; `title` is markup."""
    shown = title if title is not None else f"Regulation of gene {pmid} by <i>TP53</i>."
    kind = "<PublicationType UI='D016441'>Retracted Publication</PublicationType>"
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal><ISSN>1234-5678</ISSN>
<JournalIssue><PubDate>{year}</PubDate></JournalIssue>
<Title>Database : the journal</Title><ISOAbbreviation>Database (Oxford)</ISOAbbreviation></Journal>
<ArticleTitle>{shown}</ArticleTitle>
<Abstract><AbstractText>Long &amp; not kept.</AbstractText></Abstract>
<AuthorList CompleteYN="Y">
<Author ValidYN="Y"><LastName>Liska</LastName><ForeName>Orsolya</ForeName><Initials>O</Initials>
<AffiliationInfo><Affiliation>Szeged</Affiliation></AffiliationInfo></Author>
<Author ValidYN="Y"><LastName>Bohár</LastName><Initials>B</Initials><Suffix>Jr</Suffix></Author>
<Author ValidYN="Y"><CollectiveName>The TFLink Group</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
{kind if retracted else ""}</PublicationTypeList></Article></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="doi">{escape(doi or f"10.1093/database/{pmid}")}</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.9/of.another</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


def article_set(articles: Iterable[str]) -> str:
    return f"{HEAD}<PubmedArticleSet>\n{''.join(articles)}</PubmedArticleSet>"


@dataclass(frozen=True)
class Answer:
    """What the service says to one request, instead of what it should."""

    status: int = 200
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Seconds before it says anything, and between the pieces of what it says.
    silent: float = 0.0
    drip: float = 0.0
    #: It breaks off after so many bytes of what it announced.
    cut: int | None = None


class Service:
    """Runs in a thread; `requests` holds the parameters of each request that it got.

    It knows every PubMed ID but those in `unknown`; `answers` are given out first, one a
    request.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[dict[str, str]] = []
        self.answers: list[Answer] = []
        self.unknown: set[int] = set()
        self.retracted: set[int] = set()
        #: Called with each request before it is answered.
        self.on_request: Callable[[int], object] = lambda _: None
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: ",".join(values) for name, values in parse_qs(body).items()}
                service.requests.append({"path": self.path, **sent})
                service.on_request(len(service.requests))
                answer = service.answers.pop(0) if service.answers else Answer()
                service.say(self, answer, sent)

            def do_GET(self) -> None:
                service.requests.append({"path": self.path, "method": "GET"})
                self.send_error(405)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/entrez/eutils"

    def __enter__(self) -> Service:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def say(self, to: BaseHTTPRequestHandler, answer: Answer, sent: Mapping[str, str]) -> None:
        time.sleep(answer.silent)
        body = (answer.body if answer.body is not None else self.right(sent)).encode()
        to.send_response(answer.status)
        to.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            to.send_header(name, value)
        to.end_headers()
        pieces = (
            [body[: answer.cut]] if not answer.drip else [body[at : at + 1] for at in range(50)]
        )
        try:
            for piece in pieces:
                to.wfile.write(piece)
                to.wfile.flush()
                time.sleep(answer.drip)
        except OSError:
            pass  # who asked has gone
        to.close_connection = True

    def right(self, sent: Mapping[str, str]) -> str:
        pmids = [int(pmid) for pmid in sent.get("id", "").split(",")]
        return article_set(
            article(pmid, retracted=pmid in self.retracted)
            for pmid in pmids
            if pmid not in self.unknown
        )

    def batches(self) -> list[list[int]]:
        """The PubMed IDs of each request."""
        return [[int(pmid) for pmid in sent["id"].split(",")] for sent in self.requests]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--refuse", type=int, action="append", default=[])
    parser.add_argument("--retract", type=int, action="append", default=[])
    parser.add_argument("--slow", type=float, default=0.0)
    options = parser.parse_args()
    with Service(options.port) as service:
        service.unknown, service.retracted = set(options.refuse), set(options.retract)

        def tell(number: int) -> None:
            print(number, service.requests[-1]["id"][:70], flush=True)
            time.sleep(options.slow)

        service.on_request = tell
        print(f"NCBI_EUTILS_URL={service.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
