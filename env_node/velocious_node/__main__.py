"""``python -m velocious_node`` is ``velocious``."""

from __future__ import annotations

import sys

from velocious_node.cli.main import main

sys.exit(main())
