"""The web app manifest: what a browser shows of an application that a person installs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError
from velocious.install_settings import title_of
from velocious_node.browser.boot import application_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from velocious.configuration import Configuration

MANIFEST = "manifest.webmanifest"
USUAL_ICONS = ("icon.svg", "icon-192.png", "icon-512.png")
PNG = b"\x89PNG\r\n\x1a\n"


def web_manifest(configuration: Configuration, web: Mapping[str, bytes], root: str) -> str:
    """The manifest of the application at the path *root*.

    Arguments:
        web: the beginning of each icon there is, by its name below ``web/``.

    Raises:
        ConfigurationError: an icon that is not there, or of another kind.
    """
    settings = configuration.install
    title = settings.title or title_of(application_id(configuration))
    told: dict[str, Any] = {
        "id": f"{root}/",
        "name": title,
        "short_name": settings.short_title or title,
        "start_url": root + settings.start,
        "scope": f"{root}/",
        "display": settings.display,
        "background_color": settings.background_color,
        "icons": list(_icons(configuration, web, root)),
    }
    if settings.theme_color is not None:
        told["theme_color"] = settings.theme_color
    if settings.description is not None:
        told["description"] = settings.description
    return json.dumps(told)


def icon_names(configuration: Configuration) -> tuple[str, ...]:
    """The files of ``web/`` that the manifest may name."""
    settings = configuration.install
    return (*(USUAL_ICONS if settings.icons is None else settings.icons), *settings.maskable_icons)


def _icons(
    configuration: Configuration, web: Mapping[str, bytes], root: str
) -> Iterator[dict[str, str]]:
    settings = configuration.install
    usual = [name for name in USUAL_ICONS if name in web]
    for name in usual if settings.icons is None else settings.icons:
        yield _icon(name, web, root)
    for name in settings.maskable_icons:
        yield {**_icon(name, web, root), "purpose": "maskable"}


def _icon(name: str, web: Mapping[str, bytes], root: str) -> dict[str, str]:
    content = web.get(name)
    if content is None:
        raise ConfigurationError(
            f"The icon {name!r} of install={{…}} is not in web/. Put it there, or leave it out."
        )
    src = f"{root}/{name}"
    if name.endswith(".svg"):
        return {"src": src, "type": "image/svg+xml", "sizes": "any"}
    if not content.startswith(PNG):
        raise ConfigurationError(
            f"The icon {name!r} of install={{…}} is neither SVG nor PNG. Browsers take those."
        )
    # The first chunk of a PNG is its header, which begins with width and height.
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    return {"src": src, "type": "image/png", "sizes": f"{width}x{height}"}
