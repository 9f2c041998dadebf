"""The language of the task at hand.

Law: a locale chosen for a block belongs to its task; everywhere else the configuration's holds.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from velocious import current
from velocious.errors import CurrentConfigurationNotSetError

if TYPE_CHECKING:
    from collections.abc import Generator

DEFAULT = "en"

_chosen: ContextVar[str | None] = ContextVar("velocious_locale", default=None)


@contextmanager
def use_locale(locale: str) -> Generator[None]:
    """Speak *locale* (``"de"``, ``"pt-BR"``) in the block, and in the tasks started in it."""
    token = _chosen.set(locale)
    try:
        yield
    finally:
        _chosen.reset(token)


def current_locale() -> str:
    """The locale of the block, or else of the configuration."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    try:
        return current.configuration().locale
    except CurrentConfigurationNotSetError:
        return DEFAULT


def locale_chain(locale: str) -> tuple[str, ...]:
    """*locale* and those to ask after it: ``locale_fallbacks[locale]`` of the configuration where
    that says something, or else the language without its region, and the configuration's locale.
    """
    try:
        configuration = current.configuration()
    except CurrentConfigurationNotSetError:
        return tuple(dict.fromkeys((locale, locale.split("-")[0], DEFAULT)))
    fallbacks = configuration.locale_fallbacks.get(locale)
    if fallbacks is not None:
        return tuple(dict.fromkeys((locale, *fallbacks)))
    return tuple(dict.fromkeys((locale, locale.split("-")[0], configuration.locale)))
