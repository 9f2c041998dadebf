"""What went well and what did not: the flash, and a record's errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from velocious.naming import humanize
from velocious.record.relationships.belongs_to import BelongsTo
from velocious.translation.catalogue import find_message
from velocious.view.forms.naming import field_id, form_name
from velocious.view.markup import element
from velocious.view.rendering import current_rendering

if TYPE_CHECKING:
    from velocious.record import Record

#: Kinds of flash that are told at once, whatever a person is reading.
URGENT = frozenset({"alert", "error"})


def flash_messages() -> Markup:
    """What the last action left to say; screen readers hear it. Nothing without a flash."""
    rendering = current_rendering()
    rendering.refuse_in_cache("The flash")
    said = rendering.controller.flash.items()
    return Markup("\n").join(_message(kind, text) for kind, text in said)


def _message(kind: str, text: Any) -> Markup:
    role = "alert" if kind in URGENT else "status"
    return element("p", text, {"class": f"flash flash-{kind}", "role": role})


def error_summary(record: Record, *, heading: str | None = None) -> Markup:
    """A list of everything that keeps *record* from being saved, each with a link to its field."""
    if not len(record.errors):
        return Markup()
    said = zip(record.errors, record.errors.full_messages(), strict=True)
    items = Markup().join(_error(record, one.attribute, text) for one, text in said)
    title = element("h2", heading or _heading(record), {"class": "error-summary-title"})
    attributes = {"class": "error-summary", "role": "alert", "tabindex": "-1"}
    return element("div", title + element("ul", items), attributes)


def _error(record: Record, attribute: str, text: str) -> Markup:
    if attribute == "base" or attribute not in type(record)._definition.setters:
        return element("li", text)
    relationship: Any = type(record)._definition.relationships.get(attribute)
    if isinstance(relationship, BelongsTo):
        attribute = relationship.owner_column()
    place = f"#{field_id(form_name(record), attribute)}"
    return element("li", element("a", text, {"href": place}))


def _heading(record: Record) -> str:
    count = len(record.errors)
    model = humanize(type(record).__name__).lower()
    pattern = find_message([("error_summary",)], count)
    if pattern is None:
        pattern = "{count} problem{s} kept this {model} from being saved"
        pattern = pattern.replace("{s}", "" if count == 1 else "s")
    return pattern.replace("{count}", str(count)).replace("{model}", model)
