"""What the templates of the HTML board say in one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.view import app_path, current_rendering, element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup


def icon(name: str) -> Markup:
    """One of the drawings in ``web/assets/icons.svg``."""
    drawing = element("use", href=app_path(f"assets/icons.svg#{name}"))
    return element("svg", drawing, class_="icon", aria_hidden="true")


def board_address(chosen: Mapping[str, Any], **changes: Any) -> str:
    """The board's address with what is *chosen*, after *changes*; what is usual is left out."""
    wanted = {**chosen, **changes}
    said = {name: value for name, value in wanted.items() if value not in (None, "", "all")}
    if said.get("page") == 1:
        del said["page"]
    return current_rendering().controller.urls.board_root_path(**said)


def place() -> str:
    """Who answers: the server or this browser, with the same controllers."""
    is_browser = current_rendering().configuration.environment_handler.name == "browser"
    return "this browser" if is_browser else "the server"
