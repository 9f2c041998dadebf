"""Five models that lead to each other every way there is, and rows that make no sense: dangling
keys, NULLs everywhere, texts that differ in case alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.record import Record, belongs_to, has_many, has_one

if TYPE_CHECKING:
    from random import Random

    from velocious.record import Attribute

SCHEMA = """
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name VARCHAR(20), level INTEGER, price DECIMAL(8, 2)
);
CREATE TABLE boards (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, person_id INTEGER, name VARCHAR(20), level INTEGER
);
CREATE TABLE cards (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, board_id INTEGER, person_id INTEGER,
  parent_id INTEGER, name VARCHAR(20), level INTEGER, done BOOLEAN
);
CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(20), level INTEGER);
CREATE TABLE taggings (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, card_id INTEGER, tag_id INTEGER, level INTEGER
);
CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, subject_type VARCHAR(20), subject_id INTEGER,
  name VARCHAR(20), level INTEGER
);
"""


class Person(Record):
    id: Attribute[int]
    table_name = "people"
    boards = has_many("Board")
    cards = has_many("Card")
    board_cards = has_many("Card", through="boards", source="cards")
    notes = has_many("Note", as_="subject")


class Board(Record):
    id: Attribute[int]
    person = belongs_to("Person")
    cards = has_many("Card")
    first_card = has_one("Card", lambda cards: cards.order("level", "id"))
    high_cards = has_many("Card", lambda cards: cards.where(Card.level > 1))
    owned_cards = has_many("Card", lambda cards: cards.where(person={"level": [1, 2, 3]}))
    notes = has_many("Note", as_="subject")


class Card(Record):
    id: Attribute[int]
    board = belongs_to("Board")
    person = belongs_to("Person")
    parent = belongs_to("Card")
    children = has_many("Card", foreign_key="parent_id")
    taggings = has_many("Tagging")
    tags = has_many("Tag", through="taggings")


class Tag(Record):
    id: Attribute[int]
    taggings = has_many("Tagging")
    cards = has_many("Card", through="taggings")


class Tagging(Record):
    id: Attribute[int]
    card = belongs_to("Card")
    tag = belongs_to("Tag")


class Note(Record):
    id: Attribute[int]
    subject = belongs_to(polymorphic=True)


MODELS: tuple[Any, ...] = (Person, Board, Card, Tag, Tagging, Note)

#: Model → its attributes by kind.
NUMBERS = {
    Person: ["level"],
    Board: ["level", "person_id"],
    Card: ["level", "board_id", "person_id", "parent_id"],
    Tag: ["level"],
    Tagging: ["level", "card_id", "tag_id"],
    Note: ["level", "subject_id"],
}
TEXTS: dict[Any, list[str]] = {model: [] if model is Tagging else ["name"] for model in MODELS}
#: Model → relationship → model: those that can be joined.
WAYS: dict[Any, dict[str, Any]] = {
    Person: {"boards": Board, "cards": Card, "board_cards": Card, "notes": Note},
    Board: {
        "person": Person,
        "cards": Card,
        "first_card": Card,
        "high_cards": Card,
        "owned_cards": Card,
        "notes": Note,
    },
    Card: {
        "board": Board,
        "person": Person,
        "parent": Card,
        "children": Card,
        "taggings": Tagging,
        "tags": Tag,
    },
    Tag: {"taggings": Tagging, "cards": Card},
    Tagging: {"card": Card, "tag": Tag},
    Note: {},
}

_NAMES = ["a", "A", "b", "a b", "", None]


def number(random: Random) -> int:
    return random.randint(0, 4)


def rows_of(random: Random, model: Any) -> list[dict[str, Any]]:
    """Up to five rows."""
    return [_row(random, model) for _ in range(random.randint(0, 5))]


def _row(random: Random, model: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: None if random.random() < 0.25 else number(random) for name in NUMBERS[model]
    }
    row |= {name: random.choice(_NAMES) for name in TEXTS[model]}
    if model is Person:
        row["price"] = random.choice([None, "1.50", "2"])
    if model is Card:
        row["done"] = random.choice([None, True, False])
    if model is Note:
        row["subject_type"] = random.choice([None, "Person", "Board", "Tag"])
    return row


def text(random: Random) -> str:
    return random.choice(["a", "A", "b", ""])
