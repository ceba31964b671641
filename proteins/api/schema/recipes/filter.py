import json
import urllib.parse
import urllib.request

api = "https://tflink.example.org/api/v1"
query = urllib.parse.urlencode({"tf": "Q9UK53", "small_scale": "yes", "source": "TRRUST"})
with urllib.request.urlopen(f"{api}/interactions/?{query}") as answer:
    page = json.load(answer)
print(page["total"], "targets")
print([row["target"]["name"] for row in page["results"]])
