"""Rules, values and words of the field; standard library only.

identifiers    accessions, gene IDs, PubMed IDs, sequences: what is valid, and how it is read
evidence       what one Evidence row says, as a value
tiers          the tier of support of an Evidence row, and its rule
methods        classes of detection methods, each method's initial class
support        what each document says of an interaction, by role
statements     what one source says of one interaction, as a value
binding_sites  fields of binding sites, how sources count, which sites are one physical site
assemblies     chromosomes of genome assemblies, with their lengths
facets         kinds of support, by which lists of proteins are filtered
fold           the fold of a name, by which names of vocabularies are unique
citations      first author and year of a publication
names          names of proteins: their limit, lists of names, keys of comparison
species        species by any of their names
written_forms  identifiers as people write them, pairs and lists of them
globs          rules of identifiers, written out for SQLite
links          URLs at UniProt, NCBI, PubMed, JASPAR and UCSC
"""
