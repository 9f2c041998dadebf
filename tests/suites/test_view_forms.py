"""Forms: the fields of a record, its values and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup

from tests.suites.rendering import pages_of
from velocious.errors import RenderError
from velocious.record import Record, belongs_to, enum, validates
from velocious.view.fragments import Fragments

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.rendering import Pages
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE writers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title VARCHAR(255), body TEXT, words INTEGER,
  price DECIMAL(10, 2), published BOOLEAN NOT NULL DEFAULT 0, due_on DATE, starts_at DATETIME,
  email VARCHAR(255), state VARCHAR(255), writer_id INTEGER, updated_at DATETIME
);
"""


class Writer(Record):
    pass


class Note(Record):
    writer = belongs_to("Writer")
    state = enum(["open", "in_review"])
    validations = [
        validates("title", presence=True),
        validates("words", numericality={"greater_than": 0}, allow_none=True),
    ]


@pytest.fixture
async def pages(environment: TestEnvironment) -> AsyncIterator[Pages]:
    async with pages_of(environment, models=[Writer, Note], schema=SCHEMA) as made:
        yield made


def fields(pages: Pages, text: str, record: Record | None = None) -> str:
    """What *text* makes inside of a form of *record*."""
    whole = "{% call(f) form(record, url='/x') %}|" + text + "|{% endcall %}"
    return pages.shown(whole, record=record).split("|")[1]


def test_a_new_record_is_posted_and_a_stored_one_patched(pages: Pages) -> None:
    shown = pages.shown("{% call(f) form(note, url='/notes') %}{% endcall %}", note=Note())
    assert shown.startswith('<form action="/notes" novalidate method="post">')
    assert "_method" not in shown


async def test_a_stored_record_is_patched_through_a_post(pages: Pages) -> None:
    note = await Note.create(title="x")
    shown = pages.shown("{% call(f) form(note, url='/notes/1') %}{% endcall %}", note=note)
    assert 'method="post"' in shown
    assert '<input type="hidden" name="_method" value="patch">' in shown


def test_a_form_without_a_record_says_where_it_goes(pages: Pages) -> None:
    text = "{% call(f) form(url='/search', method='get') %}{{ f.text('q', label='Find') }}"
    shown = pages.shown(text + "{% endcall %}")
    assert shown.startswith('<form action="/search" method="get">')
    assert '<label for="q">Find</label><input type="text" id="q" name="q">' in shown
    with pytest.raises(RenderError, match="needs an address"):
        pages.shown("{% call(f) form() %}{% endcall %}")
    with pytest.raises(RenderError, match="form takes a record"):
        pages.shown("{% call(f) form('notes') %}{% endcall %}")


@pytest.mark.parametrize(
    ("attribute", "control"),
    [
        ("title", '<input type="text" id="note_title" name="note[title]" value="&#34;T&#34;">'),
        ("body", '<textarea id="note_body" name="note[body]" rows="6">\nB\n&lt;c&gt;</textarea>'),
        ("words", '<input type="number" id="note_words" name="note[words]" value="5">'),
        ("price", 'type="number" id="note_price" name="note[price]" step="any" value="9.90">'),
        ("due_on", '<input type="date" id="note_due_on" name="note[due_on]" value="2026-03-01">'),
        ("starts_at", 'type="datetime-local" id="note_starts_at" name="note[starts_at]" '
                      'value="2026-03-01T09:05">'),
        ("email", '<input type="email" id="note_email" name="note[email]">'),
        ("state", '<option value="in_review" selected>In review</option>'),
        ("published", '<input type="checkbox" value="1" checked id="note_published" '
                      'name="note[published]"> Published'),
        ("published", '<input type="hidden" name="note[published]" value="0">'),
    ],
)  # fmt: skip
def test_a_field_suits_its_column(pages: Pages, attribute: str, control: str) -> None:
    note = Note(
        title='"T"',
        body="B\n<c>",
        words=5,
        price="9.90",
        due_on=date(2026, 3, 1),
        starts_at=datetime(2026, 3, 1, 9, 5, tzinfo=UTC),
        published=True,
        state="in_review",
    )
    assert control in fields(pages, f"{{{{ f.field('{attribute}') }}}}", note)


async def test_what_is_wrong_stands_at_its_field(pages: Pages) -> None:
    note = Note(title="", words=-1)
    assert not await note.is_valid()
    shown = fields(pages, "{{ f.text('title', hint='Short') }}", note)
    assert shown == (
        '<div class="field field-wrong"><label for="note_title">Title</label>'
        '<input type="text" id="note_title" name="note[title]" aria-invalid="true" '
        'aria-describedby="note_title_hint note_title_error" value="">'
        '<p class="field-hint" id="note_title_hint">Short</p>'
        '<p class="field-error" id="note_title_error">can&#39;t be blank</p></div>'
    )
    assert 'value="-1"' in fields(pages, "{{ f.field('words') }}", note)


async def test_all_that_is_wrong_is_listed_with_links_to_the_fields(pages: Pages) -> None:
    note = Note(title="", words=-1)
    assert fields(pages, "{{ f.error_summary() }}", note) == ""
    await note.is_valid()
    note.errors.add("base", "x", "Too late <today>")
    shown = fields(pages, "{{ f.error_summary() }}", note)
    assert 'role="alert"' in shown
    assert "3 problems kept this note from being saved" in shown
    assert '<li><a href="#note_title">Title can&#39;t be blank</a></li>' in shown
    assert "<li>Too late &lt;today&gt;</li>" in shown


