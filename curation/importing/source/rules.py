"""The version of the rules by which documents are read."""

from __future__ import annotations

from typing import Final

#: Raised whenever a rule changes so that a document says more, or less, than before: a file
#: that was read by other rules is read again, even if it is the same.
RULES: Final = 2
