"""The service worker's script, and the page that it shows while Python starts.

Law: the script lists what the browser may answer and keep, and changes whenever any of that does:
a browser installs it anew exactly then.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from velocious_node.browser.browser_routes import browser_routes
from velocious_node.browser.integrity import integrity_of, integrity_of_digest
from velocious_node.browser.web_manifest import MANIFEST
from velocious_node.browser.zip_archive import content_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from velocious.configuration import Configuration
    from velocious_node.browser.runtime_folder import RuntimeFolder
    from velocious_node.browser.scripts import Scripts
    from velocious_node.browser.snapshot import Snapshot

SCRIPT = "service_worker.mjs"
SHELL = "shell.html"
#: What the page's script consists of.
SHELL_MODULES = ("page/shell.mjs", "client.mjs")
REACHABLE = "reachable"
#: Environments whose files change all the time: a new version is used at once, and nobody is asked.
AT_ONCE = frozenset({"development", "test"})

_STYLE = (
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "main{max-width:40rem;margin:12vh auto;padding:0 1.5rem}"
    "progress{width:100%;height:.5rem;accent-color:#5b4be0}"
)


def offline_settings(
    configuration: Configuration,
    document: Mapping[str, Any],
    runtime: RuntimeFolder,
    snapshot: Snapshot,
    web: Mapping[str, str],
    root: str,
) -> dict[str, Any]:
    """What the service worker is told.

    Arguments:
        document: ``boot.json``.
        web: the application's own files, path → integrity.
        root: the path that the application is served below.
    """
    return {
        "appId": document["appId"],
        "root": root,
        "js": document["js"],
        "files": dict(_files(document, runtime, snapshot)),
        "fresh": {},
        "web": dict(web),
        "asks": configuration.environment not in AT_ONCE,
        "routes": browser_routes(configuration, snapshot.application_names),
        "policy": configuration.http.content_security_policy,
    }


def _files(
    document: Mapping[str, Any], runtime: RuntimeFolder, snapshot: Snapshot
) -> Iterator[tuple[str, str]]:
    """What never changes below its address, with its integrity."""
    base = document["runtime"]["base"]
    for file in document["runtime"]["files"].values():
        yield base + file["path"], integrity_of_digest(runtime.sha256(file["path"]))
    for archive in document["archives"]:
        url = archive["url"]
        if url.startswith(base):
            path = url.removeprefix(base).partition("?")[0]
            yield url, integrity_of_digest(runtime.sha256(path))
        else:
            yield url, integrity_of(snapshot.own[archive["name"]].content)
    if snapshot.application is not None:
        yield document["app"]["url"], integrity_of(snapshot.application.content)


def version_of(settings: Mapping[str, Any], *pages: str) -> str:
    """Changes with anything that the browser keeps."""
    return content_digest({"": json.dumps([settings, *pages], sort_keys=True).encode()})


def service_worker_script(settings: Mapping[str, Any], scripts: Scripts) -> str:
    """The script; it imports the rest from an address that changes with the content."""
    # The modules themselves are kept, too, for the pages of a time without a network.
    modules = {settings["js"] + name: integrity_of(scripts.modules[name]) for name in scripts.kept}
    told = {**settings, "files": {**settings["files"], **modules}}
    return (
        f'import {{ run }} from "{settings["js"]}service_worker/main.mjs";\n\n'
        f"run({json.dumps(told, indent=1)});\n"
    )


def shell_page(name: str, root: str, js: str) -> str:
    """The page that starts Python; what it shows then comes from the application itself.

    Its modules of today, below *js*, are fetched at once, not each when the one before names it.
    """
    place = escape(f"{root}/velocious/")
    ahead = "".join(
        f'<link rel="modulepreload" href="{escape(js + module)}">\n' for module in SHELL_MODULES
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(name)}</title>\n<link rel="icon" href="data:,">\n'
        f'<link rel="manifest" href="{place}{MANIFEST}">\n<style>{_STYLE}</style>\n'
        f'{ahead}<script type="module" src="{place}page/shell.mjs"></script>\n</head>\n<body>\n'
        '<main aria-live="polite">\n<p id="velocious-step">Starting</p>\n'
        '<progress id="velocious-progress" aria-labelledby="velocious-step"></progress>\n'
        '<p id="velocious-retry" hidden><a href="">Try again</a></p>\n</main>\n</body>\n</html>\n'
    )
