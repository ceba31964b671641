"""The page of a protein and its tables.

views                          the page, one table of it for htmx, all its publications
page                           what the page shows, in a fixed number of queries
tables, table_choice, cells    its tables: rows, what a URL chooses of them, HTML of cells
table_rows, table_files        the same tables as files
databases                      which source database reports which regulator, or target
publications, notes            publications; notes on the quality of the data
"""
