"""Writes a site into a folder: beside it first, then in its place.

Law: whoever reads the folder finds the site of before or the new one, never a part; a folder that
holds anything else than a site is never replaced.
"""

from __future__ import annotations

import os
import secrets
import shutil
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, PlatformError

if TYPE_CHECKING:
    from pathlib import Path

    from velocious_node.browser.site import Site

#: What tells a site from any other folder.
MARK = "velocious/boot.json"


def write_site(site: Site, folder: Path, directory: Path) -> None:
    """Make *folder* hold the files of *site*, and no others.

    Arguments:
        directory: the application's own.

    Raises:
        ConfigurationError: the folder is for something else.
        PlatformError: it cannot be written.
    """
    folder = folder.resolve()
    _check(folder, directory.resolve())
    beside = folder.with_name(f".{folder.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        try:
            _write(site, beside)
            _put(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise PlatformError(
            f"The site could not be written to {str(folder)!r}: {error.strerror or error}. What "
            "was there before is untouched."
        ) from error


def _check(folder: Path, directory: Path) -> None:
    web = directory / "web"
    if folder == web or web in folder.parents:
        raise ConfigurationError(
            f"--output {str(folder)!r} is inside of web/, whose files are part of the site. Name "
            "a folder outside of it, for example dist/web."
        )
    if not folder.exists() or (folder / MARK).is_file():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise ConfigurationError(
            f"--output {str(folder)!r} exists and holds no site, so it is not replaced. Name a "
            "folder that does not exist or is empty, or remove it yourself."
        )


def _write(site: Site, place: Path) -> None:
    for file in site.files:
        for name, content in file.siblings():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _put(made: Path, folder: Path) -> None:
    old = made.with_name(f"{made.name}-old")
    if folder.exists():
        folder.rename(old)
    try:
        made.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
