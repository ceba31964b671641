"""Commands that write, and what the import commands share (imports)."""
