"""Questions about lists of genes.

body        what is posted, or stands in a query: read strictly, or refused with where and why
answering   what the views have in common: slots, read snapshot, files
enrichment  which TFs regulate a list more often than expected
sets        common targets, shared regulators, subnetworks, paths, loops
loop_counts  how many feed-forward loops a species has
conservation  whether orthologs are reported to interact
described   their properties in the schema
"""
