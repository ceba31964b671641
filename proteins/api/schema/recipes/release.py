import pandas as pd

address = "https://tflink.example.org/api/v1/interactions/?release=2026.12&taxon=9606&format=tsv"
table = pd.read_csv(
    address, sep="\t", quoting=3, na_values="-", keep_default_na=False, compression="gzip"
)
print(len(table), "interactions in release 2026.12")