async def test_a_choice_among_records_shows_their_names(pages: Pages) -> None:
    for name in ("Ada", "<Bob>"):
        await Writer.create(name=name)
    writers = await Writer.order("id").to_list()
    note = Note(writer_id=writers[1].primary_key_value())
    text = "{% call(f) form(record, url='/x') %}{{ f.select('writer_id', writers, prompt='–') }}"
    shown = pages.shown(text + "{% endcall %}", record=note, writers=writers)
    assert '<label for="note_writer_id">Writer</label>' in shown
    assert '<option value="">–</option><option value="1">Ada</option>' in shown
    assert '<option value="2" selected>&lt;Bob&gt;</option>' in shown


def test_a_field_for_files_makes_the_form_multipart(pages: Pages) -> None:
    text = "{% call(f) form(url='/x') %}{{ f.file('cover') }}{{ f.file('more', multiple=true) }}"
    shown = pages.shown(text + "{% endcall %}")
    assert 'enctype="multipart/form-data"' in shown
    assert '<input type="file" id="cover" name="cover">' in shown
    assert 'name="more[]"' in shown


def test_a_password_is_never_shown_again(pages: Pages) -> None:
    shown = fields(pages, "{{ f.password('email') }}", Note(email="secret"))
    assert "secret" not in shown and 'type="password"' in shown


async def test_records_below_a_record_have_fields_of_their_own(pages: Pages) -> None:
    stored = await Note.create(title="Stored")
    text = (
        "{% call(f) form(record, url='/x') %}{% call(n) f.nested('notes', notes) %}"
        "{{ n.text('title') }}{% endcall %}{% endcall %}"
    )
    shown = pages.shown(text, record=Writer(), notes=[stored, Note(title="New")])
    assert 'name="writer[notes_attributes][0][id]" value="1"' in shown
    assert 'name="writer[notes_attributes][0][title]" value="Stored"' in shown
    assert 'id="writer_notes_attributes_1_title"' in shown
    assert "[1][id]" not in shown


def test_a_button_says_what_it_does(pages: Pages) -> None:
    assert fields(pages, "{{ f.submit() }}", Note()).endswith(">Create note</button>")
    assert fields(pages, "{{ f.submit('Go') }}", Note()).endswith(">Go</button>")


# Fragments


async def test_a_fragment_is_rendered_again_when_its_record_changes(pages: Pages) -> None:
    calls: list[str] = []
    note = await Note.create(title="One", updated_at=datetime(2026, 1, 1, tzinfo=UTC))
    text = "{% cache note %}{{ calls.append('x') or note.title }}{% endcache %}"
    assert pages.shown(text, note=note, calls=calls) == "One"
    assert pages.shown(text, note=note, calls=calls) == "One"
    assert len(calls) == 1
    await note.update(title="Two")
    assert pages.shown(text, note=note, calls=calls) == "Two"
    assert pages.shown("changed " + text, note=note, calls=calls) == "changed Two"
    assert len(calls) == 3


async def test_a_fragment_of_what_has_no_version_is_refused(pages: Pages) -> None:
    writer = await Writer.create(name="Ada")
    with pytest.raises(RenderError, match="neither updated_at nor lock_version"):
        pages.shown("{% cache writer %}{% endcache %}", writer=writer)
    with pytest.raises(RenderError, match="nothing tells when that has changed"):
        pages.shown("{% cache query %}{% endcache %}", query=Note.where(title="x"))
    with pytest.raises(RenderError, match="unsaved changes"):
        pages.shown("{% cache note %}{% endcache %}", note=Note(title="x"))


def test_what_is_one_visitor_s_own_is_never_cached(pages: Pages) -> None:
    with pytest.raises(RenderError, match=r"csrf_field\(\) belongs to one visitor"):
        pages.shown("{% cache 'x' %}{{ button_to('Delete', '/x') }}{% endcache %}")


async def test_a_fragment_of_one_tenant_is_never_shown_to_another(pages: Pages) -> None:
    text = "{% cache 'menu' %}{{ name }}{% endcache %}"
    for tenant in ("acme", "globex"):
        async with pages.configuration.run_with_tenant(tenant):
            assert pages.shown(text, name=tenant) == tenant
    async with pages.configuration.run_with_tenant("acme"):
        assert pages.shown(text, name="globex") == "acme"
    async with pages.configuration.run_with_tenant({"name": "acme"}):
        with pytest.raises(RenderError, match="cannot be told from others"):
            pages.shown(text, name="x")


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    kept = Fragments(limit=40)
    for name in ("a", "b", "c", "d"):
        kept.put((name,), Markup(name * 10))
    assert kept.get(("a",)) is not None
    kept.put(("e",), Markup("e" * 10))
    assert [kept.get((name,)) is not None for name in "abcde"] == [True, False, True, True, True]
    kept.put(("big",), Markup("x" * 30))
    assert kept.get(("big",)) is None
    assert len(kept) == 4
