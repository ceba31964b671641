import json
import urllib.request

mirror, number = {"protein": {}, "interaction": {}}, 0  # both are stored between two readings
address = f"https://tflink.example.org/api/v1/changes/?after={number}&page_size=1000"
while address:
    with urllib.request.urlopen(address) as answer:
        page = json.load(answer)
    for row in page["results"]:
        mirror[row["kind"]].pop(row["id"], None)
        if row["gone"] is None:
            mirror[row["kind"]][row["id"]] = row[row["kind"]]
    address, number = page["next"], page["number"]
print(len(mirror["protein"]), "proteins,", len(mirror["interaction"]), "interactions, at", number)
