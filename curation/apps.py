from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "curation"

    def ready(self) -> None:
        from curation.public import content_state, newest_changes, record_history
        from curation.reports import deployment  # noqa: F401  (it registers a check)
        from curation.shared import private_files, species_counts
        from proteins import hooks

        hooks.register(history=record_history.history, open_reports=record_history.open_reports)
        hooks.register_under_review(record_history.interactions_under_review)
        hooks.register_home(
            newest_changes=newest_changes.newest_changes,
            publication_counts=species_counts.publication_counts,
        )
        content_state.register()
        private_files.register()
