"""What every list of the admin shares.

admin            ReadOnlyAdmin, VocabularyAdmin, ProteinPartAdmin
change_list      lists whose cost is bounded; their paginator
search, filters  what a search box means; filters answered from an index
export           a list as CSV
autocomplete, links, difference_html   smaller pieces of pages
"""
