"""How TFLink is cited, as files for reference managers (BibTeX, RIS)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True)
class CitedPage:
    """A page of the site as something to cite, at a date.

    `edition` is the release or the import that it is of; it may be empty.
    """

    title: str
    url: str
    date: date
    edition: str = ""

    @property
    def text(self) -> str:
        """The citation as one line."""
        edition = f" {self.edition}." if self.edition else ""
        return f"TFLink: {self.title}.{edition} Accessed {long_date(self.date)}. {self.url}"

    @property
    def bibtex(self) -> str:
        key = "".join(
            letter for letter in self.url.lower() if letter.isascii() and letter.isalnum()
        )
        note = f"{self.edition}; accessed" if self.edition else "Accessed"
        return (
            f"@misc{{tflink{key[-40:]},\n"
            "  author  = {{TFLink}},\n"
            f"  title   = {{{{TFLink: {_braced(self.title)}}}}},\n"
            f"  year    = {{{self.date.year}}},\n"
            f"  url     = {{{self.url}}},\n"
            f"  note    = {{{note} {self.date.isoformat()}. Liska et al. 2022, doi:{_DOI}}},\n"
            "}\n"
        )

    @property
    def ris(self) -> str:
        lines = [
            ("TY", "DBASE"),
            ("AU", "TFLink"),
            ("TI", f"TFLink: {_one_line(self.title)}"),
            ("PY", str(self.date.year)),
            *([("ET", self.edition)] if self.edition else []),
            ("Y2", f"{self.date:%Y/%m/%d}/"),
            ("UR", self.url),
            ("N1", f"Liska et al. 2022, doi:{_DOI}"),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)

    def file(self, suffix: str) -> File:
        """The citation as a file for reference managers; `suffix` as in `FILES`."""
        return File(FILES[suffix].content_type, self.bibtex if suffix == "bib" else self.ris)


def long_date(day: date) -> str:
    """A date as it is written in a text: 30 November 2026."""
    return f"{day.day} {day:%B %Y}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _braced(text: str) -> str:
    """Text within braces of BibTeX, where a backslash and a brace would mean something."""
    return _one_line(text).translate({ord("\\"): None, ord("{"): "(", ord("}"): ")"})
