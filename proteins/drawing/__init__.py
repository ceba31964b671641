"""Networks as SVG, drawn by the server.

layout  where each protein is in the picture
svg     shapes, arrows, colours and legend, as the template writes them
"""
