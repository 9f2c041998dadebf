"""Where messages come from: a port, and a catalogue of plain tables.

Law: a key is a path of names (``("errors", "blank")``); what one locale does not say, the next one
of its chain does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

from velocious import current
from velocious.errors import ConfigurationError, CurrentConfigurationNotSetError
from velocious.translation.english import ENGLISH
from velocious.translation.locale import current_locale, locale_chain
from velocious.translation.plural import plural_form

if TYPE_CHECKING:
    from collections.abc import Sequence

type Key = tuple[str, ...]


class Messages(Protocol):
    """What an application's own source of messages does."""

    def message(self, locale: str, key: Key, count: float | None) -> str | None:
        """The text of *key* in *locale* for *count* of something, None where there is none."""
        ...


class Catalogue:
    """Messages out of a table per locale, as it stands in a JSON file::

        Catalogue({"de": {"errors": {"blank": "muss ausgefüllt werden"}}})

    Raises:
        ConfigurationError: for a table that holds anything but text and tables.
    """

    def __init__(self, tables: Mapping[str, Any] | None = None) -> None:
        self._tables: dict[str, Mapping[str, Any]] = {}
        for locale, table in (tables or {}).items():
            _check(table, (locale,))
            self._tables[locale] = table

    def message(self, locale: str, key: Key, count: float | None) -> str | None:
        found = _walk(self._tables.get(locale), key)
        if found is None and locale == "en":
            found = _walk(ENGLISH, key)
        if isinstance(found, Mapping):
            forms = cast("Mapping[str, Any]", found)
            form = "other" if count is None else plural_form(locale, count)
            found = forms.get(form, forms.get("other"))
        return found if isinstance(found, str) else None


ENGLISH_ONLY = Catalogue()


def find_message(keys: Sequence[Key], count: Any = None) -> str | None:
    """The first of *keys* that the current locale has, or else the next locale of its chain;
    English in the end.
    """
    try:
        messages: Messages = current.configuration().messages
    except CurrentConfigurationNotSetError:
        messages = ENGLISH_ONLY
    number = count if isinstance(count, int | float) else None
    for locale in dict.fromkeys((*locale_chain(current_locale()), "en")):
        for key in keys:
            text = messages.message(locale, key, number)
            if text is not None:
                return text
    return next(filter(None, (ENGLISH_ONLY.message("en", key, number) for key in keys)), None)


def as_messages(given: Messages | Mapping[str, Any] | None) -> Messages:
    """*given*, or the catalogue of the tables it is."""
    return Catalogue(given) if given is None or isinstance(given, Mapping) else given


def _walk(table: Any, key: Key) -> Any:
    for name in key:
        if not isinstance(table, Mapping):
            return None
        table = cast("Mapping[str, Any]", table).get(name)
    return table


def _check(table: Any, path: Key) -> None:
    if isinstance(table, str) and len(path) > 1:
        return
    if not isinstance(table, Mapping):
        raise ConfigurationError(
            f"The messages at {'.'.join(path)!r} are {table!r}. They take text, or a table of "
            'texts by name: {"de": {"errors": {"blank": "muss ausgefüllt werden"}}}.'
        )
    for name, inner in cast("Mapping[str, Any]", table).items():
        _check(inner, (*path, name))
