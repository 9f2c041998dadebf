"""Models whose rows are with a backend, whatever database their classes name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.configuration.configuration import Configuration
    from velocious.database.configured_databases import ConfiguredDatabases
    from velocious.frontend_model.backend import Backend
    from velocious.record.record import Record


def find_backend(
    databases: ConfiguredDatabases, backend: str | Mapping[str, Any], options: dict[str, Any]
) -> Backend:
    """The backend called *backend*, or a new one at that address, or with those settings.

    Raises:
        ConfigurationError: there is no such backend, or its options make no sense.
    """
    if isinstance(backend, str):
        known = None if options else databases.backends.get(backend)
        if known is not None:
            return known
        if "/" not in backend:
            raise _unknown(backend, databases.backends)
        backend = {"backend": backend}
    identifier = str(options.pop("identifier", backend.get("backend")))
    return databases.add_backend(identifier, {**backend, **options})


def give_home(
    configuration: Configuration, models: Iterable[str | type[Record]], backend: Backend
) -> None:
    """Let *backend* keep the rows of *models*, which are classes or their names."""
    for model in models:
        name = model if isinstance(model, str) else model.__name__
        configuration.remote_models[name] = backend
        known = configuration.models.names().get(model) if isinstance(model, str) else model
        if known is not None:
            # What was read of another home is not true of this one.
            known._definition.schema = None


def _unknown(name: str, known: Iterable[str]) -> ConfigurationError:
    return ConfigurationError(
        f"There is no backend {name!r}. {suggestion(name, known)} Name "
        'it in Configuration(databases={"…": {"backend": "https://…"}}), or give its '
        "address."
    )
