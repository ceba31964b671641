curl --fail -o ing1.cx2 'https://tflink.example.org/api/v1/proteins/Q9UK53/network/?limit=50&format=cx2'
