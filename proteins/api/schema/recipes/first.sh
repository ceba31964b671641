curl 'https://tflink.example.org/api/v1/interactions/Q9UK53-Q07812/'
