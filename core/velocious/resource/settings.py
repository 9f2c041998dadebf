"""``ResourceSettings``: what ``Configuration(frontend_models={…})`` says about the endpoint.

Law: an unknown key raises, and every limit has a number.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.controller.controller import Controller

PATH = "/frontend-models"
PLACES = ("server", "browser", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSettings:
    """Where clients ask for what resources expose, and how much at a time.

    Attributes:
        path: of the endpoint that takes batches. Uploads and downloads of single records lie beside
            it: with ``"/api/frontend-models"`` at ``/api/tasks/attach``.
        on: where it is answered: ``"server"``, ``"browser"`` (by the application in the page) or
            ``"both"``.
        controller: a controller of yours, whose filters, sessions and settings the endpoint gets.
        batch: commands of one request.
        depth: arrays and objects inside of each other, in one request.
        conditions: conditions, sort keys and the like of one query, those of its sub-queries too.
        values: values that one attribute is compared with.
        path_length: relationships of one path.
        body_limit: bytes of a request without a file.
        upload_limit: bytes of a request that brings a file.
    """

    path: str = PATH
    on: str = "server"
    controller: type[Controller] | None = None
    batch: int = 100
    depth: int = 32
    conditions: int = 100
    values: int = 1000
    path_length: int = 6
    body_limit: int = 1024 * 1024
    upload_limit: int = 32 * 1024 * 1024


OPTIONS = tuple(one.name for one in fields(ResourceSettings))
_NUMBERS = ("batch", "depth", "conditions", "values", "path_length", "body_limit", "upload_limit")


def parse_resource_settings(
    given: Mapping[str, Any] | ResourceSettings | None,
) -> ResourceSettings:
    """Settings from ``Configuration(frontend_models=…)``.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    settings = given if isinstance(given, ResourceSettings) else _settings(dict(given or {}))
    for name in _NUMBERS:
        value = getattr(settings, name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ConfigurationError(
                f"frontend_models[{name!r}] is {value!r}; give a whole number above 0."
            )
    if not settings.path.startswith("/") or len(settings.path) < 2 or "{" in settings.path:
        raise ConfigurationError(
            f"frontend_models['path'] is {settings.path!r}; give a path like {PATH!r}."
        )
    if settings.on not in PLACES:
        raise ConfigurationError(
            f"frontend_models['on'] is {settings.on!r}; give one of {', '.join(PLACES)}."
        )
    return settings


def _settings(options: dict[str, Any]) -> ResourceSettings:
    for name in options:
        if name not in OPTIONS:
            raise UnknownOptionError("Configuration(frontend_models={…})", name, OPTIONS)
    return ResourceSettings(**options)
