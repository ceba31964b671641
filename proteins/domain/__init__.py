"""Rules, values and words of the field; standard library only.

identifiers    accessions, gene IDs, PubMed IDs, names: what is valid, and how it is read
evidence       what one Evidence row says, as a value
binding_sites  how sources count; which sites are one physical site
facets         kinds of support, by which lists of proteins are filtered
fold           the fold of a name, by which names of vocabularies are unique
species        species by any of their names
links          URLs at UniProt, NCBI, PubMed, JASPAR and UCSC
"""
