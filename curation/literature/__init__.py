"""Publications from PubMed: requested over the network, or read from a file.

entrez.py, pace.py                 NCBI's E-utilities, at the rate that they allow
files.py, pubmed_xml.py, medline.py    what PubMed saves   (no network)
  -> publication.py                canonical values        (none of these knows Django)
  -> lookup.py                     batches, what is missing, what failed
  -> store.py                      rows and history; the one writer
"""
