"""Takes one import back.

run       from start to end
changes   values return to what they were; created = new records go; support = roles do
statements   statements go, or say again what they said
later     what imports that came later changed, or state as well
sites     which binding sites other imports state as well: those stay
history   what that does to histories
report    what it did
"""
