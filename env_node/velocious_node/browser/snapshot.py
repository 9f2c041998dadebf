"""What the server sends, held in memory until a file of it changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from velocious_node.browser.bundle import bundle_contents, bundle_files
from velocious_node.browser.own_sources import browser_packages
from velocious_node.browser.pyscript_files import PAGES, loads_pyscript
from velocious_node.browser.runtime_folder import OWN_ARCHIVE
from velocious_node.browser.zip_archive import content_digest, zip_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from velocious.configuration import Configuration
    from velocious_node.browser.runtime_folder import RuntimeFolder

type Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip and the digest in its address."""

    digest: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The Python of ours and of the application, as it was at one moment.

    Attributes:
        application: the bundle, or None where the configuration lists nothing.
        application_names: the names in the bundle.
        own: what is sent in the place of the runtime's own archives of Velocious, by their names:
            our Python sources, where the compiled archives are older than they are.
        uses_pyscript: a template in the bundle loads PyScript.
    """

    application: Archive | None
    application_names: frozenset[str]
    own: Mapping[str, Archive]
    uses_pyscript: bool = False


def take_snapshot(configuration: Configuration, runtime: RuntimeFolder) -> Snapshot:
    """Read every file that the browser may get. Raises ConfigurationError for one it may not."""
    contents = bundle_contents(configuration)
    return Snapshot(
        application=_archive(contents) if contents else None,
        application_names=frozenset(contents),
        own=_stale_sources(runtime),
        uses_pyscript=any(
            loads_pyscript(content) for name, content in contents.items() if name.endswith(PAGES)
        ),
    )


def signature(configuration: Configuration) -> Signature:
    """Changes when a file that goes into a snapshot does; costs one look at each, no reading."""
    return tuple(
        (str(path), status.st_mtime_ns, status.st_size)
        for path in _watched(configuration)
        for status in (path.stat(),)
    )


def _watched(configuration: Configuration) -> Iterator[Path]:
    for package in browser_packages():
        yield from sorted(package.rglob("*.py"))
    if configuration.directory is not None:
        yield from bundle_files(Path(configuration.directory), configuration.browser).values()


def _stale_sources(runtime: RuntimeFolder) -> dict[str, Archive]:
    packages = browser_packages()
    if runtime.source_digest(packages) == runtime.compiled_digest:
        return {}
    return {OWN_ARCHIVE: _archive(runtime.python_sources(packages))}


def _archive(contents: dict[str, bytes]) -> Archive:
    return Archive(content_digest(contents), zip_of(contents))
