"""Reports of errors by readers without an account.

`views` show the form and, at a URL that cannot be guessed, the state of a report. What is
sent is checked in three steps, each with a module of its own: that a person filled in the
form (`stamp`, and a field that people do not see), that it says something (`forms`,
`message`), and that one sender, or all together, do not send too much (`limits`, `sender`).
It is written by `curation.actions.report_error`, and decided at the desk.
"""
