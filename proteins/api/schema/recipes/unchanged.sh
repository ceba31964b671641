address='https://tflink.example.org/api/v1/interactions/?tf=Q9UK53'
touch etag.txt
for time in first second; do
  curl --etag-compare etag.txt --etag-save etag.txt -o ing1.json -w '%{http_code}\n' "$address"
done
