"""Python imports this by itself, before most others: from here on archives are read fast."""

from __future__ import annotations

import sys

import velocious_archives

velocious_archives.install(sys.path[0])
