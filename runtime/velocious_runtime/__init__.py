"""The browser runtime as data: where its files are and what they hold.

Law: this package reads files and nothing else. It is installed by applications that have no Node,
so it never builds anything.
"""

from __future__ import annotations

from velocious_runtime.folder import RuntimeFolderMissing as RuntimeFolderMissing
from velocious_runtime.folder import data_directory as data_directory
from velocious_runtime.folder import manifest as manifest
from velocious_runtime.source_digest import source_digest as source_digest
