from django.apps import AppConfig


class ProteinsConfig(AppConfig):
    name = "proteins"

    def ready(self) -> None:
        from proteins.limits import rates  # noqa: F401  (registers a check)
        from proteins.models import lookups  # noqa: F401  (registers the `prefix` lookup)
        from proteins.models.trigrams import set_after_migrate

        set_after_migrate(self)
