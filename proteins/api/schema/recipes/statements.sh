curl 'https://tflink.example.org/api/v1/statements/?interaction=Q9UK53-Q07812&state=active&fields=pmid,effect,basis,quotation,dataset'
