"""Rules, values and words of the field; standard library only.

identifiers    accessions, gene IDs, PubMed IDs, names: what is valid, and how it is read
evidence       what one Evidence row says, as a value
binding_sites  how sources count; which sites are one physical site
facets         by which kinds of support proteins are found
links          URLs at UniProt, NCBI, PubMed, JASPAR and UCSC
"""
