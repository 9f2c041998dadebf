"""The web app manifest: what it says when nobody says anything, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.test_browser_assets import needs_runtime
from tests.node.test_offline_assets import a_client, an_application, settings_of, shop
from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from pathlib import Path

    from velocious.configuration import Configuration

__all__ = ["shop"]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\xc0\x00\x00\x00\xc0"


async def manifest_of(configuration: Configuration, prefix: str = "") -> dict[str, Any]:
    async with a_client(configuration, prefix) as client:
        answer = await client.get(f"{prefix}/velocious/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    return json.loads(answer.text)


async def test_it_says_what_the_application_is_without_being_told(shop: Path) -> None:
    (shop / "web/icon.svg").write_text("<svg/>")
    (shop / "web/icon-192.png").write_bytes(PNG)
    assert await manifest_of(an_application(shop), "/below") == {
        "id": "/below/",
        "name": "Shop",
        "short_name": "Shop",
        "start_url": "/below/",
        "scope": "/below/",
        "display": "standalone",
        "background_color": "#ffffff",
        "icons": [
            {"src": "/below/icon.svg", "type": "image/svg+xml", "sizes": "any"},
            {"src": "/below/icon-192.png", "type": "image/png", "sizes": "192x192"},
        ],
    }


async def test_it_says_what_the_configuration_says(shop: Path) -> None:
    (shop / "web/cut.png").write_bytes(PNG)
    install = {
        "title": "The shop",
        "short_title": "Shop",
        "description": "Sells things.",
        "start": "/posts/1",
        "display": "minimal-ui",
        "theme_color": "#123456",
        "background_color": "#000000",
        "icons": [],
        "maskable_icons": ["cut.png"],
    }
    icon = {"src": "/cut.png", "type": "image/png", "sizes": "192x192", "purpose": "maskable"}
    assert await manifest_of(an_application(shop, install=install)) == {
        "id": "/",
        "name": "The shop",
        "short_name": "Shop",
        "description": "Sells things.",
        "start_url": "/posts/1",
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": "#123456",
        "background_color": "#000000",
        "icons": [icon],
    }


async def test_an_icon_that_is_not_there_is_named(shop: Path) -> None:
    async with a_client(an_application(shop, install={"icons": ["none.svg"]})) as client:
        answer = await client.get("/velocious/manifest.webmanifest")
    assert answer.status_code == 503
    assert "'none.svg' of install={…} is not in web/" in answer.json()["error"]["message"]


def test_what_makes_no_sense_is_refused(shop: Path) -> None:
    with pytest.raises(UnknownOptionError, match="colour"):
        an_application(shop, install={"colour": "#fff"})
    with pytest.raises(ConfigurationError, match="'window'} is no way to show an application"):
        an_application(shop, install={"display": "window"})
    with pytest.raises(ConfigurationError, match="'posts'} is no path"):
        an_application(shop, install={"start": "posts"})


@needs_runtime
async def test_the_browser_keeps_it_and_a_change_makes_a_new_version(shop: Path) -> None:
    versions: set[str] = set()
    for title in ("One", "Two"):
        async with a_client(an_application(shop, install={"title": title})) as client:
            settings = await settings_of(client)
        assert "/velocious/manifest.webmanifest" in settings["fresh"]
        versions.add(settings["version"])
    assert len(versions) == 2
