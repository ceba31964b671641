"""Import from the desk: files are received, tried, decided upon and taken in.

A way through: `receive` checks what came and keeps it, `jobs` moves it from state to state,
`process` starts a process of its own for the trial and for the import (`work`, by way of
`manage.py run_job`), `progress` and `outcome` are what that process leaves for the pages.
Rights are demanded in `receive` and `jobs`, and once more in `work`. Releases are ordered
(`ordering`) and made in the same way, without a trial.
"""
