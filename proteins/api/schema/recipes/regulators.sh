genes=BAX,ALAS2,SOX4,RUNX2 # up to 100
curl --fail -o regulators.tsv \
  "https://tflink.example.org/api/v1/interactions/?target=$genes&taxon=9606&format=tsv"
cut -f 5,6,7,10 regulators.tsv | sort | head
