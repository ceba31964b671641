import json
import urllib.request

address = "https://tflink.example.org/api/v1/proteins/?taxon=9606&is_tf=true&page_size=100"
names = []
while address:
    with urllib.request.urlopen(address) as answer:
        page = json.load(answer)
    names += [protein["name"] for protein in page["results"]]
    address = page["next"]
print(len(names), "of", page["total"], "TFs")
