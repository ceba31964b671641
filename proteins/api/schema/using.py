"""The page "Using the API": lines to copy, each stored once as a file of `recipes`.

A test runs every one of them against a running site. They name a host and a release that are
made up; the page puts those of this site in their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.views.generic import TemplateView

from proteins.api.lookup_body import MAX_IDENTIFIERS
from proteins.api.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from proteins.filters.fields import MAX_VALUES
from proteins.release_store import latest_name

RECIPES: Final = Path(__file__).with_name("recipes")
HOST: Final = "https://tflink.example.org"
RELEASE: Final = "2026.12"
#: By the suffix of a recipe's file, in the order of the page.
LANGUAGES: Final = {"sh": "curl", "py": "Python", "R": "R"}


@dataclass(frozen=True)
class Recipe:
    """One way to do it."""

    language: str
    code: str


@dataclass(frozen=True)
class Step:
    """Something that people do with the API; `anchor` is the name of its files, too."""

    anchor: str
    title: str
    about: str

    def recipes(self) -> list[Recipe]:
        files = {RECIPES / f"{self.anchor}.{suffix}": name for suffix, name in LANGUAGES.items()}
        return [
            Recipe(name, file.read_text(encoding="utf-8").rstrip("\n"))
            for file, name in files.items()
            if file.is_file()
        ]


STEPS: Final = (
    Step(
        "first",
        "First steps",
        "Every record has an address of its own. An interaction is named by the UniProt "
        "accessions of its TF and its target; proteins, publications, binding sites, databases "
        "and methods have records as well. Answers are JSON.",
    ),
    Step(
        "filter",
        "Choose what you need",
        "Filters are parameters of a list. Several are joined by “and”; several values of one, "
        f"joined by commas (up to {MAX_VALUES}) or the parameter repeated (tf=A&tf=B), by “or”. "
        "A parameter that takes one value and is repeated is an error. sort puts "
        "rows in another order, and fields leaves out what you do not need. A parameter that is "
        "unknown or badly written is an error: you never get rows that you did not ask for.",
    ),
    Step(
        "regulators",
        "From gene symbols to their regulators",
        "Filters that take proteins (tf, target, either) read names and synonyms as well as "
        "accessions. Give taxon with them: a name that is of several proteins of that species is "
        "an error that lists these, and is never guessed. In R, read all columns as text: "
        "otherwise the gene T is the value TRUE, and NA is nothing.",
    ),
    Step(
        "pages",
        "All pages of a list",
        f"A JSON list comes in pages of {PAGE_SIZE} rows, or of up to {MAX_PAGE_SIZE:,} if "
        "page_size asks for them. Follow next until it is null. total is the number of rows, and "
        "total_is_exact says whether it was counted or estimated. From R, take a file instead: "
        "a file has all rows and no pages.",
    ),
    Step(
        "species",
        "A whole species as a table",
        "With format=tsv a list is one table: TFLink’s own 15 columns, lists within a cell joined "
        "by semicolons, a hyphen where there is nothing. It holds all rows that pass the filters, "
        "however many. The table of a large species takes minutes; a release has it ready.",
    ),
    Step(
        "spreadsheets",
        "In a spreadsheet",
        "Take format=csv. There a text that a spreadsheet would run as a formula (after =, +, - or "
        "@) has an apostrophe in front. TSV is for programs: nothing in it is quoted or marked, so "
        "that each text comes back unchanged when it is read or imported again. Neither keeps a "
        "spreadsheet from turning gene names such as sep-1, apr-1 or MARCH1 into dates: do not "
        "open the file by a double click, but import it (in Excel: Data, From Text/CSV, Do not "
        "detect data types; in LibreOffice: column type Text).",
    ),
    Step(
        "gene-sets",
        "Gene sets for enrichment",
        "A line of a GMT file is a TF and its targets: by name (gmt-name; the first of "
        "a list such as TEF1;TEF2), by NCBI gene ID (gmt-gene-id) or by UniProt accession "
        "(gmt). Filter first, for instance by small_scale=yes, to have sets of better "
        "evidence. Choose the background with care: it should be the genes that your "
        "experiment could have found.",
    ),
    Step(
        "look-up",
        "Look up many identifiers",
        f"Post up to {MAX_IDENTIFIERS:,} accessions, names, synonyms or gene IDs, as JSON or one "
        "a line, in the forms that people write (P04637-2, GeneID:7157, TP53 human). Each is "
        "answered: how it was read, whether that is certain, and what was not found. For one "
        "text of any kind there is the search (/api/v1/search/?q=ING1+BAX). Base R "
        "cannot post without a package; the list of proteins takes up to "
        f"{MAX_VALUES} accessions.",
    ),
    Step(
        "network",
        "The network around a protein",
        "Its best-supported neighbours and the interactions among them, for Cytoscape (cx2), "
        "networkx or igraph (graphml), and as plain edges (sif).",
    ),
    Step(
        "unchanged",
        "Ask only for what is new",
        "Every answer has an ETag. Send it back in If-None-Match, and as long as nothing has "
        "changed the answer is 304 without a body. changed_since chooses proteins and "
        "interactions that were changed at or after a date, and does not say what has gone.",
    ),
    Step(
        "mirror",
        "A copy that stays equal",
        "The list of changes has every protein and interaction under the number of its last "
        "change, and what has gone: rejected, merged, removed, or taken back with its import. "
        "Read it from after=0, follow next until it is null, and store number; next time go on "
        "with after=number. Nothing is missed, whatever was being written meanwhile. For a "
        "first copy of a whole species a release is quicker to read.",
    ),
    Step(
        "statements",
        "Who said what",
        "The databases, methods and publications of an interaction are lists side by side. A "
        "statement is what one source says of it: one publication, method, effect (and whether "
        "the source states it or infers it), context and quotation, with its dataset, whose "
        "version and licence are among the datasets. Only active statements count; the effect of "
        "an interaction follows from those that are stated. As MITAB, an interaction has a line "
        "for each.",
    ),
    Step(
        "release",
        "A pinned version",
        "What is public changes as curators work. A release does not: use one for anything that "
        "you publish, and cite it by name. With release, the API sends you on to the frozen "
        "file; release=latest is the newest. The header TFLink-Release of every answer names the "
        "newest release, too.",
    ),
    Step(
        "errors",
        "When something is wrong",
        "Errors are problem details (RFC 9457): status, title, a detail for people, and in errors "
        "each parameter with the reason. They are never an empty list or a shortened one.",
    ),
    Step(
        "token",
        "How much you may ask",
        "Nobody needs a token. Whoever has one, from the people who run this site, may ask more. "
        "RateLimit in each answer says what is left; beyond it the answer is 429, and Retry-After "
        "says how many seconds to wait.",
    ),
)
_KINDS: Final = {
    "requests": "Requests of any kind",
    "files": "Of these, whole lists as files",
    "lookups": "Of these, look-ups of many identifiers",
}


@cache
def recipes_by_step() -> dict[str, list[Recipe]]:
    """The recipes of each step, read once a process."""
    return {step.anchor: step.recipes() for step in STEPS}


def rates() -> list[tuple[str, str, str]]:
    """What is counted, and how much of it is free without a token and with one."""
    return [
        (about, _in_words(settings.API_RATES[name]), _in_words(settings.API_RATES[f"{name}-token"]))
        for name, about in _KINDS.items()
    ]


def _in_words(rate: str) -> str:
    number, _, period = rate.partition("/")
    return f"{int(number):,} a {period}" if rate else "no limit"


class UsingView(TemplateView):
    """For researchers: what to do first, in lines that work without a change."""

    template_name = "proteins/api_using.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        host = self.request.build_absolute_uri(reverse("home")).rstrip("/")
        release = latest_name() or RELEASE
        steps = [
            (
                step,
                [
                    (recipe.language, recipe.code.replace(HOST, host).replace(RELEASE, release))
                    for recipe in recipes_by_step()[step.anchor]
                ],
            )
            for step in STEPS
        ]
        return super().get_context_data(steps=steps, rates=rates(), release=release, **kwargs)
