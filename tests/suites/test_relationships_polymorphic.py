"""Polymorphic relationships: the key and the name of the model are used together, everywhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.statements import recorded_statements
from velocious.errors import (
    ConfigurationError,
    QueryError,
    UnknownModelError,
    UnknownRelationshipError,
    UnsupportedValueError,
)
from velocious.query import Query
from velocious.record import Record, belongs_to, has_many, has_one

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE articles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE photos (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, article_id INTEGER);
CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  subject_type TEXT, subject_id INTEGER, body TEXT);
"""


class Article(Record):
    id: Attribute[int]
    notes = has_many("Note", as_="subject", dependent="destroy")
    photos = has_many("Photo")
    photo_notes = has_many("Note", through="photos", source="notes")


class Essay(Article):
    table_name = "articles"


class Photo(Record):
    id: Attribute[int]
    article = belongs_to("Article")
    notes = has_many("Note", as_="subject", dependent="nullify")
    first_note = has_one("Note", lambda notes: notes.order("id"), as_="subject")
    rare_notes = has_many("Note", lambda notes: notes.where(body="rare"), as_="subject")


class Note(Record):
    id: Attribute[int]
    body: Attribute[str]
    subject_type: Attribute[str | None]
    subject_id: Attribute[int | None]
    subject = belongs_to(polymorphic=True)


