curl --fail --location -o human-2026.12.tsv.gz \
  'https://tflink.example.org/api/v1/interactions/?release=2026.12&taxon=9606&format=tsv'
gzip -dc human-2026.12.tsv.gz | head -n 2
