"""Writes a controller with its actions, their templates, routes and a test."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING

from velocious.errors import CommandError, WrongUsageError
from velocious.generator.route_line import with_route, without_route
from velocious.generator.template import rendered
from velocious.generator.writing import difference
from velocious.naming import camelize, humanize, underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.configuration import Configuration
    from velocious.generator.writing import GeneratedFiles

ROUTES = "app/config/routes.py"
_NAME = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)*")
_ACTION = re.compile(r"[a-z][a-z0-9_]*")


def controller_path(given: str) -> str:
    """Where the controller *given* is, below ``app/controllers`` (``"Admin/Posts"`` →
    ``"admin/posts"``).

    Raises:
        WrongUsageError: it cannot be the name of a controller.
    """
    name = underscore(given.replace("-", "_")).removesuffix("_controller")
    if not _NAME.fullmatch(name):
        raise WrongUsageError(
            f"{given!r} cannot name a controller. Write for example: `g:controller posts index "
            "show`, or admin/posts."
        )
    return name


def check_actions(actions: Sequence[str]) -> None:
    """Raise WrongUsageError where one of *actions* cannot be a method of a controller."""
    # Imported here: no other command waits for the web framework.
    from velocious.controller import Controller

    for action in actions:
        if not _ACTION.fullmatch(action) or iskeyword(action):
            raise WrongUsageError(
                f"{action!r} cannot name an action. Use small letters, digits and _, and no word "
                "of Python's own."
            )
        if hasattr(Controller, action):
            raise WrongUsageError(
                f"{action!r} cannot name an action: every controller has something of that name "
                f"already. Write for example show_{action}."
            )


def write_controller(
    configuration: Configuration, written: GeneratedFiles, name: str, actions: Sequence[str]
) -> None:
    """Write the controller *name* (``"admin/posts"``) and what belongs to it."""
    routes = configuration.files.read_text(ROUTES)
    lines = routes_of(name, actions)
    for line in lines:
        routes = with_route(routes, line)
    for path, text in controller_files(name, actions).items():
        written.write(path, text)
    written.edit(ROUTES, routes, f"  {'; '.join(lines)}")


def remove_controller(
    configuration: Configuration, written: GeneratedFiles, name: str, actions: Sequence[str]
) -> None:
    """Remove what :func:`write_controller` wrote, all or nothing.

    Raises:
        CommandError: there is no such controller, or a file was changed since.
    """
    files, wanted = configuration.files, controller_files(name, actions)
    there = {path: text for path, text in wanted.items() if files.exists(path)}
    if not there:
        raise CommandError(f"There is no controller {name!r}: {next(iter(wanted))} does not exist.")
    changed = [path for path, text in there.items() if files.read_text(path) != text]
    if changed and not written.force:
        shown = "".join(difference(files, path, there[path]) for path in changed)
        raise CommandError(
            f"Nothing was removed: {', '.join(changed)} is not what was generated. Name the same "
            f"actions as the generator, or --force to remove it with all changes.{shown}"
        )
    for path in there:
        written.remove(path, None, "")
    routes = files.read_text(ROUTES)
    for line in routes_of(name, actions):
        routes = without_route(routes, line)
    written.edit(ROUTES, routes, "")


def routes_of(name: str, actions: Sequence[str]) -> list[str]:
    """The lines that draw the routes: ``index`` is the controller's own path."""
    return [f'routes.get("{_path(name, action)}", to="{name}#{action}")' for action in actions]


def controller_files(name: str, actions: Sequence[str]) -> dict[str, str]:
    """Path → text."""
    last = name.rpartition("/")[2]
    values = {"title": humanize(last), "controller": f"{camelize(last)}Controller"}
    methods = "".join(_method(action) for action in actions) or '\n    """Without actions yet."""\n'
    methods = methods.rstrip("\n")
    tests = "\n".join(_test(name, action) for action in actions)
    made = {
        f"app/controllers/{name}_controller.py": rendered(
            "controller/controller.py", {**values, "methods": methods}
        )
    }
    for action in actions:
        place = f"app/views/{name}/{action}.html"
        heading = values["title"] if action == "index" else humanize(action)
        made[place] = rendered("controller/action.html", {"heading": heading, "path": place})
    if actions:
        path = f"tests/controllers/test_{name.replace('/', '_')}_controller.py"
        made[path] = rendered("controller/test.py", {**values, "tests": tests})
    return made


def _path(name: str, action: str) -> str:
    return f"/{name}" if action == "index" else f"/{name}/{action}"


def _method(action: str) -> str:
    return f"\n    async def {action}(self) -> None:\n        self.render()\n"


def _test(name: str, action: str) -> str:
    return (
        f"\nasync def test_{action}_answers(client: Client) -> None:\n"
        f'    (await client.get("{_path(name, action)}")).assert_ok()\n'
    )