@pytest.fixture
async def album(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    """An article and a photo with the same key, and notes on both."""
    models = [Article, Essay, Photo, Note]
    async with environment.application(models=models, schema=SCHEMA) as configuration:
        article = await Article.create(name="Moon")
        photo = await Photo.create(name="Crater", article=article)
        await article.notes.create(body="long")
        await photo.notes.create(body="sharp")
        await Note.create(body="rare", subject=photo)
        yield configuration


async def test_the_type_is_written_with_the_key(album: Configuration) -> None:
    assert await Note.order("id").pluck("subject_type", "subject_id") == [
        ("Article", 1),
        ("Photo", 1),
        ("Photo", 1),
    ]
    note = Note(body="new", subject=Photo(name="Rock"))
    await note.save()
    assert (note.subject_type, note.subject_id) == ("Photo", 2)
    await note.update(subject=None)
    assert (note.subject_type, note.subject_id) == (None, None)


async def test_loads_and_queries_never_mix_types(album: Configuration) -> None:
    article, photo = await Article.find(1), await Photo.find(1)
    assert [note.body for note in await article.notes] == ["long"]
    assert [note.body for note in await photo.notes] == ["sharp", "rare"]
    assert await article.notes.where().pluck("body") == ["long"]
    assert await photo.notes.where(body="long").count() == 0
    assert [note.body for note in await photo.rare_notes] == ["rare"]
    assert (await photo.load("first_note")).body == "sharp"
    assert (await article.notes.find_or_create_by({"body": "x"})).subject_type == "Article"


async def test_joins_never_mix_types(album: Configuration) -> None:
    assert await Article.where(notes={"body": "sharp"}).count() == 0
    assert await Photo.where(notes={"body": "sharp"}).pluck("name") == ["Crater"]
    assert await Photo.joins("notes").count() == 2
    assert await Photo.joins("rare_notes").count() == 1
    assert await Article.left_joins("notes").count() == 1


async def test_a_preload_is_one_statement_for_each_type(album: Configuration) -> None:
    await Note.create(body="loose")
    with recorded_statements(album) as statements:
        notes = await Note.preload("subject").order("id")
    assert len(statements) == 3
    assert [note.subject and note.subject.name for note in notes] == [
        "Moon",
        "Crater",
        "Crater",
        None,
    ]
    assert notes[1].subject is notes[2].subject


async def test_preloads_go_on_behind_one(album: Configuration) -> None:
    notes = await Note.preload({"subject": "notes"}).order("id")
    assert [len(note.subject.notes) for note in notes] == [1, 2, 2]
    with pytest.raises(UnknownRelationshipError, match="Article has no relationship 'article'"):
        await Note.preload({"subject": "article"}).to_list()


async def test_the_first_load_serves_all_siblings(album: Configuration) -> None:
    notes = await Note.order("id")
    with recorded_statements(album) as statements:
        names = [(await note.load("subject")).name for note in notes]
    assert names == ["Moon", "Crater", "Crater"]
    assert len(statements) == 2


async def test_children_know_their_subject(album: Configuration) -> None:
    photo = await Photo.preload("notes").first_or_fail()
    assert all(note.subject is photo for note in photo.notes)
    assert photo.notes.build(body="new").subject is photo


async def test_conditions_take_a_record_of_any_model(album: Configuration) -> None:
    article, photo = await Article.find(1), await Photo.find(1)
    for _ in range(2):  # the second time from the plans that were remembered
        assert await Note.where(subject=article).pluck("body") == ["long"]
        assert await Note.where(subject=photo).order("id").pluck("body") == ["sharp", "rare"]
    await Note.create(body="loose")
    assert await Note.where(subject=None).pluck("body") == ["loose"]
    assert await Note.where_not(subject=article).count() == 3 - 1
    with pytest.raises(UnsupportedValueError, match=r"polymorphic.*not with 5.*subject_type="):
        await Note.where(subject=5).to_list()
    with pytest.raises(UnsupportedValueError, match="no key before it is saved"):
        await Note.where(subject=Photo(name="x")).to_list()


async def test_conditions_take_records_of_mixed_models(album: Configuration) -> None:
    article, photo = await Article.find(1), await Photo.find(1)
    other = await Article.create(name="Sun")
    await other.notes.create(body="bright")
    await Note.create(body="loose")

    async def bodies(*records: Any) -> list[str]:
        return await Note.where(subject=list(records)).order("id").pluck("body")

    for _ in range(2):  # the second time from the plans that were remembered
        assert await bodies(article, photo) == ["long", "sharp", "rare"]
        assert await bodies(photo, other, article) == ["long", "sharp", "rare", "bright"]
        assert await bodies(article, other) == ["long", "bright"]
        assert await bodies(photo, None) == ["sharp", "rare", "loose"]
        assert await bodies(None) == ["loose"]
        assert await bodies() == []
    others = Note.where_not(subject=[article, photo])
    assert await others.pluck("body") == ["bright"]
    assert await Note.where_not(subject=[photo, None]).order("id").pluck("body") == [
        "long",
        "bright",
    ]
    assert await Note.where_not(subject=[]).count() == 5


async def test_conditions_take_very_many_records(album: Configuration) -> None:
    await Photo.insert_multiple(["name"], [[f"p{number}"] for number in range(300)])
    photos = await Photo.all()
    article = await Article.find(1)
    assert await Note.where(subject=[*photos, article]).count() == 3
    assert await Note.where(subject=photos).count() == 2
    assert await Photo.where(article=[article]).pluck("name") == ["Crater"]


async def test_a_list_with_something_else_in_it_is_refused(album: Configuration) -> None:
    photo = await Photo.find(1)
    with pytest.raises(UnsupportedValueError, match=r"polymorphic.*not with 5"):
        await Note.where(subject=[photo, 5]).to_list()
    with pytest.raises(UnsupportedValueError, match=r"polymorphic.*not with 5"):
        await Note.where(subject=[5, photo]).to_list()


async def test_conditions_travel_as_data_with_their_types(album: Configuration) -> None:
    article, photo = await Article.find(1), await Photo.find(1)

    def sent(query: Any) -> Any:
        return Query.from_data(json.loads(json.dumps(query.to_data())))

    assert await sent(Note.where(subject=article)).pluck("body") == ["long"]
    assert await sent(Note.where(subject=[photo])).order("id").pluck("body") == ["sharp", "rare"]
    assert await sent(Note.where_not(subject=photo)).pluck("body") == ["long"]
    assert await sent(Note.where(subject=None)).count() == 0
    assert await sent(Note.where_not(subject=[])).count() == 3
    assert await sent(Photo.where(article={"notes": {"subject": article}})).count() == 1
    assert await sent(Photo.where(article={"notes": {"subject": photo}})).count() == 0
    for mixed in ([article, photo], [photo, None], Photo(name="x")):
        with pytest.raises(UnsupportedValueError, match="subject is compared"):
            Note.where(subject=mixed).to_data()


async def test_the_name_of_a_type_never_stands_in_the_sql(album: Configuration) -> None:
    photo = await Photo.find(1)
    for query in (
        Photo.joins("notes"),
        Photo.where(notes={"body": "sharp"}),
        Article.joins("photo_notes"),
        Note.where(subject=photo),
        Note.where(subject=[photo]),
        photo.notes.where(),
    ):
        assert "Photo" not in await query.to_sql()


async def test_joins_to_them_are_planned_once(album: Configuration) -> None:
    async def rare() -> list[Any]:
        return await Photo.where(notes={"body": "rare"}).pluck("name")

    assert await rare() == ["Crater"]
    schema = Photo._definition.schema_or_fail()
    plans = len(schema.plans)
    assert await rare() == ["Crater"]
    assert len(schema.plans) == plans
    assert any("rare" not in str(key) and "notes" in str(key) for key in schema.plans)


async def test_a_new_key_or_type_drops_the_loaded_record(album: Configuration) -> None:
    note = await Note.preload("subject").first_or_fail()
    note.subject_type = "Photo"
    assert (await note.load("subject")).name == "Crater"
    note.subject_id = 99
    assert await note.load("subject") is None


async def test_joining_along_one_is_a_clear_error(album: Configuration) -> None:
    message = r"Note.subject is polymorphic.*where\(subject=record\).*as_='subject'"
    with pytest.raises(QueryError, match=message):
        await Note.joins("subject").to_list()
    with pytest.raises(QueryError, match=message):
        await Note.where(subject={"name": "Moon"}).to_list()


async def test_a_type_that_names_no_model_is_an_error(album: Configuration) -> None:
    await Note.where(body="long").to_list()
    await Note.create(body="odd", subject_type="Phoot", subject_id=1)
    with pytest.raises(UnknownModelError, match="'Photo'"):
        await Note.preload("subject").to_list()


async def test_classes_of_one_table_share_a_type(album: Configuration) -> None:
    essay = await Essay.find(1)
    assert [note.body for note in await essay.notes] == ["long"]
    assert await Note.where(subject=essay).pluck("body") == ["long"]
    assert (await Note.create(subject=essay)).subject_type == "Article"


async def test_dependents_of_other_types_are_left_alone(album: Configuration) -> None:
    await (await Photo.find(1)).destroy()
    assert await Note.order("id").pluck("subject_type", "subject_id") == [
        ("Article", 1),
        (None, None),
        (None, None),
    ]
    await (await Article.find(1)).destroy()
    assert await Note.count() == 2


async def test_a_way_through_leads_to_them(album: Configuration) -> None:
    article = await Article.preload("photo_notes").first_or_fail()
    assert [note.body for note in article.photo_notes] == ["sharp", "rare"]
    assert await article.photo_notes.where(body="rare").count() == 1


def test_a_declaration_names_a_model_or_is_polymorphic() -> None:
    with pytest.raises(ConfigurationError, match=r"belongs_to takes either.*polymorphic=True"):
        belongs_to()
    with pytest.raises(ConfigurationError, match=r"belongs_to takes either"):
        belongs_to("Photo", polymorphic=True)
