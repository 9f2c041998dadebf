"""What a name that is not there does in a template: it raises, and says what is there."""

from __future__ import annotations

from typing import Any, cast

from jinja2 import StrictUndefined

from velocious.errors import suggestion
from velocious.view.rendering import rendering_or_none

#: Jinja's own word for "no object was asked".
_NOBODY: Any = StrictUndefined()._undefined_obj


class MissingName(StrictUndefined):
    """A variable or attribute that does not exist; ``is defined`` may still ask."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name = self._undefined_name
        if self._undefined_obj is not _NOBODY:
            return _no_member(self._undefined_obj, name)
        return f"There is no variable {name!r} here. {_what_is_there(str(name))}"


def _no_member(owner: Any, name: Any) -> str:
    if owner is None:
        return f"None has no {name!r}. Ask first whether there is a value: {{% if … %}}."
    if isinstance(owner, dict):
        known = [str(key) for key in cast("dict[object, Any]", owner)]
        return f"The dictionary has no {name!r}. {suggestion(str(name), known)}"
    members = [one for one in dir(owner) if not one.startswith("_")]
    return f"A {type(owner).__name__} has no {name!r}. {suggestion(str(name), members)}"


def _what_is_there(name: str) -> str:
    rendering = rendering_or_none()
    given = list(rendering.locals) if rendering else []
    known = [*given, *(rendering.views.names() if rendering else ())]
    listed = ", ".join(sorted(given)) or "nothing"
    close = suggestion(name, known)
    hint = f"{close} " if close.startswith("Did") else ""
    way = rendering.how_to_give if rendering else "self.render(…, {name}=…)"
    return f"{hint}The template was given: {listed}. Give it more: {way.format(name=name)}."
