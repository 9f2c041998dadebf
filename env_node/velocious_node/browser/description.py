"""What the pages and the service worker of an application are told, for the place it is served at.

Law: a server and a folder of files tell the same; they differ only in what is said of the server.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from velocious_node.browser.boot import application_id, boot_document
from velocious_node.browser.integrity import integrity_of, integrity_of_digest
from velocious_node.browser.offline import (
    SCRIPT,
    SHELL,
    offline_settings,
    service_worker_script,
    shell_page,
    version_of,
)
from velocious_node.browser.pyscript_files import pyscript_files
from velocious_node.browser.web_manifest import MANIFEST, web_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.configuration import Configuration
    from velocious_node.browser.runtime_folder import RuntimeFolder
    from velocious_node.browser.scripts import Scripts
    from velocious_node.browser.snapshot import Snapshot

PLACE = "/velocious/"


@dataclass(frozen=True, slots=True)
class Description:
    """What is told.

    Attributes:
        boot: ``boot.json``, as text.
        service_worker: the script; None where the browser gets no application.
        shell: the page that starts Python.
        manifest: the web app manifest, as text.
        kept: the addresses that a browser keeps after its first visit.
    """

    boot: str
    service_worker: str | None
    shell: str
    manifest: str
    kept: frozenset[str]


def describe(
    configuration: Configuration,
    runtime: RuntimeFolder,
    snapshot: Snapshot,
    scripts: Scripts,
    web: Mapping[str, str],
    icons: Mapping[str, bytes],
    *,
    root: str,
    script: str = PLACE + SCRIPT,
    environment: str | None = None,
    uses_pyscript: bool = False,
    told: Mapping[str, Any] | None = None,
) -> Description:
    """What is told of the application at the path *root*.

    Arguments:
        web: the files of ``web/`` that a browser keeps, path → integrity.
        script: where the service worker's script is, below *root*.
        icons: the beginning of each icon there is, by its name below ``web/``.
        environment: the one that the application runs in there; its own by default.
        uses_pyscript: a page in ``web/`` loads PyScript.
        told: what the service worker is told besides.
    """
    document = boot_document(configuration, runtime, snapshot, scripts, root + PLACE)
    document["environment"] = environment or configuration.environment
    shell = shell_page(application_id(configuration), root, document["js"])
    manifest = web_manifest(configuration, icons, root)
    settings: dict[str, Any] | None = None
    if document["app"] is not None:
        settings = {
            **offline_settings(configuration, document, runtime, snapshot, web, root),
            **(told or {}),
        }
        if uses_pyscript or snapshot.uses_pyscript:
            base: str = document["runtime"]["base"]
            settings["files"] |= {
                base + name: integrity_of_digest(runtime.sha256(name))
                for name in pyscript_files(runtime)
            }
        settings["version"] = version_of(settings, shell, manifest)
    boot = json.dumps(
        {
            **document,
            "prefix": root,
            "version": settings and settings["version"],
            "serviceWorker": settings and {"url": root + script, "scope": f"{root}/"},
        }
    )
    if settings is None:
        return Description(boot, None, shell, manifest, frozenset())
    place = root + PLACE
    settings["fresh"] = {
        f"{place}boot.json": integrity_of(boot.encode()),
        f"{place}{SHELL}": integrity_of(shell.encode()),
        f"{place}{MANIFEST}": integrity_of(manifest.encode()),
    }
    script_text = service_worker_script(settings, scripts)
    return Description(boot, script_text, shell, manifest, _kept(settings, scripts))


def _kept(settings: Mapping[str, Any], scripts: Scripts) -> frozenset[str]:
    modules = [settings["js"] + name for name in scripts.kept]
    web = [settings["root"] + path for path in settings["web"]]
    return frozenset([*settings["files"], *modules, *settings["fresh"], *web])
