import json
import urllib.request

api = "https://tflink.example.org/api/v1"
with urllib.request.urlopen(f"{api}/interactions/Q9UK53-Q07812/") as answer:
    interaction = json.load(answer)
print(interaction["tf"]["name"], "->", interaction["target"]["name"])
for source in interaction["sources"]:
    print("reported by", source["name"])
