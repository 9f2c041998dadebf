"""``FormBuilder``: the fields of one form, each with its label, its value and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from velocious.naming import humanize
from velocious.record.naming import human_attribute_name
from velocious.view.forms.choices import options
from velocious.view.forms.naming import field_id, field_name
from velocious.view.forms.values import choices_of, kind_of, limit_of, text_of, value_of
from velocious.view.helpers.messages import error_summary
from velocious.view.markup import element, empty_element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.record import Record

#: Marks that no value was given, where None and "" may be.
GIVEN_NONE: Any = object()


class FormBuilder:
    """Writes fields. Every one takes ``label=``, ``hint=`` and the attributes of its control.

    Attributes:
        record: whose values and errors are shown; None in a form of its own.
        has_files: whether a field took a file, which the form must be multipart for.
    """

    def __init__(self, record: Record | None, name: str, owner: FormBuilder | None = None) -> None:
        self.record = record
        self._name = name
        self._owner = owner
        self.has_files = False

    # Fields

    def field(self, attribute: str, /, **options: Any) -> Markup:
        """The field that suits the attribute's column: text, number, checkbox, select, date…"""
        kind = kind_of(self.record, attribute)
        if kind in ("checkbox", "select", "textarea"):
            return getattr(self, kind)(attribute, **options)
        return self.input(attribute, kind, **{**limit_of(self.record, attribute), **options})

    def text(self, attribute: str, /, **options: Any) -> Markup:
        return self.input(attribute, "text", **options)

    def email(self, attribute: str, /, **options: Any) -> Markup:
        return self.input(attribute, "email", **{"autocomplete": "email", **options})

    def password(self, attribute: str, /, **options: Any) -> Markup:
        """Never shows a value."""
        return self.input(attribute, "password", **options)

    def number(self, attribute: str, /, **options: Any) -> Markup:
        return self.input(attribute, "number", **{**limit_of(self.record, attribute), **options})

    def date(self, attribute: str, /, **options: Any) -> Markup:
        return self.input(attribute, "date", **options)

    def datetime(self, attribute: str, /, **options: Any) -> Markup:
        """A moment in UTC."""
        return self.input(attribute, "datetime-local", **options)

    def time(self, attribute: str, /, **options: Any) -> Markup:
        return self.input(attribute, "time", **options)

    def input(self, attribute: str, type: str = "text", **options: Any) -> Markup:
        """``<input>`` of any type."""
        return self._field(attribute, options, lambda extra: self._input(attribute, type, extra))

    def textarea(self, attribute: str, /, **options: Any) -> Markup:
        def control(extra: dict[str, Any]) -> Markup:
            text = text_of(self._value(attribute, extra)) or ""
            # The parser of HTML drops the first line break.
            return element("textarea", f"\n{text}", self._head(attribute, {"rows": 6, **extra}))

        return self._field(attribute, options, control)

    def select(
        self,
        attribute: str,
        choices: Iterable[Any] | None = None,
        *,
        prompt: str | None = None,
        **more: Any,
    ) -> Markup:
        """A choice among *choices*: values, ``(value, text)`` pairs or records; by default those
        of the enum. *prompt* is the text of choosing nothing.
        """
        listed = choices_of(self.record, attribute) if choices is None else list(choices)

        def control(extra: dict[str, Any]) -> Markup:
            chosen = self._value(attribute, extra)
            return element("select", options(listed, chosen, prompt), self._head(attribute, extra))

        return self._field(attribute, more, control)

    def checkbox(self, attribute: str, /, **options: Any) -> Markup:
        """A box that sends 1, or 0 where it is not ticked."""
        label, hint = options.pop("label", None), options.pop("hint", None)
        head = self._head(attribute, {**options, **self._described(attribute, hint)})
        off = empty_element("input", type="hidden", name=head["name"], value="0")
        ticked = {"type": "checkbox", "value": "1", "checked": bool(self._value(attribute, head))}
        box = empty_element("input", {**ticked, **head})
        line = element("label", box + Markup(" ") + self._text(attribute, label))
        return self._wrapped(attribute, off + line + self._notes(attribute, hint), "field-check")

    def file(self, attribute: str, /, **options: Any) -> Markup:
        """A field for a file (``multiple=True`` for several); makes the form multipart."""
        self._take_files()
        if options.get("multiple"):
            options = {"name": f"{field_name(self._name, attribute)}[]", **options}
        return self.input(attribute, "file", **options)

    def hidden(self, attribute: str, value: Any = GIVEN_NONE, **options: Any) -> Markup:
        """A value that is sent but not seen."""
        shown = value_of(self.record, attribute) if value is GIVEN_NONE else value
        head = {"name": field_name(self._name, attribute), "value": text_of(shown), **options}
        return empty_element("input", {"type": "hidden", **head})

    # Around the fields

    def label(self, attribute: str, text: str | None = None, **options: Any) -> Markup:
        head = {"for": field_id(self._name, attribute), **options}
        return element("label", self._text(attribute, text), head)

    def errors(self, attribute: str) -> Markup:
        """What is wrong with the attribute, in an element that its control points at."""
        said = self._said(attribute)
        if not said:
            return Markup()
        head = {"class": "field-error", "id": f"{field_id(self._name, attribute)}_error"}
        return element("p", ", ".join(said), head)

    def error_summary(self, heading: str | None = None) -> Markup:
        """All that is wrong with the record; see the helper of that name."""
        return Markup() if self.record is None else error_summary(self.record, heading=heading)

    def submit(self, text: str | None = None, **options: Any) -> Markup:
        """The button; "Create post" or "Save changes" where no *text* is given."""
        if text is None and self.record is not None:
            model = humanize(type(self.record).__name__).lower()
            text = f"Create {model}" if self.record.is_new_record else "Save changes"
        return element("button", text or "Send", {"type": "submit", "class": "button", **options})

    def nested(
        self, relationship: str, records: Iterable[Record], *, caller: Callable[..., Any]
    ) -> Markup:
        """The fields of *records* below this one, for ``accepts_nested_attributes_for``::

        {% call(t) f.nested("tasks", tasks) %}{{ t.text("name") }}{% endcall %}
        """
        pieces: list[Markup] = []
        for at, record in enumerate(records):
            name = f"{field_name(self._name, f'{relationship}_attributes')}[{at}]"
            below = FormBuilder(record, name, self)
            key = type(record)._definition.key_name
            pieces.append(below.hidden(key) if record.is_persisted else Markup())
            pieces.append(Markup(caller(below)))
        return Markup().join(pieces)

    # Parts

    def _field(
        self, attribute: str, given: dict[str, Any], control: Callable[[dict[str, Any]], Markup]
    ) -> Markup:
        label, hint = given.pop("label", None), given.pop("hint", None)
        made = control({**given, **self._described(attribute, hint)})
        named = Markup() if label is False else self.label(attribute, label)
        return self._wrapped(attribute, named + made + self._notes(attribute, hint))

    def _wrapped(self, attribute: str, content: Markup, kind: str = "") -> Markup:
        wrong = "field-wrong" if self._said(attribute) else ""
        return element("div", content, {"class": ["field", kind, wrong]})

    def _input(self, attribute: str, type: str, extra: dict[str, Any]) -> Markup:
        secret = type in ("password", "file")
        value = None if secret else text_of(self._value(attribute, extra))
        return empty_element(
            "input", {"type": type, **self._head(attribute, extra), "value": value}
        )

    def _head(self, attribute: str, extra: dict[str, Any]) -> dict[str, Any]:
        place, name = field_id(self._name, attribute), field_name(self._name, attribute)
        return {"id": place, "name": name, **{k: v for k, v in extra.items() if k != "value"}}

    def _value(self, attribute: str, extra: dict[str, Any]) -> Any:
        return extra["value"] if "value" in extra else value_of(self.record, attribute)

    def _described(self, attribute: str, hint: str | None) -> dict[str, Any]:
        place, wrong = field_id(self._name, attribute), bool(self._said(attribute))
        notes = [f"{place}_hint" if hint else "", f"{place}_error" if wrong else ""]
        listed = " ".join(filter(None, notes))
        return {"aria-invalid": True if wrong else None, "aria-describedby": listed or None}

    def _notes(self, attribute: str, hint: str | None) -> Markup:
        if not hint:
            return self.errors(attribute)
        head = {"class": "field-hint", "id": f"{field_id(self._name, attribute)}_hint"}
        return element("p", hint, head) + self.errors(attribute)

    def _text(self, attribute: str, text: str | None) -> Any:
        if text is not None:
            return text
        model = self.record and type(self.record)
        return human_attribute_name(model, attribute) if model else humanize(attribute)

    def _said(self, attribute: str) -> list[str]:
        if self.record is None:
            return []
        names = dict.fromkeys((attribute, attribute.removesuffix("_id")))
        return [text for name in names for text in self.record.errors.on(name)]

    def _take_files(self) -> None:
        self.has_files = True
        if self._owner is not None:
            self._owner._take_files()
