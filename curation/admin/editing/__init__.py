"""The form of a record that curators work on.

admin         saved by an action, or proposed
vocabulary    rows of the vocabularies, with a reason and a history
refusals      a form shown again: refused, or sent when a log-in had ended
doubts        what is shown before the first saving, and saved by the second
form, pasted  what is typed becomes values; pasted lists of identifiers
supported     what interactions and binding sites share: a TF, and evidence
evidence_html evidence as a person reads it
correcting    the form opened from a proposal: corrected by its author, or by who accepts it
delete        deletion, with a reason
answers       messages after saving
"""
