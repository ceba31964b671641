"""How knowledge gets in or changes: the public face of the models."""

from curation.models.import_run import ImportRun, RunState, SourcePage

__all__ = ["ImportRun", "RunState", "SourcePage"]
