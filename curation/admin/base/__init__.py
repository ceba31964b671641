"""What every list of the admin shares.

admin            ReadOnlyAdmin, ShownAdmin, ProteinPartAdmin
change_list      lists whose cost is bounded; their paginator
search, filters  what a search box means; filters answered from an index
filter_counts    how many rows each choice of a filter leaves
received         forms with files, whose size is looked at first
export           a list as CSV
autocomplete, links, difference_html   smaller pieces of pages
"""
