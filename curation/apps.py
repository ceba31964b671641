from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "curation"

    def ready(self) -> None:
        from curation import public, public_changes, state
        from curation.reports import deployment  # noqa: F401  (it registers a check)
        from proteins import hooks

        hooks.register(history=public.history, open_reports=public.open_reports)
        hooks.register_under_review(public.interactions_under_review)
        hooks.register_home(
            newest_changes=public_changes.newest_changes,
            publication_counts=public_changes.publication_counts,
        )
        state.register()
