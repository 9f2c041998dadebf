"""Values in templates: what is written is what markupsafe would have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from markupsafe import Markup, escape

from velocious.view.compiling import TemplateCompiler
from velocious.view.escaping import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = st.text() | st.text(alphabet="ab&<>'\"; ", max_size=12)
VALUES = (
    TEXTS
    | TEXTS.map(Markup)
    | st.integers()
    | st.booleans()
    | st.none()
    | st.floats()
    | st.lists(TEXTS, max_size=3)
)


class Typed(str):
    """A text of a class of its own."""

    __slots__ = ()


class WithForm:
    def __html__(self) -> str:
        return "<b>bold</b>"

    def __str__(self) -> str:
        return "<not this>"


class Number(int):
    """A number that is shown as markup."""

    def __str__(self) -> str:
        return "<5>"


@given(VALUES)
def test_a_value_is_escaped_as_markupsafe_escapes_it(value: object) -> None:
    assert str(escaped(value)) == str(escape(value))


def repr_of_kind(value: object) -> str:
    """What a value is called in a report."""
    return type(value).__name__ if isinstance(value, WithForm) else repr(value)


@pytest.mark.parametrize(
    "value",
    [*"&<>'\"", Typed("<"), WithForm(), Number(5), Markup("<b>"), True, b"<", "a" * 9 + "<", ""],
    # The same names in every process.
    ids=repr_of_kind,
)
def test_what_has_a_form_of_its_own_keeps_it(value: object) -> None:
    assert str(escaped(value)) == str(escape(value))


# The compiler beside Jinja's own


class Compiled(Environment):
    code_generator_class = TemplateCompiler


TEMPLATES = (
    "{{ a }}",
    "x{{ a }}y{{ b }}z",
    "{{ a }}{{ b }}",
    "{{ 1 + 2 }}{{ '<' }}{{ a }}",
    "{% for one in c %}<i>{{ one }}</i>{{ loop.index }}{% else %}none{% endfor %}",
    "{% if a %}[{{ a }}]{% else %}-{{ b }}-{% endif %}",
    "{% macro m(x) %}({{ x }}|{{ caller() }}){% endmacro %}{% call m(a) %}<{{ b }}>{% endcall %}",
    "{% set kept %}<p>{{ a }}</p>{% endset %}{{ kept }}{{ kept | length }}",
    "{% filter upper %}{{ a }}é{{ b }}{% endfilter %}",
    "{% autoescape false %}{{ a }}<{{ b }}{% endautoescape %}{{ a }}!{{ b }}",
    "{% autoescape b %}{{ a }}<{{ b }}{% endautoescape %}",
    "{{ a | safe }}{{ a ~ b }}{{ c | join(b) }}",
    "{% extends 'base' %}{% block main %}{{ super() }}{{ a }}/{{ b }}{% endblock %}no {{ a }}!",
    "{% include 'part' %}{% import 'macros' as m %}{{ m.twice(a) }}{{ b }}",
)
OTHERS = {
    "base": "<main>{% block main %}{{ a }}-{{ b }}{% endblock %}</main>{{ a }}.",
    "part": "part {{ a }} {{ b }}",
    "macros": "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}",
}


def text_of(kind: type[Environment], template: str, given: Mapping[str, Any], escapes: bool) -> str:
    environment = kind(loader=DictLoader({**OTHERS, "it": template}), autoescape=escapes)
    return environment.get_template("it").render(given)


@pytest.mark.parametrize("escapes", [True, False], ids=["escaped", "plain"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_writes_what_jinja_would_have_written(template: str, escapes: bool) -> None:
    for a, b, c in (("<a>", "b&", ["<", 1]), ("", 0, []), (Markup("<i>"), True, [None, "ä"])):
        values = {"a": a, "b": b, "c": c}
        assert text_of(Compiled, template, values, escapes) == text_of(
            Environment, template, values, escapes
        )
