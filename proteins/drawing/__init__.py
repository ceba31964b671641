"""Networks as SVG, drawn by the server.

layout  where each protein is in the picture
palette the colours of both themes, for the style sheet as well
svg     shapes and arrows, as the template writes them
legend  what colours and strokes mean
context the two proteins of an interaction with what acts on both, and between them
"""
