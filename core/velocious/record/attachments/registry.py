"""``Configuration(attachments={…})``: the storages of an application, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConfigurationError, UnknownOptionError, suggestion
from velocious.record.attachments.storage import STORAGE_METHODS

if TYPE_CHECKING:
    from datetime import timedelta

    from velocious.configuration import Configuration
    from velocious.record.attachments.storage import Storage
    from velocious.record.attachments.sweep import Swept

#: Driver → its options.
DRIVERS = {"files": ("directory", "base_url"), "database": ("database", "base_url")}

EXAMPLE = 'Configuration(attachments={"files": {"driver": "files", "directory": "storage"}})'


class Attachments:
    """The storages that a configuration names.

    ``{"default": "files", "files": {"driver": "files", "directory": "storage"}}``: a name leads to
    a mapping, or to any object that is a :class:`velocious.record.attachments.storage.Storage`.
    ``"default"`` names the one that is used where a declaration says nothing; a single storage
    needs none.

    Raises:
        UnknownOptionError: for a key that nobody reads, with close matches.
    """

    def __init__(self, configuration: Configuration, given: Mapping[str, Any]) -> None:
        self._configuration = configuration
        self._given = {name: value for name, value in given.items() if name != "default"}
        for name, value in self._given.items():
            _check(name, value)
        self._default: Any = given.get("default")
        if self._default is not None and self._default not in self._given:
            raise ConfigurationError(
                f"attachments has the default {self._default!r}, which it does not name. "
                f"{suggestion(str(self._default), self._given)}"
            )
        self._made: dict[str, Storage] = {}

    def names(self) -> list[str]:
        """The names of the storages."""
        return list(self._given)

    def default_name(self) -> str:
        """The storage of declarations that name none. Raises ConfigurationError."""
        if self._default is not None:
            return self._default
        if len(self._given) == 1:
            return next(iter(self._given))
        if not self._given:
            raise ConfigurationError(f"There is no storage for attachments. Name one: {EXAMPLE}.")
        raise ConfigurationError(
            f"attachments names {', '.join(self._given)}, but not which of them is meant. Add "
            '"default": "…", or declare has_one_attachment(storage="…").'
        )

    def storage(self, name: str | None = None) -> Storage:
        """The storage called *name*, or the default one. Raises ConfigurationError."""
        wanted = name or self.default_name()
        if wanted not in self._given:
            raise ConfigurationError(
                f"There is no storage {wanted!r} for attachments. "
                f"{suggestion(wanted, self._given)} Name it: {EXAMPLE}."
            )
        if wanted not in self._made:
            self._made[wanted] = self._make(self._given[wanted])
        return self._made[wanted]

    async def sweep(self, *, older_than: timedelta, dry_run: bool = False) -> list[Swept]:
        """Remove stored files that no record has and that are older than *older_than*; which they
        were (would be, with *dry_run*).
        """
        from velocious.record.attachments.sweep import sweep

        return await sweep(self._configuration, self, older_than=older_than, dry_run=dry_run)

    def _make(self, given: Any) -> Storage:
        if not isinstance(given, Mapping):
            return given
        options = {**cast("Mapping[str, Any]", given)}
        if options.pop("driver") == "database":
            from velocious.record.attachments.database_storage import DatabaseStorage

            return DatabaseStorage(**options)
        from velocious.record.attachments.file_storage import FileStorage

        configuration = self._configuration
        directory = options.pop("directory", f"storage/{configuration.environment}")
        files = configuration.environment_handler.byte_files(configuration.directory)
        return FileStorage(files, directory, **options)


def _check(name: str, given: Any) -> None:
    if not isinstance(given, Mapping):
        missing = [one for one in STORAGE_METHODS if not callable(getattr(given, one, None))]
        if missing:
            raise ConfigurationError(
                f"attachments[{name!r}] is {given!r}, which is no storage: it has no "
                f"{', '.join(missing)}. Give a mapping with a driver, such as {EXAMPLE}."
            )
        return
    options = cast("Mapping[str, Any]", given)
    driver = options.get("driver")
    if driver not in DRIVERS:
        raise UnknownOptionError(f"attachments[{name!r}]['driver']", str(driver), DRIVERS)
    for option in options:
        if option not in ("driver", *DRIVERS[driver]):
            raise UnknownOptionError(f"attachments[{name!r}]", option, ("driver", *DRIVERS[driver]))
