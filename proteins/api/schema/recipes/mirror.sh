curl 'https://tflink.example.org/api/v1/changes/?after=0&kind=interaction&page_size=5'
