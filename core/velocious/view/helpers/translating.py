"""Texts in the visitor's language."""

from __future__ import annotations

import logging
from typing import Any

from markupsafe import Markup, escape

from velocious.errors import RenderError
from velocious.naming import humanize
from velocious.translation import current_locale
from velocious.translation.catalogue import find_message
from velocious.view.rendering import current_rendering, rendering_or_none

logger = logging.getLogger("velocious.view")


def t(key: str, /, *, default: str | None = None, count: float | None = None, **values: Any) -> str:
    """The text of *key* in the current locale: ``t("posts.index.title")``, in that template
    ``t(".title")``. ``{name}`` in it is filled in from *values*; *count* chooses its plural form.

    A key that ends with ``_html`` holds markup; what is filled in is escaped.

    Raises:
        RenderError: no locale has it. In production the page is shown with the key's last word in
            its place, and the log says so.
    """
    full = _scoped(key)
    text = find_message([tuple(full.split("."))], count)
    if text is None:
        text = default if default is not None else _missing(full)
    facts = values if count is None else {"count": count, **values}
    if full.endswith("_html"):
        return Markup(_filled(text, {name: escape(value) for name, value in facts.items()}))
    return _filled(text, facts) if facts else text


def _scoped(key: str) -> str:
    if not key.startswith("."):
        return key
    place = current_rendering().template.partition(".")[0].replace("/_", "/")
    return f"{place.replace('/', '.')}{key}"


def _filled(text: str, facts: dict[str, Any]) -> str:
    # Not str.format: a text of a translator reads no attributes.
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _missing(key: str) -> str:
    message = (
        f"No locale has a text for {key!r} (asked for {current_locale()!r}). Add it to "
        "Configuration(messages={…}), or pass default=…."
    )
    rendering = rendering_or_none()
    if rendering is not None and rendering.configuration.environment == "production":
        logger.warning("%s", message)
        return humanize(key.rpartition(".")[2].removesuffix("_html"))
    raise RenderError(message)
