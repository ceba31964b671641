"""Rules, values and words of the field; standard library only.

identifiers    accessions, gene IDs, PubMed IDs, names: what is valid, and how it is read
evidence       what one Evidence row says, as a value
binding_sites  fields of binding sites, how sources count, which sites are one physical site
facets         kinds of support, by which lists of proteins are filtered
fold           the fold of a name, by which names of vocabularies are unique
names          names of proteins: keys of comparison, lists, and what lists show of them
species        species by any of their names
globs          rules of identifiers, written out for SQLite
links          URLs at UniProt, NCBI, PubMed, JASPAR and UCSC
"""
