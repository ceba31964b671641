"""Documents -> rows. One direction: text -> records -> claims -> plan -> rows.

source/      text -> records; no Django
planning/    what a chunk says, against what is stored and pinned -> a plan
loading/     a plan -> rows, with a journal; the report of a run
undo/        takes one import back
run, session one import from start to end; its chunks, each a transaction
statements   import of what sources state of single interactions
sites        import of tables and sequences of binding sites
withdraw     what a whole table lacks is marked as no longer reported
event_report every single change, as JSON
"""
