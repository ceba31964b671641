from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "curation"

    def ready(self) -> None:
        from curation import public, state
        from proteins import extensions

        extensions.register(history=public.history, open_reports=public.open_reports)
        state.register()
