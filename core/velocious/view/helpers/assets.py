"""Files of ``web/``, by an address that changes with their content."""

from __future__ import annotations

from urllib.parse import quote

from velocious.asset_digests import FOLDER, AssetDigests
from velocious.errors import RenderError, suggestion
from velocious.view.rendering import current_rendering


def asset_path(name: str) -> str:
    """``asset_path("app.css")`` → ``/app.css?v=<16 digits>``, which browsers may keep for good;
    below the path that the application is served at.

    Where the application has no folder ``web/`` (inside a browser) it is the address alone.

    Raises:
        RenderError: there is no such file.
    """
    files = current_rendering().configuration.files
    digests = AssetDigests(files)
    below = name.lstrip("/")
    path = f"{FOLDER}/{below}"
    is_inside = ".." not in below.split("/")
    if (is_inside and digests.digest(path) is not None) or not files.list(FOLDER):
        return _root() + digests.address(below)
    folder, _, last = path.rpartition("/")
    raise RenderError(
        f"There is no file {path}. {suggestion(last, files.list(folder))} Assets lie in {FOLDER}/."
    )


def app_path(path: str) -> str:
    """``app_path("about.html")`` → ``/about.html``, or ``/below/about.html`` where the application
    is served below a path. For what no route has a helper for.
    """
    return f"{_root()}/{path.lstrip('/')}"


def _root() -> str:
    return quote(current_rendering().root_path)
