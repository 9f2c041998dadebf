"""Records as JSON: named attributes and loaded relationships, and nothing else of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from velocious.controller.encoding import query_json, to_json
from velocious.controller.encoding.record_data import chosen, record_data
from velocious.errors import (
    AttributeNotSelectedError,
    RelationshipNotLoadedError,
    RenderError,
    UnknownAttributeError,
)
from velocious.record import Record, belongs_to, has_many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE folders (id INTEGER PRIMARY KEY, name VARCHAR(255), secret TEXT);
CREATE TABLE papers (
  id INTEGER PRIMARY KEY, folder_id INTEGER REFERENCES folders (id), title VARCHAR(255),
  done BOOLEAN, weight DOUBLE PRECISION, price DECIMAL(9, 2), seen_at TIMESTAMP, extra JSON
);
"""


class Folder(Record):
    papers = has_many("Paper")

    @property
    def shout(self) -> str:
        return str(getattr(self, "name")).upper()  # noqa: B009


class Paper(Record):
    folder = belongs_to("Folder")


EVERYTHING = ["id", "folder_id", "title", "done", "weight", "price", "seen_at", "extra"]


@pytest.fixture
async def papers(environment: TestEnvironment) -> AsyncIterator[list[Any]]:
    async with environment.application(models=[Folder, Paper], schema=SCHEMA):
        folder = await Folder.create(name="In{b}ox", secret="s3cret")
        await Paper.create(
            folder=folder,
            title='A "quoted"\n\\ paper é\U0001f600',
            done=True,
            weight=1.5,
            price="9.90",
            seen_at="2026-01-02 03:04:05",
            extra={"a": [1, None]},
        )
        await Paper.create(title="", done=False, weight=2)
        await Paper.create()
        yield await Paper.order("id").to_list()


async def test_a_list_of_records_is_what_reading_each_attribute_gives(papers: list[Any]) -> None:
    for names in (EVERYTHING, ["title", "id"], ["done"], []):
        items = chosen(names)
        read = to_json([dict(record_data(paper, items)) for paper in papers])
        assert to_json(papers, names) == read
        assert await query_json(Paper.order("id"), names) == read


async def test_a_changed_record_is_rendered_as_it_is_now(papers: list[Any]) -> None:
    papers[1].title = "New"
    assert json.loads(to_json(papers, ["title", "done"]))[1] == {"title": "New", "done": False}


async def test_what_was_not_selected_is_an_error_in_a_list_too(papers: list[Any]) -> None:
    found = await Paper.select("id").order("id").to_list()
    assert json.loads(to_json(found, ["id"])) == [{"id": 1}, {"id": 2}, {"id": 3}]
    for name in ("title", "done", "price", "seen_at"):
        with pytest.raises(AttributeNotSelectedError):
            to_json(found, [name])


async def test_related_records_are_named_and_loaded_or_not_rendered(papers: list[Any]) -> None:
    wanted: Any = ["title", {"folder": ["name", "shout"]}]
    with pytest.raises(RelationshipNotLoadedError):
        to_json(papers, wanted)
    found = await Paper.preload("folder").order("id").to_list()
    assert json.loads(to_json(found, wanted))[0]["folder"] == {
        "name": "In{b}ox",
        "shout": "IN{B}OX",
    }
    assert json.loads(to_json(found, wanted))[1]["folder"] is None
    folder = await Folder.preload("papers").find(1)
    assert json.loads(to_json({"folder": folder}, [{"papers": ["id"]}])) == {
        "folder": {"papers": [{"id": 1}]}
    }
    with pytest.raises(RenderError, match=r"Paper#folder is a record itself.*attributes="):
        to_json(found, ["folder"])


@pytest.mark.parametrize(
    ("attributes", "said"),
    [("id", "is no list of names"), (["_row"], "no attribute of a record"), ([1], "names 1")],
)
async def test_attributes_are_a_list_of_public_names(
    papers: list[Any], attributes: Any, said: str
) -> None:
    with pytest.raises(RenderError, match=said):
        to_json(papers, attributes)


async def test_an_unknown_attribute_is_an_error(papers: list[Any]) -> None:
    for value in (papers, papers[0]):
        with pytest.raises((UnknownAttributeError, AttributeError), match="titel"):
            to_json(value, ["titel"])


async def test_several_models_in_one_list_are_rendered_each_by_its_attributes(
    papers: list[Any],
) -> None:
    folder = await Folder.find(1)
    assert json.loads(to_json([folder, papers[0]], ["id"])) == [{"id": 1}, {"id": 1}]


async def test_a_query_is_rendered_like_the_list_of_what_it_finds(papers: list[Any]) -> None:
    await papers[0].load("folder")
    await Folder.create(name="In{b}ox")
    wanted: list[tuple[Any, Any]] = [
        (Paper.where(done=True).limit(1), ["id", "title"]),
        (Paper.preload("folder").order("id"), ["id", {"folder": ["name"]}]),
        (Paper.where(title="nothing"), ["id"]),
        (Folder.order("id"), ["name", "shout"]),
        (papers[0].folder.papers.order("id"), ["title"]),
        (Paper.joins("folder").where(folder={"name": "In{b}ox"}), ["id", "folder_id"]),
        (Paper.order("-id").limit(5).offset(1), ["id", "seen_at"]),
        (Folder.order("id").distinct(), ["name"]),
    ]
    for query, attributes in wanted:
        assert await query_json(query, attributes) == to_json(await query.to_list(), attributes)
    with pytest.raises(RenderError, match="no attribute of a record"):
        await query_json(Paper.all(), ["_row"])
    with pytest.raises((UnknownAttributeError, AttributeError), match="titel"):
        await query_json(Paper.all(), ["titel"])
