"""Questions about lists of genes: enrichment, sets, paths, conservation.

core/        counting, statistics and graphs over arrays; NumPy and the standard library only
store        the arrays of each species as files, named by a token that the database holds;
             places = where they are
species      one species as arrays under the present change number, later rows laid over
tallies      how many interactions of each TF a list of them has, for its total and its pages
evidence     the filters of the interactions' list, as those kinds of rows that they let through
identifiers  a list of identifiers -> proteins of one species, and what became of each
enrichment   which TFs regulate a list more often than expected
sets         common targets, shared regulators, subnetworks, paths, loops
conservation which interactions orthologs have in other species
coverage     what the interactions that cite a publication add up to
overlap      which combinations of databases report interactions
similar      TFs of (nearly) the same targets
"""
