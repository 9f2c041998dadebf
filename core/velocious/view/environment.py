"""Jinja's environment, as templates of an application get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from jinja2 import Environment

from velocious.view.application_helpers import application_helpers
from velocious.view.compiling import TemplateCompiler
from velocious.view.context import ViewContext
from velocious.view.formats import escapes
from velocious.view.helper_table import FILTERS, HELPERS
from velocious.view.loader import ApplicationLoader
from velocious.view.tags.cache import CacheTag
from velocious.view.tags.content_for import ContentForTag
from velocious.view.undefined import MissingName

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from velocious.configuration import Configuration


class ViewEnvironment(Environment):
    """Jinja's environment with contexts and a compiler of ours."""

    context_class = ViewContext
    code_generator_class = TemplateCompiler

    @override
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # Each rendering copies them. Jinja chains two mappings here, which takes fifty calls to
        # copy; ours are complete before the first template is loaded.
        return {**self.globals, **(d or {})}


def make_environment(configuration: Configuration, reloads: bool) -> Environment:
    """The environment of *configuration*'s templates.

    Arguments:
        reloads: whether a changed file is read again.
    """
    environment = ViewEnvironment(
        loader=ApplicationLoader(configuration.files),
        autoescape=escapes,
        auto_reload=reloads,
        undefined=MissingName,
        # Applications have hundreds of templates; a compiled one is small.
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=[ContentForTag, CacheTag],
    )
    environment.filters.update(FILTERS)
    environment.policies["json.dumps_function"] = _dumps
    environment.policies["json.dumps_kwargs"] = {}
    environment.globals.update(HELPERS)
    environment.globals.update(application_helpers(configuration))
    return environment


def _dumps(value: Any) -> str:
    """JSON as actions render it: dates and decimals have a form, records are refused."""
    # Imported here: few templates write JSON.
    from velocious.controller.encoding import to_json

    return to_json(value).decode()
