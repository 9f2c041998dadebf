"""Fills in the forms of a page and presses their buttons, as a person would.

Law: a field that the page does not have cannot be filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import TestingError, suggestion
from velocious.testing.page import one_of, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bs4 import BeautifulSoup, Tag

    from velocious.testing.form_data import File, Pairs

_BUTTONS = "button:not([type=button]):not([type=reset]), input[type=submit], input[type=image]"
_FIELDS = "input, select, textarea"
#: What a tick or a choice is made with.
_CHOSEN = ("checkbox", "radio")
_NEVER_SENT = ("submit", "image", "button", "reset", "file")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a browser would send."""

    method: str
    address: str
    pairs: Pairs
    files: dict[str, list[File]] | None


def find_form(page: BeautifulSoup, selector: str | None) -> Tag:
    """The form that the CSS *selector* finds; without one, the only form of the page."""
    forms = page.select("form") if selector is None else page.select(selector)
    names = {_form_name(form): form for form in page.select("form")}
    form = one_of(list(forms), selector, "form", names)
    if form.name != "form":
        raise TestingError(f"{selector!r} finds a <{form.name}>, which is no form.")
    return form


def submission(form: Tag, given: Mapping[str, Any], button: str | None) -> Submission:
    """What *form* sends when *given* was filled in and *button* pressed (by default the first).

    Fields are called by their name, their label or their id.

    Raises:
        AssertionError: the form has no such field, choice or button.
    """
    fields = _fields(form)
    pressed = _button(form, button)
    filled = {
        id(field): value
        for name, value in given.items()
        for field, value in _fill(form, fields, name, value)
    }
    pairs: Pairs = []
    files: dict[str, list[File]] = {}
    for field in fields:
        if _kind(field) == "file":
            _add_files(files, field, filled.get(id(field)))
        else:
            pairs += _sent(field, filled)
    if pressed is not None and pressed.get("name"):
        pairs.append((_text(pressed, "name"), _text(pressed, "value")))
    own = pressed if pressed is not None else form
    method = (_text(own, "formmethod") or _text(form, "method") or "get").upper()
    address = _text(own, "formaction") or _text(form, "action")
    multipart = _text(form, "enctype").lower() == "multipart/form-data"
    return Submission(method, address, pairs, files if multipart else None)


def _fields(form: Tag) -> list[Tag]:
    """Those that can be sent, in the order of the page; also those outside with form="…"."""
    found: list[Tag] = list(form.select(_FIELDS))
    if form.get("id"):
        *_, page = form.parents
        elsewhere = list(page.select(f'[form="{_text(form, "id")}"]'))
        found += [field for field in elsewhere if field.name in ("input", "select", "textarea")]
    return [
        field
        for field in found
        if field.get("name")
        and not field.has_attr("disabled")
        and field.find_parent("fieldset", disabled=True) is None
    ]


def _fill(form: Tag, fields: list[Tag], name: str, value: Any) -> list[tuple[Tag, Any]]:
    """Which fields get which value for what the test says of *name*."""
    named = [field for field in fields if field.get("name") == name and _kind(field) != "hidden"]
    named = named or [field for field in fields if name in (field.get("id"), _label(form, field))]
    named = named or [field for field in fields if field.get("name") == name]
    if not named:
        known = {_text(field, "name") for field in fields} | {_label(form, one) for one in fields}
        raise AssertionError(
            f"The form {_form_name(form)} has no field {name!r}. {suggestion(name, known - {''})}"
        )
    if _kind(named[0]) == "radio":
        return _radio(form, fields, named, value)
    if _kind(named[0]) == "checkbox" and len(named) > 1:
        chosen = {str(one) for one in value}
        _known_choices(name, chosen, {_text(box, "value") for box in named})
        return [(box, _text(box, "value") in chosen) for box in named]
    return [(named[0], _choice(named[0], value) if named[0].name == "select" else value)]


