"""One FilterSet a resource: its parameters in the API, on pages and for files.

A new filter is declared in its FilterSet alone: the API reads the request by it, and pages
and their files by a form of it (`proteins.site.forms.FilterForm`). It is a control of the
pages where `controls` names it.

proteins, interactions, binding_sites, vocabularies   the FilterSets
evidence             the filters by evidence, of interactions and binding sites alike
fields               kinds of filter, how a value is read, and the state of a query
interaction_totals   the total of a resolved query of interactions
"""
