"""Which request goes to which controller."""

from __future__ import annotations

from velocious.routing.routes import Route as Route
from velocious.routing.routes import Routes as Routes