def _radio(form: Tag, fields: list[Tag], named: list[Tag], value: Any) -> list[tuple[Tag, Any]]:
    group = [field for field in fields if field.get("name") == named[0].get("name")]
    wanted = str(value) if named[0].get("name") and len(named) > 1 else _text(named[0], "value")
    choices = {_text(button, "value") for button in group}
    choices |= {_label(form, button) for button in group}
    _known_choices(_text(named[0], "name"), {wanted}, choices)
    return [(one, wanted in (_text(one, "value"), _label(form, one))) for one in group]


def _choice(select: Tag, value: Any) -> list[str]:
    """The values of the options that are chosen, by value or text."""
    several = cast("list[object]", value) if isinstance(value, list | tuple) else [value]
    wanted = [str(one) for one in several]
    options = {words(option): _value(option) for option in select.select("option")}
    options |= {known: known for known in options.values()}
    _known_choices(_text(select, "name"), set(wanted), set(options))
    return [options[one] for one in wanted]


def _known_choices(name: str, chosen: set[str], known: set[str]) -> None:
    for one in chosen - known:
        raise AssertionError(f"{name!r} has no choice {one!r}. {suggestion(one, known)}")


def _sent(field: Tag, filled: Mapping[int, Any]) -> Pairs:
    """The names and values that *field* contributes."""
    name, kind = _text(field, "name"), _kind(field)
    value = filled.get(id(field))
    if kind in _NEVER_SENT:
        return []
    if kind in _CHOSEN:
        ticked = field.has_attr("checked") if value is None else bool(value)
        return [(name, _text(field, "value") or "on")] if ticked else []
    if field.name == "select":
        chosen = _selected(field) if value is None else cast("list[str]", value)
        return [(name, one) for one in chosen]
    return [(name, _written(field) if value is None else str(value))]


def _written(field: Tag) -> str:
    if field.name == "textarea":
        # HTML ignores the first newline, and forms have both letters at the end of a line.
        text = field.get_text().removeprefix("\n")
        return "\r\n".join(text.splitlines())
    return _text(field, "value")


def _selected(select: Tag) -> list[str]:
    options = [one for one in select.select("option") if not one.has_attr("disabled")]
    chosen = [_value(option) for option in options if option.has_attr("selected")]
    if select.has_attr("multiple"):
        return chosen
    return chosen[-1:] or [_value(option) for option in options[:1]]


def _value(option: Tag) -> str:
    return _text(option, "value") if option.has_attr("value") else words(option)


def _add_files(files: dict[str, list[File]], field: Tag, given: Any) -> None:
    # A field without a file sends an empty one.
    chosen: Any = given if given is not None else ("", b"")
    files[_text(field, "name")] = chosen if isinstance(chosen, list) else [chosen]


def _button(form: Tag, wanted: str | None) -> Tag | None:
    buttons = list(form.select(_BUTTONS))
    if wanted is None:
        return buttons[0] if buttons else None
    names = {_button_text(button): button for button in buttons}
    return one_of(
        [
            one
            for one in buttons
            if wanted in (_button_text(one), one.get("name"), one.get("value"))
        ],
        *(wanted, "button", names),
    )


def _button_text(button: Tag) -> str:
    return _text(button, "value") if button.name == "input" else words(button)


def _label(form: Tag, field: Tag) -> str:
    around = field.find_parent("label")
    identifier = field.get("id")
    label = form.select_one(f'label[for="{identifier}"]') if identifier else None
    label = label or around
    return words(label).rstrip(" *:") if label is not None else ""


def _form_name(form: Tag) -> str:
    if form.get("id"):
        return f"form#{form['id']}"
    return f'form[action="{_text(form, "action")}"]'


def _kind(field: Tag) -> str:
    return (_text(field, "type") or "text").lower() if field.name == "input" else field.name


def _text(tag: Tag, attribute: str) -> str:
    value = tag.get(attribute)
    return " ".join(value) if isinstance(value, list) else value or ""
