"""``InstallSettings``: how an application looks that a person installed from the browser.

Law: an unknown key raises; what is left out is found out from the application itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DISPLAYS = ("standalone", "minimal-ui", "fullscreen", "browser")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallSettings:
    """What the web app manifest says.

    Attributes:
        title: the name under the icon; the application's name in words by default.
        short_title: where there is little room; the title by default.
        description: a sentence for the dialog of the browser.
        start: the path that is opened first, below the one that the application is served at.
        display: ``"standalone"`` (a window of its own), ``"minimal-ui"``, ``"fullscreen"`` or
            ``"browser"``.
        theme_color: of the window's frame; None leaves it to the browser.
        background_color: behind the first page while it loads.
        icons: files of ``web/``, SVG or PNG; ``icon.svg``, ``icon-192.png`` and ``icon-512.png`` by
            default, as far as they are there.
        maskable_icons: those whose picture reaches the edges, so that a system may cut them round.
    """

    title: str | None = None
    short_title: str | None = None
    description: str | None = None
    start: str = "/"
    display: str = "standalone"
    theme_color: str | None = None
    background_color: str = "#ffffff"
    icons: Sequence[str] | None = None
    maskable_icons: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.display not in DISPLAYS:
            raise ConfigurationError(
                f"install={{'display': {self.display!r}}} is no way to show an application: it is "
                f"one of {', '.join(DISPLAYS)}."
            )
        if not self.start.startswith("/"):
            raise ConfigurationError(
                f"install={{'start': {self.start!r}}} is no path. Write it like `/board`."
            )


def parse_install_settings(given: Mapping[str, Any] | InstallSettings | None) -> InstallSettings:
    """The settings that *given* stands for. Raises UnknownOptionError for an unknown key."""
    if isinstance(given, InstallSettings):
        return given
    known = [field.name for field in fields(InstallSettings)]
    for key in given or {}:
        if key not in known:
            raise UnknownOptionError("Configuration(install={…})", key, known)
    return InstallSettings(**(given or {}))


def title_of(name: str) -> str:
    """A name in words: ``field-notes`` is "Field notes"."""
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[:1].upper() + words[1:]
