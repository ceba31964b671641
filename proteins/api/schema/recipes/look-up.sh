printf 'Q9UK53\nBAX\n3621\nnothing\n' |
  curl --data-binary @- -H 'Content-Type: text/plain' 'https://tflink.example.org/api/v1/lookup/?taxon=9606'
