import urllib.request

import gseapy

address = "https://tflink.example.org/api/v1/interactions/?taxon=9606&format=gmt-name"
urllib.request.urlretrieve(address, "tf-targets.gmt")
mine = ["BAX", "CDKN1A", "FGF2", "TP53", "MDM2"]
background = 20_000  # how many genes could have been in the list
found = gseapy.enrich(mine, gene_sets="tf-targets.gmt", background=background, outdir=None)
print(found.results[["Term", "Overlap", "P-value"]].head())
