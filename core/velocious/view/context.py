"""What a name in a template means that nobody gave it."""

from __future__ import annotations

from typing import Any

from jinja2.runtime import Context
from jinja2.utils import missing

from velocious.view.rendering import rendering_or_none


class ViewContext(Context):
    """Jinja's context, which asks the rendering last: what no template uses is never made."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        if found is not missing:
            return found
        rendering = rendering_or_none()
        if rendering is None:
            return missing
        try:
            return rendering.value(key)
        except LookupError:
            return missing
