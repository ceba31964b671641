curl 'https://tflink.example.org/api/v1/interactions/?tf=Q9UK53&small_scale=yes&fields=id,publications&page_size=5'
