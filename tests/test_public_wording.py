"""Phrases that public pages used to have, and that are said in plain English now.

Main clauses with "which", "what" or "that" in place of the field's nouns, and impersonal "here",
"stand" and "say". The first forty are those of the first review of wording.
"""

from __future__ import annotations

from typing import Final

import pytest

from tests.places import ROOT

RETIRED: Final = (
    "says which transcription factor regulates",
    "curators keep it in order",
    "read by programs",
    "The beginning of a name or accession will do",
    "Nothing here is called so",
    "not p53 tumour suppressor",
    "“Confirmed” means",
    "How a name or accession begins",
    "declared by the page are listed here",
    "is not known here as a transcription factor",
    "which counts twice",
    "not known: the sources do not say whether",
    "as they were last taken in",
    "What supports it",
    "which of them belong together is not stated",
    "They stand in every row",
    "Databases’ own papers",
    "The other way round",
    "Between them",
    "all that is known",
    "Choose a protein or a line",
    ">Whole<",
    "The same in words",
    "stand on top",
    "what they do to each other",
    "all that was public at one moment",
    "What is public now can be had",
    "Since the release before",
    "Taken in by an import",
    "supports nothing here",
    "no document here describes",
    "is not here{%",
    "is listed here.\n",
    "does not hold together",
    "This page is there, but not for this account",
    "such as by a bookmark",
    "Who you are is neither asked nor kept",
    "lead to their lists",
    "Name in the data",
    "All of them as JSON",
    # Found since
    "This request cannot be answered",
    "You may not do this",
    "Something went wrong here",
    "The server failed to answer",
    "is not available just now",
    "going back and sending a form again loses nothing",
    "whoever wants all of the data",
    "Nothing is at this address",
    "It could not be made sure",
    "No proteins are here",
    "start again",
    "Nothing has been changed since it came here",
    "No transcription factor is known here",
    "but none of its targets is listed here",
    "No ortholog is listed",
    "No primary publication is listed for any",
    "which say which database and not which experiment",
    "What is known of each species",
    "One and the same (autoregulation)",
    "Around it",
    "None is listed: only databases say so",
    "Which document states it",
    "from where the last page ended",
    "No interaction is beyond this place",
    "does not say where the page begins",
    "is supported by this database",
    "the others stand on the pages",
    "what rests on it alone should not be relied on",
    "it may be a slip in the source",
    "have not been looked up yet",
    "Reached through",
    "TFLink took what",
    "gathers what other databases publish",
    "none is known{%",
    "as one that detects interactions. The sources name it here",
    "none is here yet",
    "These are known:",
    "Their names stand in every table",
    "is not the address of an interaction",
    "There is no release yet.</p>",
    "so there is nothing to draw",
    "Who regulates whom in the picture",
    "Picture, which can be scrolled",
    "This page will say what becomes of it",
    "What has changed since",
    "which is not in public view any more",
    "It was not sent",
    "All that you typed is still here",
    "You need no account",
    "Back, without sending",
    "so nothing was kept",
    "This is what you wrote, to be copied",
)
_TEXTS: Final = {
    path: path.read_text(encoding="utf-8")
    for pattern in ("templates/*.html", "templates/proteins/*.html", "templates/reports/*.html")
    for path in ROOT.glob(pattern)
} | {
    path: path.read_text(encoding="utf-8")
    for folder in (
        "proteins/site",
        "proteins/static/proteins",
        "curation/public",
        "curation/reports",
    )
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".js")
}


@pytest.mark.parametrize("phrase", RETIRED)
def test_a_retired_phrase_is_on_no_public_page(phrase: str) -> None:
    assert [path.name for path, text in _TEXTS.items() if phrase in text] == []
