"""Everything that a browser can get of an application, as files: what ``web:manifest`` lists and
``web:build`` writes.

Law: what is not in a :class:`Site` is on no web server; nothing is added on the way to the disk.
The same application gives the same bytes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from velocious.errors import ConfigurationError
from velocious_node.browser.boot import application_id
from velocious_node.browser.description import describe
from velocious_node.browser.devtools import PAGE, devtools_page, has_devtools
from velocious_node.browser.offline import SHELL
from velocious_node.browser.runtime_folder import RuntimeFolder
from velocious_node.browser.scripts import TYPES, leading_module, read_scripts
from velocious_node.browser.site_pages import NOT_FOUND, marked, page_files, site_pages
from velocious_node.browser.snapshot import Archive, take_snapshot
from velocious_node.browser.squeezing import SUFFIXES, squeezed
from velocious_node.browser.web_files import WebFiles, web_addresses
from velocious_node.browser.web_manifest import MANIFEST, icon_names
from velocious_node.browser.withheld import TELLING, refuse_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from velocious.configuration import Configuration
    from velocious_node.browser.description import Description
    from velocious_node.browser.snapshot import Snapshot

#: At the root of the site: a server that sends no header of its own allows no wider scope.
WORKER = "velocious-worker.mjs"
#: Names that pages write; each leads to the file of today.
STABLE_MODULES = (
    "client.mjs",
    "interpreter.mjs",
    "page.mjs",
    "page/shell.mjs",
    "pyscript.mjs",
    "rescue.mjs",
    "storage_badge.mjs",
    "use_velocious.mjs",
)
#: Where the developer tools are among the files.
DEVTOOLS_MODULES = ("devtools/page.mjs", "devtools/panel.mjs")
STABLE_FILES = {
    "pyscript/core.js": 'export * from "{}";\n',
    "pyscript/core.css": '@import url("{}");\n',
}
GROUPS = ("pages", "application", "velocious", "runtime", "libraries", "javascript", "web")
FOLDER = "velocious/"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file.

    Attributes:
        path: below the root of the site (``"velocious/boot.json"``).
        group: one of GROUPS.
        squeezed: what is sent in its place, by coding (``"br"``, ``"gzip"``).
        first_visit: whether every browser fetches it when it is there for the first time.
    """

    path: str
    group: str
    content: bytes
    squeezed: Mapping[str, bytes]
    first_visit: bool

    @property
    def sent(self) -> int:
        """The bytes that a browser which takes every coding is sent."""
        return min([len(self.content), *map(len, self.squeezed.values())])

    def siblings(self) -> Iterator[tuple[str, bytes]]:
        """The file and its squeezed ones, by their paths."""
        yield self.path, self.content
        for coding, content in self.squeezed.items():
            yield self.path + SUFFIXES[coding], content


