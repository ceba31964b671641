curl --fail -o human.tsv 'https://tflink.example.org/api/v1/interactions/?taxon=9606&format=tsv'
wc -l human.tsv
