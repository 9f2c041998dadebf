"""How names of classes, tables, files and people's words turn into each other.

Law: the one place that inflects. Rails' rules (the ``inflection`` package) with a table of our own
on top; only the last word of a name is inflected, so that ``project_equipment`` stays as
uncountable as ``equipment``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import inflection

if TYPE_CHECKING:
    from collections.abc import Callable

type Rule = Callable[[str], str]

_IRREGULAR = {
    "german": "germans",
    "roman": "romans",
    "shaman": "shamans",
    "talisman": "talismans",
    "ottoman": "ottomans",
    "criterion": "criteria",
    "phenomenon": "phenomena",
    "goose": "geese",
    "tooth": "teeth",
    "foot": "feet",
    "leaf": "leaves",
    "loaf": "loaves",
    "calf": "calves",
    "knife": "knives",
    "wife": "wives",
    "life": "lives",
    "curriculum": "curricula",
    "cache": "caches",
    "schema": "schemas",
    "movie": "movies",
    "cookie": "cookies",
    "zombie": "zombies",
    "hero": "heroes",
    "potato": "potatoes",
    "echo": "echoes",
    "corpus": "corpora",
    "genus": "genera",
    "menu": "menus",
    "quiz": "quizzes",
    "chassis": "chassis",
    "canvas": "canvases",
    "gas": "gases",
    "atlas": "atlases",
    "lens": "lenses",
    "census": "censuses",
    "bonus": "bonuses",
    "cow": "cows",
    "slave": "slaves",
    "dive": "dives",
    "wave": "waves",
    "cave": "caves",
    "grave": "graves",
    "olive": "olives",
    "glove": "gloves",
    "valve": "valves",
    "nerve": "nerves",
    "curve": "curves",
    "reserve": "reserves",
    "sleeve": "sleeves",
    "stove": "stoves",
    "groove": "grooves",
    "drive": "drives",
    "five": "fives",
    "campus": "campuses",
}
_REGULAR = {plural: singular for singular, plural in _IRREGULAR.items()}
_UNCOUNTABLE = {
    "access",
    "advice",
    "aircraft",
    "data",
    "equipment",
    "feedback",
    "fish",
    "furniture",
    "hardware",
    "homework",
    "information",
    "jeans",
    "knowledge",
    "luggage",
    "metadata",
    "money",
    "music",
    "news",
    "police",
    "progress",
    "rice",
    "series",
    "sheep",
    "software",
    "species",
    "staff",
    "traffic",
    "weather",
}
_LAST_WORD = re.compile(r"(?:[A-Z]?[a-z0-9]+|[A-Z0-9]+|[^\W_]+)$")


@lru_cache(maxsize=4096)
def underscore(name: str) -> str:
    """``"ProjectDetail"`` → ``"project_detail"``, ``"HTTPLog"`` → ``"http_log"``."""
    return inflection.underscore(name.replace(" ", "_"))


@lru_cache(maxsize=4096)
def camelize(name: str) -> str:
    """``"project_detail"`` → ``"ProjectDetail"``; dashes and spaces separate words too."""
    return inflection.camelize(re.sub(r"[\s\-]+", "_", name.strip()))


@lru_cache(maxsize=4096)
def pluralize(name: str) -> str:
    """``"task"`` → ``"tasks"``, ``"BlogPerson"`` → ``"BlogPeople"``."""
    return _inflect(name, _IRREGULAR, _REGULAR, inflection.pluralize)


@lru_cache(maxsize=4096)
def singularize(name: str) -> str:
    """``"tasks"`` → ``"task"``, ``"news"`` → ``"news"``."""
    return _inflect(name, _REGULAR, _IRREGULAR, inflection.singularize)


@lru_cache(maxsize=4096)
def tableize(name: str) -> str:
    """The table of a class: ``"ProjectDetail"`` → ``"project_details"``."""
    return pluralize(underscore(name))


@lru_cache(maxsize=4096)
def classify(name: str) -> str:
    """The class of a table or relationship: ``"project_details"`` → ``"ProjectDetail"``."""
    return camelize(singularize(name))


@lru_cache(maxsize=4096)
def humanize(name: str) -> str:
    """What a person reads: ``"author_id"`` → ``"Author"``, ``"due_on"`` → ``"Due on"``."""
    return inflection.humanize(underscore(name))


@lru_cache(maxsize=4096)
def foreign_key(name: str) -> str:
    """The column that points at a class: ``"ProjectDetail"`` → ``"project_detail_id"``."""
    return f"{underscore(name)}_id"


def _inflect(name: str, table: dict[str, str], reverse: dict[str, str], rule: Rule) -> str:
    found = _LAST_WORD.search(name)
    if found is None:
        return name
    head, word = name[: found.start()], found[0]
    lower = word.lower()
    if lower in _UNCOUNTABLE or (lower in reverse and lower not in table):
        return name
    if lower in table:
        return head + _as_written(table[lower], word)
    return head + rule(word)


def _as_written(inflected: str, word: str) -> str:
    if word.isupper() and len(word) > 1:
        return inflected.upper()
    return inflected.capitalize() if word[0].isupper() else inflected
