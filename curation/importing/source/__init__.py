"""Text -> records (frozen values); no Django, no database.

kinds                 what a file is: by its content, then its name; which claim to be complete
front_matter, pages   a published page
sites                 binding sites: rows of a page, and sequences of its body
tables                a whole-species table of interactions ("simple format", v1.0)
downloads             tables of interactions of one protein, and those of 2021
interactions          rows of interactions, whatever their columns
site_tables           tables of binding sites, of a species or of one protein
sequences             sequences of a species' binding sites
browse                lists of all proteins of a species
statements            files of statements, of every form
statement_cells       cells of statements -> values; what one line states
statement_tables      TRRUST, CollecTRI, DoRothEA
statements_signor, statements_curated   SIGNOR; tables by a person, by header
text, delimited       lines of a file in any encoding; cells under a header
publication_cells, html_cells, orthologs   cells with publications; HTML; JSON lists
normalise             raw cells -> canonical values, alike for pages and tables
known_defects         the one list of defects of the sources
records, problems     what passes between the stages; refusals, lost cells and notes
"""
