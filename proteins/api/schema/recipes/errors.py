import json
import urllib.error
import urllib.request

try:
    urllib.request.urlopen("https://tflink.example.org/api/v1/interactions/?tf=TP53&scale=small")
except urllib.error.HTTPError as refused:
    problem = json.load(refused)
    print(problem["status"], problem["title"])
    for error in problem["errors"]:
        print(error["parameter"], "-", error["reason"])
