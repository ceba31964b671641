curl -i -H 'Authorization: Token 0123456789abcdef0123456789abcdef01234567' \
  'https://tflink.example.org/api/v1/taxa/9606/'
