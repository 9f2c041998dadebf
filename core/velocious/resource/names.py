"""What attributes are called on the way: ``created_at`` here is ``createdAt`` to JavaScript."""

from __future__ import annotations

from functools import lru_cache

from velocious.naming import camelize, pluralize, underscore


@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    """``"created_at"`` → ``"createdAt"``; what begins with an underscore stays as it is."""
    if "_" not in name.lstrip("_"):
        return name
    words = camelize(name.lstrip("_"))
    return name[: len(name) - len(name.lstrip("_"))] + words[:1].lower() + words[1:]


@lru_cache(maxsize=4096)
def resource_path(model: str) -> str:
    """Where commands of *model* lie: ``"ProjectDetail"`` → ``"/project-details"``."""
    return "/" + underscore(pluralize(underscore(model))).replace("_", "-")


@lru_cache(maxsize=4096)
def command_name(given: str) -> str:
    """The method that a client means: ``"archiveAll"`` and ``"archive-all"`` are
    ``"archive_all"``.
    """
    return underscore(given.replace("-", "_"))
