"""The one reviewed list of known defects of the sources, and what each is corrected to.

A spelling is added only where the right one is certain; anything else that breaks a rule
is reported with its file and line instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

#: Source databases: spelling seen -> canonical spelling.
SOURCE_SPELLINGS: Final[Mapping[str, str]] = {
    # Pages of the oldest generation (Q13950: rows ELK1, AR, SP1...); newer pages and the
    # v1.0 tables write the other five `..._via_DoRothEA`, and this one too.
    "TFactS_via_DoRothea": "TFactS_via_DoRothEA",
    # Downloads of binding sites (`bindingSites_of_X.tsv`); pages and tables write JASPAR.
    "jaspar": "JASPAR",
}

#: Protein names: spelling seen -> the name. Pages write the comma of a name as `_`, but `_`
#: is genuine in other names (yeast AI5_ALPHA and AI5_BETA, zebrafish unm_hu7910, rat
#: Pbx1_predicted), so no rule can undo it. These are all names with a comma in the v1.0
#: tables of yeast, rat and zebrafish.
NAME_SPELLINGS: Final[Mapping[str, str]] = {
    "ADE5_7": "ADE5,7",  # yeast, P07244
    "ARG5_6": "ARG5,6",  # yeast, Q01217
    "DUR1_2": "DUR1,2",  # yeast, P32528
}


class SiteDefect(NamedTuple):
    """A binding site whose sequence is not as long as its coordinates say, and the line of
    its row."""

    tflink_id: str
    file: str
    line: int


#: REDfly's coordinates include both ends, so a site has end - start + 1 bases. These are
#: one shorter on the page itself: a site of 8 bases with a sequence of 7.
SITE_LENGTHS: Final = (
    SiteDefect("TFLinkLT0007783", "q9vs05.md", 28),  # 2L:10293287-10293294, TGTTTAC
    SiteDefect("TFLinkLT0007784", "q9vs05.md", 31),  # 2L:10293221-10293228, ATAAACA
)
