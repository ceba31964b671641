"""Figures as files of their own: SVG for pages and for saving, and their data as TSV.

figure_file   from a figure to a response; what a URL chooses: size, theme, assembly
protein, species, everything, interaction, publication
              the figures of a protein, of a species, of all data, of an interaction, of a
              publication
on_page       a figure on a page: its URLs, size and words
"""
