"""What the programs of the field are given to read: few records, hostile on purpose.

Every fact is written down here as plain values, so that what a program read is held against
what was meant, and not against what our own code makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    Citation,
    Effect,
    Interaction,
    Ortholog,
    Protein,
    Reporting,
    ReviewStatus,
)
from tests.factories import change_at, make_interaction, make_protein, taxon

#: Names that programs take for something else: a missing value, a truth, a number, a date, a
#: formula, a quote that is never closed, a comment, a list, a field's end, mark-up, an escape.
NAMES: Final = (
    "NA", "NaN", "null", "TRUE", "1e5", "007", "MARCH1", "=1+1", "+A", "@SUM(A1)", "-A",
    "IMP2'", '"whole"', 'he said "hi', "#hash", "eft-3;eft-4", "a|b", "x:y(z)", "ADE5,7",
    "β-Kat ε🧬", "back\\", 'b\\"|', "cDNA A", "<b>&amp;]]>", "%3B=&,", "", "", "E(spl)m3-HLH",
)  # fmt: skip
CHIP: Final = "chromatin immunoprecipitation assay"
WESTERN: Final = "western blot"
#: PSI-MI has no such term, and it holds what formats give a meaning to.
OWN_METHOD: Final = 'assay/"new" (a|b): x, 50%'
CHANGED_AT: Final = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Gene:
    accession: str
    name: str
    genes: tuple[int, ...] = ()
    code: str = "Hs"
    #: By whether TFLink lists it: species code and identifier.
    orthologs: tuple[tuple[bool, str, str], ...] = ()


@dataclass(frozen=True)
class Fact:
    tf: Gene
    target: Gene
    sources: tuple[str, ...] = ("GTRD",)
    methods: tuple[str, ...] = (CHIP,)
    #: Of publications that are no database's own.
    pmids: tuple[int, ...] = ()
    papers: tuple[int, ...] = (27924024,)
    small_scale: SmallScale = SmallScale.NO
    effect: Effect = Effect.UNKNOWN
    status: ReviewStatus = ReviewStatus.UNREVIEWED
    reporting: Reporting = Reporting.REPORTED

    @property
    def key(self) -> tuple[str, str]:
        return self.tf.accession, self.target.accession


@dataclass(frozen=True)
class Site:
    tflink_id: str
    tf: Gene
    assembly: str = ""
    chromosome: str = ""
    start: int | None = None
    end: int | None = None
    strand: str = ""
    sequence: str = ""
    small_scale: SmallScale = SmallScale.NO
    source: str = "JASPAR"
    #: As BED has it: start and end.
    bed: tuple[int, int] | None = None

    @property
    def is_placed(self) -> bool:
        return self.start is not None


TP53: Final = Gene(
    "P04637", "TP53", (7157,), "Hs", ((True, "Mm", "P02340"), (False, "Mm", "MOUSE18100"))
)
NA: Final = Gene("Q9UK53", "NA", (3621, 110599583), "Hs", ((False, "Rn", "D4A543"),))
MOUSE: Final = Gene("P02340", "", (22059,), "Mm", ((True, "Hs", "P04637"),))
TARGETS: Final = tuple(
    Gene(f"P{number:05d}", name, (number + 1,) if name else ())
    for number, name in enumerate(NAMES, start=10)
)
FACTS: Final = (
    *(Fact(TP53, target) for target in TARGETS),
    Fact(
        TP53, TP53, ("TRRUST", "TFactS_via_DoRothEA"), (CHIP, OWN_METHOD, WESTERN),
        (1588974, 15889749), (22761861, 29087512), SmallScale.YES, Effect.BOTH,
        ReviewStatus.CONFIRMED,
    ),
    Fact(NA, NA, (), (), (), (), SmallScale.NOT_STATED, reporting=Reporting.CURATED),
    Fact(NA, TP53, ("GTRD",), (WESTERN,), (1588974,), (), effect=Effect.REPRESSION),
    Fact(
        MOUSE, MOUSE, effect=Effect.ACTIVATION, status=ReviewStatus.DISPUTED,
        reporting=Reporting.WITHDRAWN,
    ),
)  # fmt: skip
PLACED: Final = ("hg38", "chr1", 147084576, 147084596)
SITES: Final = (
    # Of a source whose counting is not known, the sequence shows it, or 1-based is assumed.
    Site(
        "TFLinkLS00000001", TP53, *PLACED, "+", "TGCAGTCTATCTTTCCACAC", SmallScale.YES,
        bed=(147084576, 147084596),
    ),
    Site("TFLinkLS00000002", TP53, *PLACED, "-", bed=(147084575, 147084596)),
    Site("TFLinkLS00000003", NA, "hg38", "HLA-A*01:01, alt", 0, 75, "", "ACGTN" * 15, bed=(0, 75)),
    Site("TFLinkLS00000004", NA),
    Site(
        "TFLinkLS00000005", MOUSE, "mm10", "chrX", 0, 1, "+", "A", SmallScale.NOT_STATED, bed=(0, 1)
    ),
    Site(
        "TFLinkSS00000006", MOUSE, "dm6", "chrX", 460682, 460687, "+", "CAAATG", SmallScale.YES,
        "REDfly", bed=(460681, 460687),
    ),
    Site(
        "TFLinkSS00000007", MOUSE, "ce10", "chrIII", 3744956, 3744965, "+", "TTACCCAAC",
        SmallScale.YES, "ORegAnno", bed=(3744956, 3744965),
    ),
)  # fmt: skip


def store() -> None:
    """Put all into the database; a rejected interaction, too, that no file may show."""
    proteins = {gene: _protein(gene) for gene in (TP53, NA, MOUSE, *TARGETS)}
    for fact in FACTS:
        _interaction(proteins[fact.tf], proteins[fact.target], fact)
    make_interaction(proteins[MOUSE], proteins[TP53], status=ReviewStatus.REJECTED)
    for site in SITES:
        evidence = evidence_for(
            EvidenceContent.of([site.source], [CHIP], [15889749], site.small_scale)
        )
        BindingSite.objects.create(
            tflink_id=site.tflink_id, tf=proteins[site.tf], assembly=site.assembly,
            chromosome=site.chromosome, start=site.start, end=site.end, strand=site.strand,
            evidence=evidence, sequence=site.sequence,
        )  # fmt: skip
    change_at(CHANGED_AT, Interaction.objects.all())
    Citation.objects.filter(pmid=1588974).update(
        authors="van der Müller-O'Brien J, Li X", year=1992
    )


def _protein(gene: Gene) -> Protein:
    protein = make_protein(gene.accession, gene.name, code=gene.code, genes=gene.genes)
    for in_tflink, code, identifier in gene.orthologs:
        Ortholog.objects.create(
            protein=protein, taxon=taxon(code), identifier=identifier, in_tflink=in_tflink
        )
    return protein


def _interaction(tf: Protein, target: Protein, fact: Fact) -> None:
    made = make_interaction(
        tf, target, sources=fact.sources, methods=fact.methods,
        pmids=fact.pmids + fact.papers, small_scale=fact.small_scale, status=fact.status,
        effect=fact.effect,
    )  # fmt: skip
    Interaction.objects.filter(pk=made.pk).update(reporting=fact.reporting)
