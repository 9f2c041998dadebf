"""How a result becomes HTML: through a template of the application's own, with values escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from velocious.view.standalone import TextTemplate
    from velocious_browser.application import Application


class Showing:
    """A template, and what it calls a result.

    Arguments:
        text: the template's; None shows the value as people read it.
        name: what messages call the template.
        as_: what the template calls the result, whatever that is.
        usual: what it calls a result that does not name its parts itself.
    """

    def __init__(
        self, application: Application, text: str | None, name: str, as_: str | None, usual: str
    ) -> None:
        self._template = None if text is None else _template(application, text, name)
        self._as = as_
        self._usual = usual

    def html(self, result: Any) -> str:
        """*result* as HTML."""
        if self._template is None:
            return _shown(result)
        return self._template.render(self._given(result))

    def _given(self, result: Any) -> dict[str, Any]:
        if isinstance(result, dict) and self._as is None:
            return cast("dict[str, Any]", result)
        return {self._as or self._usual: result}


async def template_text(application: Application, template: str | None) -> tuple[str | None, str]:
    """The text of *template*, and what messages call it."""
    from velocious_browser.pyscript.page import page

    if template is None:
        return None, ""
    if template.startswith("#") and len(template.split()) == 1:
        return await page().template(template), f"the template {template}"
    if template.endswith(".html") and "<" not in template and "{" not in template:
        path = f"app/views/{template}"
        return application.configuration.files.read_text(path), path
    return template, "the template"


def _template(application: Application, text: str, name: str) -> TextTemplate:
    # Imported here: Jinja is not needed where values are shown as they are.
    from velocious.view.standalone import TextTemplate

    root: str = application.boot.given.get("prefix") or ""
    return TextTemplate(application.configuration.views, text, name, root=root)


def _shown(result: Any) -> str:
    if isinstance(result, Markup):
        return str(result)
    from velocious.view.helpers.values import display

    return str(escape(display(result)))
