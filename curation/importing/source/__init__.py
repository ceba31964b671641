"""Text -> records (frozen values); no Django, no database.

front_matter, pages   a published page
tables                a TFLink table ("simple format")
sites                 binding sites: rows of a page, and sequences of its body
normalise             raw cells -> canonical values, alike for pages and tables
known_defects         the one list of defects of the sources
records, problems     what passes between the stages; how a refusal is said
"""
