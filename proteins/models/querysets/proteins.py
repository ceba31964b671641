"""Named reads of proteins and their orthologs.

`proteins.models.querysets` has the others, and is where all of them are taken from.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from proteins.domain import facets, identifiers
from proteins.domain.names import KEY_LENGTH, NameKind, folded_name, lower_key
from proteins.models.lookups import row_beyond
from proteins.models.querysets.evidence import model

if TYPE_CHECKING:
    from django.db.models import Model

    from proteins.models import Ortholog, Protein

#: In which orders all proteins can be read, each by an index; ties go by accession. One with
#: `-` is read downwards only: those without a name come last in either direction.
BROWSE_ORDERS: dict[str, tuple[str, ...]] = {
    "accession": ("accession",),
    "name": ("is_unnamed", "name_key", "accession"),
    "-name": ("is_named", "name_key", "accession"),
    "target_count": ("target_count", "accession"),
    "tf_count": ("tf_count", "accession"),
    "interaction_count": ("interaction_count", "accession"),
}


def browse_columns(order: str) -> tuple[str, ...]:
    """The columns of an order of all proteins, `-` before it where it is read downwards."""
    return BROWSE_ORDERS.get(order) or BROWSE_ORDERS[order.removeprefix("-")]


def _formerly(accession: str) -> Q:
    """The protein that took the place of a secondary accession, found by its own key: beside
    a set of keys PostgreSQL would read all proteins."""
    former = model("SecondaryAccession")._default_manager.filter(accession=accession)
    return Q(pk=Subquery(former.values("protein")[:1]))


def _common_bits(bits: int) -> ExpressionWrapper[CombinedExpression]:
    """As 64 bits: Django takes it for 32, and finds that nothing can equal a larger number."""
    return ExpressionWrapper(F("facet_bits").bitand(bits), models.BigIntegerField())


def _begins(text: str) -> Q:
    """Whether an accession, present or former (that as a whole), or a name begins with `text`."""
    return Q(accession__prefix=text.upper()) | name_begins(text) | _formerly(text.upper())


def name_begins(text: str) -> Q:
    """Whether the whole name begins with `text`, or a name of its list."""
    return whole_name_begins(text) | Q(pk__among=further_names(text).values("protein"))


def whole_name_begins(text: str) -> Q:
    begins = Q(name_key__prefix=lower_key(text))
    return begins & Q(name__istartswith=text) if len(text) > KEY_LENGTH else begins


def further_names(text: str) -> QuerySet[Model]:
    """The names that begin with `text` and come after the first of their lists."""
    names = model("ProteinName")._default_manager
    # In the words of a partial index, which SQLite uses for no others.
    further = names.filter(source__isnull=True, position__gt=0, folded__prefix=folded_name(text))
    return further.filter(text__istartswith=text) if len(text) > KEY_LENGTH else further


def called(text: str) -> Q:
    """Whether `text` is the whole name, or one name of its list."""
    whole = Q(name_key=lower_key(text))
    if len(text) >= KEY_LENGTH:
        whole &= Q(name__iexact=text)
    return whole | Q(pk__among=exact_names(text).values("protein"))


def exact_names(text: str) -> QuerySet[Model]:
    """The names of lists that are `text`."""
    names = model("ProteinName")._default_manager.filter(source__isnull=True)
    return names.filter(folded=folded_name(text), text__iexact=text)


def full_name_of(protein: str) -> Coalesce:
    """The recommended full name of the protein that this column is the key of, from an index;
    empty where no source states any."""
    names = model("ProteinName")._default_manager.filter(
        protein=OuterRef(protein), kind=NameKind.FULL_NAME.value
    )
    first = names.order_by("position", "-source__name", "pk").values("text")[:1]
    return Coalesce(Subquery(first), Value(""))


class ProteinQuerySet(models.QuerySet["Protein"]):
    """A query by a secondary accession means the protein that took its place."""

    def formerly(self, *accessions: str) -> Self:
        """Those that were known by one of these accessions (in capitals)."""
        return self.filter(secondary_accessions__accession__in=accessions)

    def matching(self, text: str) -> Self:
        """Those that a reader who types `text` means, each way answered from an index.

        Digits alone are an NCBI gene ID; anything else begins an accession or a name, in
        capitals or not.
        """
        text = text.strip()
        if text.isascii() and text.isdigit():
            gene_id = int(text) if len(text) <= 10 else 0
            if gene_id > identifiers.MAX_INTEGER:
                return self.none()
            return self.filter(gene_ids__ncbi_gene_id=gene_id)
        if not text or "\x00" in text:
            return self.none()
        return self.filter(_begins(text))

    def with_any_beginning(self, text: str) -> Self:
        """As `matching`, for a text with which so many begin that they are met soon in any
        order: the indexes that answer it would yield all of them, to be sorted."""
        return self.alias(begins=Case(When(_begins(text.strip()), then=1), default=0)).filter(
            begins=1
        )

    def exactly(self, text: str) -> Self:
        """Those whose accession or whole name (or gene ID) is `text`."""
        text = text.strip()
        if not text or text.isdigit() or "\x00" in text:
            return self.matching(text)
        return self.filter(Q(accession=text.upper()) | called(text) | _formerly(text.upper()))

    def called(self, text: str) -> Self:
        """Those of which `text` is the whole name, or one name of its list."""
        return self.filter(called(text))

    def with_whole_name_beginning(self, text: str) -> Self:
        """Those whose whole name begins with `text`, by a stretch of the index in its order."""
        # Beside LIKE alone, PostgreSQL may scan the index of names from its very beginning.
        return self.filter(whole_name_begins(text), name_key__gte=lower_key(text))

    def with_name_of_list(self, text: str) -> Self:
        """Those that have `text` as one name of a list, first; then those of which a name
        after the first of a list begins so."""
        exact, further = exact_names(text), further_names(text)
        rows = self.filter(
            Q(pk__among=exact.values("protein")) | Q(pk__among=further.values("protein"))
        )
        is_exact = Exists(exact.filter(protein=OuterRef("pk")))
        return rows.alias(is_exact=is_exact).order_by("-is_exact", "name_key", "accession")

    def with_name_beginning(self, text: str) -> Self:
        """Those of which the whole name begins with `text`, or one name of its list."""
        return self.filter(name_begins(text))

    def by_accession(self, accession: str) -> Self:
        """The one with this accession, in capitals or not; of any other text, none."""
        try:
            canonical = identifiers.parse_accession(accession)
        except identifiers.IdentifierError:
            return self.none()
        return self.filter(Q(accession=canonical) | _formerly(canonical))

    def with_facets(self, *words: str) -> Self:
        """Those that have all these facets (see `proteins.domain.facets`)."""
        if not words:
            return self
        bits = facets.bits(words)
        rows = self.alias(common_bits=_common_bits(bits)).filter(common_bits=bits)
        for word in words:
            rows = rows.filter(facets__contains=f" {word} ")
        return rows

    def with_any_facet(self, *words: str) -> Self:
        """Those that have any of these facets."""
        any_bit = self.alias(any_bits=_common_bits(facets.bits(words))).filter(any_bits__gt=0)
        held = (Q(facets__contains=f" {word} ") for word in words)
        return any_bit.filter(reduce(or_, held, Q(pk__in=[])))

    def without_facets(self, *words: str) -> Self:
        """Those that have none of these facets; each must have a bit of its own."""
        if shared := [word for word in words if not facets.has_own_bit(word)]:
            raise ValueError(f"{shared} share their bits with other words")
        return self.alias(absent_bits=_common_bits(facets.bits(words))).filter(absent_bits=0)

    def in_browse_order(self, order: str, *, backward: bool = False) -> Self:
        """By a key of `BROWSE_ORDERS`, turned round where `-` stands before it, and again
        where it is read from the end."""
        columns = browse_columns(order)
        sign = "-" if order.startswith("-") != backward else ""
        return self.order_by(*(f"{sign}{column}" for column in columns))

    def beyond(self, order: str, place: tuple[Any, ...], *, backward: bool = False) -> Self:
        """Those that follow a place in such an order (or precede it), read from an index."""
        columns = browse_columns(order)
        downward = order.startswith("-") != backward
        return self.filter(row_beyond(columns, place, downward=downward))

    def totals(self) -> dict[str, int]:
        """How many proteins, TFs and interactions; reads every protein, so cache the answer."""
        return self.aggregate(
            proteins=Count("pk"),
            tfs=Count("pk", filter=Q(is_tf=True)),
            interactions=Coalesce(Sum("target_count"), 0),
        )

    def with_gene(self, gene_id: int) -> Self:
        return self.filter(gene_ids__ncbi_gene_id=gene_id)

    def with_details(self) -> Self:
        """With its taxon, gene IDs and JASPAR matrices, in a fixed number of queries."""
        return self.select_related("taxon", "change").prefetch_related(
            "gene_ids", "jaspar_matrices"
        )

    def with_names(self) -> Self:
        """Each with its taxon and full name."""
        return self.select_related("taxon").annotate(full_name=full_name_of("pk"))

    def with_row_details(self) -> Self:
        """What a list of results shows of each: its taxon, gene IDs and full name."""
        return self.with_names().prefetch_related("gene_ids")


class OrthologQuerySet(models.QuerySet["Ortholog"]):
    def with_protein(self) -> Self:
        """Each with `is_ours`: whether its identifier is the accession, or was, of a protein
        here."""
        ours = model("Protein")._default_manager.filter(accession=OuterRef("identifier"))
        former = model("SecondaryAccession")._default_manager.filter(
            accession=OuterRef("identifier")
        )
        return self.select_related("taxon").annotate(is_ours=Exists(ours) | Exists(former))

    def with_details(self) -> Self:
        """Each with both proteins, in a fixed number of queries."""
        return self.with_protein().select_related("protein").prefetch_related("protein__gene_ids")
