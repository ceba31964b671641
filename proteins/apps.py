from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from proteins.hooks import Tallies


def _tallies(*args: Any) -> Tallies | None:
    # Here, because it loads NumPy, which commands do without.
    from proteins.analysis import tallies

    return tallies.read(*args)


class ProteinsConfig(AppConfig):
    name = "proteins"

    def ready(self) -> None:
        from proteins import hooks
        from proteins.limits import rates  # noqa: F401  (registers a check)
        from proteins.models import lookups  # noqa: F401  (registers the `prefix` lookup)
        from proteins.models.trigrams import set_after_migrate

        set_after_migrate(self)
        hooks.register_tallies(_tallies)
