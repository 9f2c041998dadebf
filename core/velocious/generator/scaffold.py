"""Writes everything that a table of rows needs to be listed, shown, made, changed and deleted in a
browser: model, migration, controller, templates, routes and tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import CommandError
from velocious.generator.model import model_path, write_model
from velocious.generator.route_line import with_route, without_route
from velocious.generator.scaffold_fields import fields_of
from velocious.generator.scaffold_names import ScaffoldNames
from velocious.generator.scaffold_test import scaffold_test_text
from velocious.generator.template import rendered
from velocious.generator.writing import difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.configuration import Configuration
    from velocious.files import Files
    from velocious.generator.column import GeneratedColumn
    from velocious.generator.scaffold_fields import ScaffoldField
    from velocious.generator.writing import GeneratedFiles

ROUTES = "app/config/routes.py"
#: Where the layout has its links, one a line.
NAVIGATION = "app/views/layouts/_navigation.html"
#: Characters that a list in generated code may take on one line.
ROOM = 88
TEMPLATES = ("index", "show", "new", "edit", "_form")


def write_scaffold(
    configuration: Configuration,
    written: GeneratedFiles,
    class_name: str,
    columns: Sequence[GeneratedColumn],
) -> None:
    """Write the scaffold of *class_name*.

    Raises:
        CommandError: there is such a model, or the routes cannot be read.
    """
    files, names = configuration.files, ScaffoldNames(class_name)
    routes = with_route(files.read_text(ROUTES), route_of(names))
    write_model(configuration, written, class_name, columns)
    for path, text in scaffold_files(files, names, columns).items():
        written.write(path, text)
    written.edit(ROUTES, routes, f"  {route_of(names)}")
    _edit_navigation(files, written, names, present=True)


def remove_scaffold(
    configuration: Configuration,
    written: GeneratedFiles,
    class_name: str,
    columns: Sequence[GeneratedColumn],
) -> None:
    """Remove what :func:`write_scaffold` wrote besides the model, all or nothing.

    Raises:
        CommandError: a file was changed since.
    """
    files, names = configuration.files, ScaffoldNames(class_name)
    wanted = scaffold_files(files, names, columns)
    there = {path: text for path, text in wanted.items() if files.exists(path)}
    changed = [path for path, text in there.items() if files.read_text(path) != text]
    if changed and not written.force:
        shown = "".join(difference(files, path, there[path]) for path in changed)
        raise CommandError(
            f"Nothing was removed: {', '.join(changed)} is not what was generated. Give the "
            "command the same columns as the generator, or --force to remove it with all that was "
            f"changed in it.{shown}"
        )
    for path in there:
        written.remove(path, None, "")
    written.edit(ROUTES, without_route(files.read_text(ROUTES), route_of(names)), "")
    _edit_navigation(files, written, names, present=False)


def route_of(names: ScaffoldNames) -> str:
    """The line that draws the routes."""
    return f'routes.resources("{names.plural}", id="int")'


def _edit_navigation(
    files: Files, written: GeneratedFiles, names: ScaffoldNames, *, present: bool
) -> None:
    """Add the link to the list, or remove it; an application may have another navigation."""
    if not files.exists(NAVIGATION):
        return
    title = names.values()["title_plural"]
    line = f'{{{{ nav_link("{title}", {names.index_path}()) }}}}\n'
    others = files.read_text(NAVIGATION).replace(line, "")
    written.edit(NAVIGATION, f"{others}{line}" if present else others, f"  {line.strip()}")


def scaffold_files(
    files: Files, names: ScaffoldNames, columns: Sequence[GeneratedColumn]
) -> dict[str, str]:
    """Path → text of everything but the model."""
    fields = fields_of(columns, lambda target: files.exists(model_path(target)))
    values = {**names.values(), **_parts(names, fields)}
    made = {
        f"app/controllers/{names.plural}_controller.py": _filled("controller.py", values),
        f"tests/controllers/test_{names.plural}_controller.py": scaffold_test_text(names, fields),
    }
    for name in TEMPLATES:
        made[f"app/views/{names.plural}/{name}.html"] = _filled(f"{name}.html", values)
    return made


def _filled(template: str, values: dict[str, str]) -> str:
    return rendered(f"scaffold/{template}", values)


def _parts(names: ScaffoldNames, fields: Sequence[ScaffoldField]) -> dict[str, str]:
    one = names.singular
    choices = [field for field in fields if field.choices]
    listed = [field for field in fields if field.kind != "text"][:5] or list(fields)[:1]
    preloads = ", ".join(f'"{field.owner}"' for field in fields if field.choices)
    return {
        "model_imports": _imports(names, choices),
        "heading": f"{{{{ display({one}) }}}}",
        "passed": "".join(f", {field.choices}={field.choices}" for field in choices),
        "permitted": list_code(f'"{field.attribute}"' for field in fields),
        "preloads": f".preload({preloads})" if preloads else "",
        "load": f"\n        await {one}.load({preloads})" if preloads else "",
        "form_parameters": _form_parameters(one, names.class_name),
        "form_arguments": _form_arguments(one, choices),
        "columns": "".join(f"        <th scope=\"col\">{field.label}</th>\n" for field in listed),
        "cells": "".join(_cell(one, field, at) for at, field in enumerate(listed)),
        "facts": "".join(_fact(one, field) for field in fields),
        "fields": "".join(f"  {field.form}\n" for field in fields),
    }  # fmt: skip


def list_code(items: Iterable[str], indent: str = "") -> str:
    """A list as code, on one line where that is short enough."""
    written = list(items)
    line = f"[{', '.join(written)}]"
    if len(indent) + len(line) < ROOM:
        return line
    inner = "".join(f"{indent}    {item},\n" for item in written)
    return f"[\n{inner}{indent}]"


def _form_parameters(one: str, class_name: str) -> str:
    line = f"self, form: str, {one}: {class_name}, *, status: int = 200"
    # What stands around it takes the other characters of the line.
    return line if len(line) <= 65 else f"\n        {line}\n    "


def _form_arguments(one: str, choices: Sequence[ScaffoldField]) -> str:
    """What the form's template is given."""
    line = f"form, status=status, {one}={one}"
    if not choices:
        return line
    loaded = "".join(
        f'            {field.choices}=await {field.owner_class}.order("id").limit(500).to_list(),\n'
        for field in choices
    )
    head = "".join(f"            {part},\n" for part in line.split(", "))
    return f"\n{head}{loaded}        "


def _imports(names: ScaffoldNames, choices: Sequence[ScaffoldField]) -> str:
    """The lines that import the models, its own among them."""
    modules = {names.singular: names.class_name}
    modules.update({field.owner_module: field.owner_class for field in choices})
    lines = (f"from app.models.{name} import {one}\n" for name, one in sorted(modules.items()))
    return "".join(lines)


def _cell(one: str, field: ScaffoldField, at: int) -> str:
    shown = _shown(one, field)
    inner = f"link_to({shown}, {one}_path({one}))" if at == 0 else shown
    kind = ' class="short"' if field.is_short else ""
    return f'        <td data-label="{field.label}"{kind}>{{{{ {inner} }}}}</td>\n'


def _shown(one: str, field: ScaffoldField) -> str:
    value = f"{one}.{field.shown}"
    return f"display(humanize({value}))" if field.values else f"display({value})"


def _fact(one: str, field: ScaffoldField) -> str:
    shown = _shown(one, field)
    if field.kind == "text":
        shown = f"simple_format({one}.{field.shown}) or display(none)"
    return f"    <div><dt>{field.label}</dt><dd>{{{{ {shown} }}}}</dd></div>\n"
