"""Rows and values -> text of every format.

rows, values   interactions, sites and proteins as plain values, in batches (evidence: queries)
lines          formats in which each row has a text of its own
cells          values as cells of TSV, and of CSV for spreadsheets
interaction_table   TFLink's 15 columns as TSV and CSV
mitab          PSI-MITAB 2.8
gmt            gene sets
graphs         interactions and neighbourhoods as graphs; graph_files = SIF, GraphML, CX2
network_tables a neighbourhood as TSV and JSON
sites          binding sites as GFF3, BED, FASTA and TSV
citation       how TFLink is cited (BibTeX, RIS)
"""
