import urllib.request

import networkx

address = "https://tflink.example.org/api/v1/proteins/Q9UK53/network/?limit=50&format=graphml"
with urllib.request.urlopen(address) as answer:
    graph = networkx.read_graphml(answer)
print(graph.number_of_nodes(), "proteins,", graph.number_of_edges(), "interactions")
