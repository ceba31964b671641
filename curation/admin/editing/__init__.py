"""The form of a record that curators work on.

admin         saved by an action, or proposed
form, pasted  what is typed becomes values; pasted lists of identifiers
supported     what interactions and binding sites share: a TF, and evidence
evidence_html evidence as a person reads it
correcting    the form opened from a proposal: corrected by its author, or by who accepts it
delete        deletion, with a reason
answers       messages after saving
"""
