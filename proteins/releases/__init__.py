"""Releases: the public content as it was at one moment, in plain files that never change."""

from proteins.release_store import latest_name

__all__ = ["latest_name"]
