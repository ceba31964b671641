"""Rules, values and words of the field; standard library only.

identifiers    accessions, gene IDs, PubMed IDs, names: what is valid, and how it is read
evidence       what one Evidence row says, as a value
binding_sites  fields of binding sites
facets         by which kinds of support proteins are found
globs          rules of identifiers, written out for SQLite
links          URLs at UniProt, NCBI, PubMed, JASPAR and UCSC
"""
