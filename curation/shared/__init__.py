"""What importing and actions both use.

bulk            many rows at once, by the fastest way of each database
lock            one import at a time; curators wait for it, briefly
evidence        find or make the shared Evidence row of a content
three_way       the comparison that keeps a curator's word
private_files   files that only their owner reads
species_counts  counts by species, stored with an import
"""
