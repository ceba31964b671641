curl --fail -o tf-targets.gmt 'https://tflink.example.org/api/v1/interactions/?taxon=9606&format=gmt-name'
cut -f 1 tf-targets.gmt | head
