from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CurationConfig(AppConfig):
    name = "curation"

    def ready(self) -> None:
        from curation.permissions import set_roles_after_migrate
        from curation.public import content_state, newest_changes, page_keys, record_history
        from curation.reports import deployment  # noqa: F401  (it registers a check)
        from curation.results import store as results
        from curation.shared import private_files, species_counts
        from proteins import hooks

        hooks.register(history=record_history.history, open_reports=record_history.open_reports)
        hooks.register_under_review(record_history.interactions_under_review)
        hooks.register_home(
            newest_changes=newest_changes.newest_changes,
            publication_counts=species_counts.publication_counts,
        )
        hooks.register_page_keys(page_keys.page_keys)
        hooks.register_results(results.DatabaseResults())
        content_state.register()
        # After Django's own, which makes the permissions: its app comes earlier.
        post_migrate.connect(set_roles_after_migrate, sender=self)
        private_files.register()
