"""GFF3, BED and FASTA as gffutils, pybedtools and Biopython read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from Bio import SeqIO

from tests.proteins.clients.conftest import Files
from tests.proteins.clients.content import SITES

pytestmark = pytest.mark.django_db
SEQUENCED = [site for site in SITES if site.sequence]
PLACED = {site.tflink_id: site for site in SITES if site.is_placed}


def test_gff3_in_gffutils(files: Files) -> None:
    gffutils = pytest.importorskip("gffutils", reason="gffutils is missing")
    database = gffutils.create_db(
        str(files["binding-sites", "gff3"]), ":memory:", merge_strategy="error"
    )
    read = {feature.id: feature for feature in database.all_features()}
    assert set(read) == set(PLACED)
    for site in PLACED.values():
        feature = read[site.tflink_id]
        assert feature.featuretype == "TF_binding_site"
        assert (feature.start - 1, feature.end) == site.bed
        assert feature.strand == (site.strand or ".")
        attributes = feature.attributes
        assert attributes["Name"] == [site.tf.name or site.tf.accession]
        assert attributes["assembly"] == [site.assembly]
        assert attributes["Dbxref"] == [f"UniProtKB:{site.tf.accession}", "PMID:15889749"]
        assert attributes["small_scale"] == [site.small_scale.label]


def test_gff3_and_bed_are_the_same_places(files: Files) -> None:
    """pybedtools gives the places of both as counted from 0."""
    pybedtools = pytest.importorskip("pybedtools", reason="pybedtools is missing")
    read = {}
    for name in ("gff3", "bed"):
        rows = pybedtools.BedTool(str(files["binding-sites", name]))
        read[name] = {(row.name, row.start, row.stop, row.strand, len(row)) for row in rows}
    assert read["gff3"] == read["bed"]
    assert read["bed"] == {
        (site.tflink_id, *site.bed, site.strand or ".", site.bed[1] - site.bed[0])
        for site in PLACED.values()
        if site.bed
    }
    # A place is as long as its sequence.
    assert all(site.bed and site.bed[1] - site.bed[0] == len(site.sequence) for site in SEQUENCED)


def test_gff3_by_its_specification(files: Files) -> None:
    first, *lines = files["binding-sites", "gff3"].read_text().splitlines()
    assert first == "##gff-version 3"
    comments = [line for line in lines if line.startswith("#")]
    assert any("ORegAnno from 0" in line for line in comments)
    assert any("Of JASPAR and others it is not known" in line for line in comments)
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert {len(row) for row in rows} == {9}
    assert {row[8].split(";")[0]: row[8].rpartition("counting=")[2] for row in rows} == {
        "ID=TFLinkLS00000001": "0-based assumed",
        "ID=TFLinkLS00000002": "1-based assumed",
        "ID=TFLinkLS00000003": "0-based assumed",
        "ID=TFLinkLS00000005": "0-based assumed",
        "ID=TFLinkSS00000006": "1-based",
        "ID=TFLinkSS00000007": "0-based",
    }
    assert "HLA-A*01:01%2C%20alt" in {row[0] for row in rows}


def test_fasta_in_biopython(files: Files) -> None:
    with files["binding-sites", "fasta"].open() as lines:
        records: Iterator[Any] = SeqIO.parse(lines, "fasta")  # type: ignore[no-untyped-call]
        read = {record.description.split(";")[0]: record for record in records}
    expected = {site.tflink_id: site for site in SITES if site.sequence}
    assert {name: str(record.seq) for name, record in read.items()} == {
        name: site.sequence for name, site in expected.items()
    }
    first = read["TFLinkLS00000001"]
    assert first.description.endswith(" counting=not_known")
    assert read["TFLinkSS00000006"].description.endswith(" counting=1-based")
    assert first.id == "TFLinkLS00000001;P04637;TP53;hg38;chr1:147084576-147084596"
