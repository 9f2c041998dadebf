"""``Views``: the templates of one application.

Law: a template is compiled once; in production its file is never looked at again.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from velocious.errors import MissingTemplateError, RenderError
from velocious.view.explaining import explained
from velocious.view.formats import MEDIA_TYPES, format_of
from velocious.view.fragments import Fragments
from velocious.view.lookup import FOLDER, Lookup, view_folders
from velocious.view.rendering import Rendering, use_rendering

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller

#: The layout of controllers that name none, where it exists.
LAYOUT = "application"


class Views:
    """Renders the templates below ``app/views`` of *configuration*.

    Attributes:
        lookup: finds templates by name.
        fragments: what ``{% cache %}`` keeps.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.reloads = configuration.environment == "development"
        self.lookup = Lookup(configuration.files, settled=not self.reloads)
        self.fragments = Fragments()

    @cached_property
    def environment(self) -> Environment:
        """Jinja's environment, with the application's helpers."""
        from velocious.view.environment import make_environment

        return make_environment(self.configuration, self.reloads)

    def names(self) -> Iterable[str]:
        """Every name that each template knows."""
        return self.environment.globals

    def wanted_path(self, controller: Controller) -> str:
        """The file that would be the template of the controller's action."""
        return f"{FOLDER}/{view_folders(type(controller))[0]}/{controller.action}.html"

    def has_template(self, controller: Controller, name: str) -> bool:
        """Whether *controller* finds the template *name*."""
        return self.lookup.find(view_folders(type(controller)), name, None) is not None

    def render(
        self,
        controller: Controller,
        template: str | None,
        given: Mapping[str, Any],
        layout: str | bool,
    ) -> tuple[str, str]:
        """The text of *template* (None: the action's own) inside its layout, and its Content-Type.

        Raises:
            MissingTemplateError: with every file that was looked for.
            TemplateError: the template is broken, with its line.
        """
        path = self._path(controller, template)
        format = format_of(path) or "html"
        rendering = Rendering(self, controller, format)
        with use_rendering(rendering):
            text = rendering.render(path, given)
            around = self._layout(controller, layout, format)
            if around is not None:
                rendering.contents[""] = text
                text = rendering.render(around, given)
        return str(text), MEDIA_TYPES[format]

    def rendered(self, path: str, given: Mapping[str, Any]) -> str:
        """The template at *path*, without a layout, in the rendering that is going on."""
        try:
            return self.environment.get_template(path).render(given)
        except RenderError:
            # A partial's error says already where it is.
            raise
        except Exception as error:
            raise explained(error, path, self.configuration.files) from error.__cause__

    def _path(self, controller: Controller, template: str | None) -> str:
        folders = view_folders(type(controller))
        name = template or controller.action
        found = self.lookup.find(folders, name, None)
        return found or self.lookup.find_or_fail(folders, name, None)

    def _layout(self, controller: Controller, wanted: str | bool, format: str) -> str | None:
        chosen = controller.layout if wanted is True else wanted
        if chosen is False:
            return None
        if chosen is True:
            return self.lookup.find((), f"layouts/{LAYOUT}", format)
        name = chosen if "/" in chosen else f"layouts/{chosen}"
        try:
            return self.lookup.find_or_fail((), name, format)
        except MissingTemplateError as error:
            raise MissingTemplateError(
                name, error.paths, "Create it, name another layout, or say layout=False."
            ) from None
