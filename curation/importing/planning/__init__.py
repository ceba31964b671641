"""What is to be written, worked out without writing; no Django.

claims    what a chunk of documents says: one claim a protein, a pair, a site
stated    what a chunk of a file of statements says, by pair
site_claims  one claim for each ID of a binding site
site_groups  the physical sites of one place, of what is said under each ID
name_map  names and accessions as a source writes them -> proteins
snapshot  what the database holds of the same records
plan, plan_sites  one against the other, and against pins -> planned
planned   the plan as a value
"""