class Site:
    """The files of an application below the path *root*.

    Arguments:
        root: ``""``, or the path that the site is served below (``"/app"``).
        environment: the one that the application runs in there; its own by default.
        pages: the paths that are answered at a first visit; all that have no parameters by default.

    Raises:
        ConfigurationError: the application may not be sent as it is.
        RuntimeMissingError: there is no browser runtime.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        root: str = "",
        environment: str | None = None,
        pages: Iterable[str] | None = None,
    ) -> None:
        self._configuration = configuration
        self._root = root
        self._environment = environment or configuration.environment
        self._runtime = RuntimeFolder()
        self._devtools = has_devtools(configuration, self._environment)
        self._scripts = read_scripts(devtools=self._devtools)
        self._snapshot = _snapshot(configuration, self._runtime)
        self._web = WebFiles(os.path.join(os.path.abspath(configuration.directory or "."), "web"))
        self._web_contents = self._web.contents()
        refuse_secrets(
            configuration,
            {f"web/{name}": content for name, content in self._web_contents.items()},
            "which everybody may read",
            shortest=TELLING,
        )
        self._description = self._describe()
        self.pages = (
            site_pages(configuration, self._snapshot.application_names, pages)
            if self._snapshot.application is not None
            else []
        )
        self.files = sorted(self._all(), key=lambda file: (GROUPS.index(file.group), file.path))

    def _describe(self) -> Description:
        kept = self._web.paths()
        served = {address for name in self._web_contents for address in web_addresses(name)}
        told = {
            "alone": True,
            "left": sorted(served - kept.keys()),
            # A new version waits for the person, whatever the environment it was built in.
            "asks": True,
        }
        return describe(
            self._configuration,
            self._runtime,
            self._snapshot,
            self._scripts,
            kept,
            self._web.beginnings(icon_names(self._configuration)),
            root=self._root,
            script=f"/{WORKER}",
            environment=self._environment,
            uses_pyscript=self._web.use_pyscript(),
            told=told,
        )

    def _all(self) -> list[SiteFile]:
        files: dict[str, SiteFile] = {}
        for path, group, content in self._contents():
            # Pages come first, as on a server, where routes are asked before files.
            if path not in files:
                files[path] = self._file(path, group, content)
        return list(files.values())

    def _file(self, path: str, group: str, content: bytes) -> SiteFile:
        known = self._squeezed_runtime(path)
        is_first = path in (WORKER, *self._first_page) or path in self._kept
        return SiteFile(path, group, content, known or squeezed(path, content), is_first)

    def _contents(self) -> Iterator[tuple[str, str, bytes]]:
        yield from self._pages()
        yield from self._archives()
        yield from self._runtime_files()
        yield from self._javascript()
        for name, content in self._web_contents.items():
            if name.startswith(FOLDER) or name == WORKER:
                raise ConfigurationError(
                    f"web/{name} has the address of what Velocious itself serves. Give it another "
                    "name."
                )
            yield name, "web", content

    def _pages(self) -> Iterator[tuple[str, str, bytes]]:
        described = self._description
        yield f"{FOLDER}boot.json", "pages", described.boot.encode()
        yield f"{FOLDER}{SHELL}", "pages", described.shell.encode()
        yield f"{FOLDER}{MANIFEST}", "pages", described.manifest.encode()
        if self._devtools:
            name = application_id(self._configuration)
            yield f"{FOLDER}{PAGE}", "pages", devtools_page(name, self._root).encode()
        if described.service_worker is None:
            return
        yield WORKER, "pages", described.service_worker.encode()
        yield NOT_FOUND, "pages", described.shell.encode()
        for page in self.pages:
            shell = marked(described.shell, self._root + page).encode()
            for name in page_files(page):
                yield name, "pages", shell

    def _archives(self) -> Iterator[tuple[str, str, bytes]]:
        application = self._snapshot.application
        if application is not None:
            yield f"{FOLDER}app/{application.digest}.zip", "application", application.content
        for own in self._snapshot.own.values():
            yield f"{FOLDER}source/{own.digest}.zip", "velocious", own.content

    def _runtime_files(self) -> Iterator[tuple[str, str, bytes]]:
        place = f"{FOLDER}runtime/{self._runtime.digest}/"
        for name in self._runtime.names:
            if name.endswith(tuple(SUFFIXES.values())) or name in self._own_paths:
                continue
            group = "libraries" if name.startswith(("wheels/", "pyscript/")) else "runtime"
            yield place + name, group, self._runtime.content(name)
        for name, text in STABLE_FILES.items():
            yield FOLDER + name, "libraries", text.format(_way(name, place)).encode()

    def _javascript(self) -> Iterator[tuple[str, str, bytes]]:
        place = f"{FOLDER}js/{self._scripts.digest}/"
        for name, content in self._scripts.modules.items():
            yield place + name, "javascript", content
            if name.endswith(TYPES):
                yield FOLDER + name, "javascript", content
        for name in (*STABLE_MODULES, *(DEVTOOLS_MODULES if self._devtools else ())):
            yield FOLDER + name, "javascript", leading_module(_way(name, place)).encode()

    def _squeezed_runtime(self, path: str) -> dict[str, bytes]:
        """The siblings that the runtime was built with."""
        place = f"{FOLDER}runtime/{self._runtime.digest}/"
        name = self._own_names.get(path) or path.removeprefix(place)
        if name not in self._runtime.names:
            return {}
        return {
            coding: self._runtime.content(name + suffix)
            for coding, suffix in SUFFIXES.items()
            if name + suffix in self._runtime.names
        }

    @property
    def _own_paths(self) -> set[str]:
        return {one["path"] for one in self._runtime.own_archives.values()}

    @cached_property
    def _own_names(self) -> dict[str, str]:
        """Where our compiled archives are in the site → their names in the runtime."""
        return {
            f"{FOLDER}source/{one['sha256'][:16]}.zip": one["path"]
            for one in self._runtime.own_archives.values()
        }

    @property
    def _first_page(self) -> list[str]:
        return [page_files(page)[0] for page in self.pages[:1]]

    @property
    def _kept(self) -> set[str]:
        found: set[str] = set()
        for address in self._description.kept:
            path = unquote(address.partition("?")[0].removeprefix(f"{self._root}/"))
            found.add(path + "index.html" if path.endswith("/") or not path else path)
        stable = [FOLDER + "page/shell.mjs"] if self.pages else []
        return {*found, *stable}


def _snapshot(configuration: Configuration, runtime: RuntimeFolder) -> Snapshot:
    snapshot = take_snapshot(configuration, runtime)
    if not snapshot.own:
        # By their own digests: the folder's address does not change with our archives.
        compiled = {
            name: Archive(one["sha256"][:16], runtime.content(one["path"]))
            for name, one in runtime.own_archives.items()
        }
        snapshot = replace(snapshot, own=compiled)
    return snapshot


def _way(name: str, place: str) -> str:
    """The relative address of today's file, from the stable name beside it."""
    up = "../" * name.count("/") or "./"
    return f"{up}{place.removeprefix(FOLDER)}{name}"
