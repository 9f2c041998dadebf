"""Routes: which request goes to which action of which controller."""

from __future__ import annotations

from velocious.routing.routes import Routes as Routes
