import pandas as pd

address = "https://tflink.example.org/api/v1/interactions/?taxon=9606&format=tsv"
table = pd.read_csv(address, sep="\t", quoting=3, na_values="-", keep_default_na=False)
print(table["Name.TF"].value_counts().head())
