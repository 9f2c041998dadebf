"""What forms carry so that no other site can send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.view.rendering import current_rendering

if TYPE_CHECKING:
    from markupsafe import Markup


def csrf_field() -> Markup:
    """The hidden field that proves that a form is ours; ``form`` and ``button_to`` have it."""
    rendering = current_rendering()
    rendering.refuse_in_cache("csrf_field()")
    return rendering.controller.csrf_field()
