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
    if document["app"] is None:
        return Description(_boot(document, root), None, shell, manifest, frozenset())
    settings = offline_settings(configuration, document, runtime, snapshot, web, root)
    settings |= told or {}
    if uses_pyscript or snapshot.uses_pyscript:
        settings["files"] |= _pyscript(document, runtime)
    version = settings["version"] = version_of(settings, shell, manifest)
    boot = _boot(document, root, version, root + script)
    texts = {"boot.json": boot, SHELL: shell, MANIFEST: manifest}
    settings["fresh"] = {
        f"{root}{PLACE}{name}": integrity_of(text.encode()) for name, text in texts.items()
    }
    script_text = service_worker_script(settings, scripts)
    return Description(boot, script_text, shell, manifest, _kept(settings, scripts))


def _boot(
    document: Mapping[str, Any], root: str, version: str | None = None, script: str | None = None
) -> str:
    """``boot.json`` of the application at *root*; *script* is that of its service worker."""
    worker = None if script is None else {"url": script, "scope": f"{root}/"}
    return json.dumps({**document, "prefix": root, "version": version, "serviceWorker": worker})


def _pyscript(document: Mapping[str, Any], runtime: RuntimeFolder) -> dict[str, str]:
    """The files of PyScript, address → integrity."""
    base: str = document["runtime"]["base"]
    return {
        base + name: integrity_of_digest(runtime.sha256(name)) for name in pyscript_files(runtime)
    }


def _kept(settings: Mapping[str, Any], scripts: Scripts) -> frozenset[str]:
    modules = [settings["js"] + name for name in scripts.kept]
    web = [settings["root"] + path for path in settings["web"]]
    return frozenset([*settings["files"], *modules, *settings["fresh"], *web])
