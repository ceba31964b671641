"""Rows and values -> text of every format.

rows, values          interactions, sites, proteins and evidence as plain values, in batches
tflink_table          TFLink's 15 columns as TSV and CSV; csv_text = CSV for spreadsheets
mitab                 PSI-MITAB 2.8
gmt                   gene sets
interaction_graphs, neighbourhood_files   SIF, GraphML, CX2
sites                 binding sites as GFF3, BED, FASTA and TSV
citation              how TFLink is cited (BibTeX, RIS)
"""
