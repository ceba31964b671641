import urllib.request

genes = ["BAX", "ALAS2", "SOX4", "RUNX2"]  # up to 100
query = f"target={','.join(genes)}&taxon=9606&format=tsv"
with urllib.request.urlopen(f"https://tflink.example.org/api/v1/interactions/?{query}") as answer:
    rows = [line.rstrip("\n").split("\t") for line in answer.read().decode().splitlines()]
print([(row[4], row[5]) for row in rows[1:]])
