import urllib.error
import urllib.request

address = "https://tflink.example.org/api/v1/interactions/?tf=Q9UK53"
with urllib.request.urlopen(address) as answer:
    etag = answer.headers["ETag"]
again = urllib.request.Request(address, headers={"If-None-Match": etag})
try:
    urllib.request.urlopen(again)
except urllib.error.HTTPError as unchanged:
    print(unchanged.code)
