"""Networks and figures as SVG, drawn by the server.

layout  where each protein is in the picture
palette the colours of both themes, for the style sheet as well
svg     shapes and arrows, as the template writes them
legend  what colours and strokes mean
figure  what every figure of numbers offers; its style, and the shapes that all are made of
support_strip, species_bars, histogram, overlap, years, ideogram, evidence_matrix, matrix,
        count_bars   the figures; matrix = TF x source database, count_bars = TFs of a publication
plots, tier_bar, method_mark   drawings that are parts of pages alone; tier_bar = that of a row
context the two proteins of an interaction with what acts on both, and between them
"""
