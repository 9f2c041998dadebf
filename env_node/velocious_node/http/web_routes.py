"""What a server answers besides the application's own routes, in order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from velocious.asset_digests import AssetDigests
from velocious_node.browser.assets import routes as browser_routes
from velocious_node.http.static_files import StaticFiles

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from velocious.configuration import Configuration


def web_routes(configuration: Configuration) -> list[BaseRoute]:
    """The browser's side of the application, and the files of its ``web/`` folder."""
    if configuration.directory is None:
        return []
    folder = os.path.join(os.path.abspath(configuration.directory), "web")
    return [*browser_routes(configuration), StaticFiles(folder, AssetDigests(configuration.files))]
