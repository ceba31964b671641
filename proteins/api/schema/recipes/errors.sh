curl 'https://tflink.example.org/api/v1/interactions/?tf=TP53&scale=small'
