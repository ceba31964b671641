"""Counting, statistics and graphs over arrays: no Django, no database.

edges             interactions of one species, sorted by TF; kinds of rows
units             accessions -> genes, by shared gene IDs
counting          targets of each TF under a filter
hits              what each TF regulates of a list
hypergeometric    the tail of a draw without return; odds ratio with its interval
corrections       Benjamini-Hochberg, Benjamini-Yekutieli, Bonferroni
degree_model      the bipartite configuration model of TFs and genes
poisson_binomial  the tail of a sum of unequal chances, exact and by saddlepoint
enrichment        all of these for one list
sharing           common partners of several proteins
graphs            paths and loops
motifs            the loops of a whole species, counted
similar           TFs of (nearly) the same targets
"""
