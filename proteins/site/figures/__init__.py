"""Figures as files of their own: SVG for pages and for saving, and their data as TSV.

figure_file   from a figure to a response; what a URL chooses: size, theme, assembly
protein, species, interaction, publication
              the figures of a protein, of a species and of all data, of an interaction, of a
              publication
urls          their URLs, each beside the page that shows it (`proteins.site.page_figures`)
"""
