import json
import urllib.request

asked = {"identifiers": ["Q9UK53", "BAX", 3621, "nothing"], "taxon": 9606}
request = urllib.request.Request(
    "https://tflink.example.org/api/v1/lookup/",
    data=json.dumps(asked).encode(),
    headers={"Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as answer:
    found = json.load(answer)
for row in found["results"]:
    print(row["identifier"], [match["accession"] for match in row["matches"]])
print("not found:", found["not_found"])
