"""How TFLink is cited, as files for reference managers (BibTeX, RIS)."""

from __future__ import annotations

from typing import Final, NamedTuple

AUTHORS: Final = (
    ("Liska", "Orsolya"),
    ("Bohár", "Balázs"),
    ("Hidas", "András"),
    ("Korcsmáros", "Tamás"),
    ("Papp", "Balázs"),
    ("Fazekas", "Dávid"),
    ("Ari", "Eszter"),
)
_TITLE: Final = (
    "TFLink: an integrated gateway to access transcription factor–target gene interactions "
    "for multiple species"
)
_DOI: Final = "10.1093/database/baac083"

BIBTEX: Final = f"""\
@article{{tflink2022,
  author  = {{{" and ".join(f"{family}, {given}" for family, given in AUTHORS)}}},
  title   = {{{{{_TITLE}}}}},
  journal = {{Database}},
  year    = {{2022}},
  volume  = {{2022}},
  pages   = {{baac083}},
  doi     = {{{_DOI}}},
}}
"""

_RIS_LINES: Final = (
    ("TY", "JOUR"),
    *(("AU", f"{family}, {given}") for family, given in AUTHORS),
    ("TI", _TITLE),
    ("JO", "Database"),
    ("PY", "2022"),
    ("VL", "2022"),
    ("C7", "baac083"),
    ("DO", _DOI),
    ("UR", f"https://doi.org/{_DOI}"),
    ("ER", ""),
)
#: Two spaces before the hyphen, and lines that end as the format demands.
RIS: Final = "".join(f"{tag}  - {value}\r\n" for tag, value in _RIS_LINES)


class File(NamedTuple):
    content_type: str
    text: str


FILES: Final = {
    "bib": File("application/x-bibtex", BIBTEX),
    "ris": File("application/x-research-info-systems", RIS),
}
