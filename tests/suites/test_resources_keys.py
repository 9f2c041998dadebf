"""Keys that clients write lead to what they may read, or nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.exposing import HERE, Client
from velocious.record import Record, belongs_to, has_many
from velocious.resource import Resource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE rooms (id INTEGER PRIMARY KEY, name VARCHAR(255));
CREATE TABLE chairs (
  id INTEGER PRIMARY KEY, name VARCHAR(255), room_id INTEGER REFERENCES rooms (id), maker_id INTEGER
);
CREATE TABLE labels (
  id INTEGER PRIMARY KEY, body VARCHAR(255), subject_type VARCHAR(255), subject_id INTEGER
);
"""
HIDDEN, ABSENT, SHOWN = 2, 99, 1


class Room(Record):
    chairs = has_many("Chair")


class Maker(Record):
    table_name = "rooms"


class Chair(Record):
    room = belongs_to("Room")
    maker = belongs_to("Maker")


class Label(Record):
    subject = belongs_to(polymorphic=True)


class RoomResource(Resource):
    model = Room
    attributes = ("id", "name")

    def abilities(self) -> None:
        self.can("manage")
        self.cannot("read", name="hidden")


class ChairResource(Resource):
    model = Chair
    attributes = ("id", "name", "room_id", "maker_id")
    writable = ("name", "room_id", "maker_id")
    filterable = ("id", "room_id")

    def abilities(self) -> None:
        self.can("manage")

    def permitted_params(self, action: str, params: Mapping[str, Any]) -> Sequence[str]:
        return ("name",) if params.get("room_id") == -1 else self.writable


class LabelResource(Resource):
    model = Label
    attributes = ("id", "body", "subject_type", "subject_id")
    writable = ("body", "subject_type", "subject_id")
    relationships = ("subject",)

    def abilities(self) -> None:
        self.can("manage")


class BlindResource(LabelResource):
    model = Label
    blind_keys = ("subject_id",)


RESOURCES: tuple[type[Resource], ...] = (RoomResource, ChairResource, LabelResource)


async def client_of(
    environment: TestEnvironment, resources: Sequence[type[Resource]]
) -> AsyncIterator[Client]:
    async with environment.application(
        models=[Room, Maker, Chair, Label],
        schema=SCHEMA,
        resources=resources,
        frontend_models=HERE,
    ) as configuration:
        await Room.create(id=SHOWN, name="shown")
        await Room.create(id=HIDDEN, name="hidden")
        await Chair.create(id=1, name="red", room_id=SHOWN)
        await Chair.create(id=2, name="blue", room_id=HIDDEN)
        yield Client(configuration)


@pytest.fixture
async def client(environment: TestEnvironment) -> AsyncIterator[Client]:
    async for one in client_of(environment, RESOURCES):
        yield one


@pytest.fixture
async def blind(environment: TestEnvironment) -> AsyncIterator[Client]:
    async for one in client_of(environment, (RoomResource, ChairResource, BlindResource)):
        yield one


async def test_a_hidden_row_and_none_at_all_are_answered_alike(client: Client) -> None:
    for key in ("roomId", "room_id"):
        hidden, absent = [
            await client.do("create", "Chair", attributes={"name": "x", key: one})
            for one in (HIDDEN, ABSENT)
        ]
        assert hidden == absent
        assert hidden["errors"] == {
            "roomId": [{"code": "not_found", "message": "leads to no record"}]
        }
    assert await Chair.count() == 2


async def test_nothing_is_moved_to_a_row_that_its_client_may_not_read(client: Client) -> None:
    moved = await client.do("update", "Chair", id=1, attributes={"roomId": HIDDEN})
    assert moved["code"] == "invalid_arguments"
    chair: Any = await Chair.find(1)
    assert chair.room_id == SHOWN


@pytest.mark.parametrize("room", [SHOWN, str(SHOWN), None])
async def test_keys_lead_to_what_is_readable_or_nowhere(client: Client, room: Any) -> None:
    created = await client.do("create", "Chair", attributes={"name": "x", "roomId": room})
    assert created["model"]["roomId"] == (None if room is None else SHOWN)


async def test_what_led_to_a_hidden_row_before_may_be_sent_back(client: Client) -> None:
    attributes = {"name": "green", "roomId": HIDDEN}
    updated = await client.do("update", "Chair", id=2, attributes=attributes)
    assert updated["model"]["name"] == "green"


async def test_rows_of_models_without_a_resource_are_their_databases_matter(
    client: Client,
) -> None:
    created = await client.do("create", "Chair", attributes={"name": "x", "makerId": ABSENT})
    assert created["model"]["makerId"] == ABSENT


@pytest.mark.parametrize(
    "subject",
    [
        {"subjectType": "Room", "subjectId": HIDDEN},
        {"subjectType": "Room", "subjectId": ABSENT},
        {"subjectType": "Maker", "subjectId": SHOWN},
        {"subjectType": "Nonsense", "subjectId": SHOWN},
        {"subjectType": "Nonsense"},
    ],
)
async def test_clients_point_at_no_model_and_no_row_that_is_not_theirs_to_see(
    client: Client, subject: Any
) -> None:
    refused = await client.do("create", "Label", attributes={"body": "x", **subject})
    assert refused["code"] == "invalid_arguments"
    assert await Label.count() == 0


async def test_type_and_key_are_looked_at_together(client: Client) -> None:
    subject = {"subjectType": "Room", "subjectId": SHOWN}
    created = await client.do("create", "Label", attributes={"body": "x", **subject})
    key = created["model"]["id"]
    assert (await client.do("index", "Label", preload=["subject"]))["models"][0]["id"] == key
    moved = await client.do("update", "Label", id=key, attributes={"subjectId": HIDDEN})
    assert moved["code"] == "invalid_arguments"


async def test_a_resource_may_let_keys_lead_to_what_is_hidden(blind: Client) -> None:
    subject = {"subjectType": "Room", "subjectId": HIDDEN}
    created = await blind.do("create", "Label", attributes={"body": "x", **subject})
    assert created["model"]["subjectId"] == HIDDEN
    nonsense = await blind.do("create", "Label", attributes={"subjectType": "Nonsense"})
    assert nonsense["code"] == "invalid_arguments"


async def test_one_attribute_under_both_of_its_names_is_refused(client: Client) -> None:
    both = {"room_id": SHOWN, "roomId": None}
    for kind, payload in (
        ("create", {"attributes": both}),
        ("update", {"id": 1, "attributes": both}),
        ("index", {"where": both}),
    ):
        assert (await client.do(kind, "Chair", **payload))["code"] == "malformed_command"


@pytest.mark.parametrize("name", ["room_id", "roomId"])
async def test_a_resource_is_asked_with_the_names_that_it_lists(client: Client, name: str) -> None:
    refused = await client.do("create", "Chair", attributes={"name": "x", name: -1})
    assert refused["code"] == "not_writable"


@pytest.mark.parametrize(
    "body",
    [
        b'{"requests": [], "requests": [{"model": "Chair", "commandType": "count"}]}',
        b'{"model": "Chair", "commandType": "find", "payload": {"id": 1, "id": 2}}',
    ],
)
async def test_a_name_that_is_there_twice_is_refused(client: Client, body: bytes) -> None:
    answer = await client.post(body)
    assert answer.status == 400
    assert "twice" in answer.json["error"]["message"]
