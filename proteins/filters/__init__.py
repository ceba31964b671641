"""One FilterSet a resource: what can be filtered, and by which read it is answered.

proteins, interactions, binding_sites, vocabularies   the FilterSets
fields               what a value may look like, and how it is read: strictly, or refused
interaction_totals   how many interactions pass some filters
"""
