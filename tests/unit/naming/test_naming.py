"""Names: Rails' own table of cases, and the ones where we differ on purpose."""

from __future__ import annotations

import pytest

from velocious.naming import (
    camelize,
    classify,
    foreign_key,
    humanize,
    pluralize,
    singularize,
    tableize,
    underscore,
)

# From ActiveSupport's inflector_test_cases.rb (SingularToPlural).
RAILS = {
    "search": "searches",
    "switch": "switches",
    "fix": "fixes",
    "box": "boxes",
    "process": "processes",
    "address": "addresses",
    "case": "cases",
    "stack": "stacks",
    "wish": "wishes",
    "fish": "fish",
    "jeans": "jeans",
    "funky jeans": "funky jeans",
    "category": "categories",
    "query": "queries",
    "ability": "abilities",
    "agency": "agencies",
    "movie": "movies",
    "archive": "archives",
    "index": "indices",
    "wife": "wives",
    "safe": "saves",
    "half": "halves",
    "move": "moves",
    "salesperson": "salespeople",
    "person": "people",
    "spokesman": "spokesmen",
    "man": "men",
    "woman": "women",
    "basis": "bases",
    "diagnosis": "diagnoses",
    "diagnosis_a": "diagnosis_as",
    "datum": "data",
    "medium": "media",
    "stadium": "stadia",
    "analysis": "analyses",
    "my_analysis": "my_analyses",
    "node_child": "node_children",
    "child": "children",
    "experience": "experiences",
    "day": "days",
    "comment": "comments",
    "foobar": "foobars",
    "newsletter": "newsletters",
    "old_news": "old_news",
    "news": "news",
    "series": "series",
    "miniseries": "miniseries",
    "species": "species",
    "quiz": "quizzes",
    "perspective": "perspectives",
    "ox": "oxen",
    "photo": "photos",
    "buffalo": "buffaloes",
    "tomato": "tomatoes",
    "potato": "potatoes",
    "elf": "elves",
    "information": "information",
    "equipment": "equipment",
    "bus": "buses",
    "status": "statuses",
    "status_code": "status_codes",
    "mouse": "mice",
    "louse": "lice",
    "house": "houses",
    "octopus": "octopi",
    "virus": "viri",
    "alias": "aliases",
    "portfolio": "portfolios",
    "vertex": "vertices",
    "matrix": "matrices",
    "axis": "axes",
    "testis": "testes",
    "crisis": "crises",
    "rice": "rice",
    "shoe": "shoes",
    "horse": "horses",
    "prize": "prizes",
    "edge": "edges",
    "cow": "cows",
    "database": "databases",
    "human": "humans",
    "slave": "slaves",
    "dive": "dives",
}
PLURALS_ONLY = {"datum", "safe"}  # "data" is uncountable here; "saves" is what "save" becomes


@pytest.mark.parametrize(("singular", "plural"), RAILS.items())
def test_pluralizes_as_rails_does(singular: str, plural: str) -> None:
    assert pluralize(singular) == plural


@pytest.mark.parametrize(
    ("singular", "plural"), [pair for pair in RAILS.items() if pair[0] not in PLURALS_ONLY]
)
def test_singularizes_as_rails_does(singular: str, plural: str) -> None:
    assert singularize(plural) == singular


@pytest.mark.parametrize("plural", RAILS.values())
def test_a_plural_stays_as_it_is(plural: str) -> None:
    assert pluralize(plural) == plural


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("german", "germans"),
        ("criterion", "criteria"),
        ("tooth", "teeth"),
        ("project_equipment", "project_equipment"),
        ("user_metadata", "user_metadata"),
        ("schema", "schemas"),
        ("BlogPerson", "BlogPeople"),
        ("Leaf", "Leaves"),
        ("bonus", "bonuses"),
        ("wave", "waves"),
        ("olive", "olives"),
    ],
)
def test_knows_irregular_words_that_rails_gets_wrong(singular: str, plural: str) -> None:
    assert pluralize(singular) == plural
    assert singularize(plural) == singular


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("ProjectDetail", "project_details"),
        ("Task", "tasks"),
        ("HTTPLog", "http_logs"),
        ("UserAPIKey", "user_api_keys"),
        ("OAuth2Token", "o_auth2_tokens"),
        ("Category", "categories"),
        ("Person", "people"),
        ("EmailAddress", "email_addresses"),
        ("News", "news"),
    ],
)
def test_names_the_table_of_a_class(name: str, table: str) -> None:
    assert tableize(name) == table


def test_turns_class_names_into_file_names_and_back() -> None:
    assert underscore("ProjectDetail") == "project_detail"
    assert underscore("HTTPLog") == "http_log"
    assert underscore("already_there") == "already_there"
    assert camelize("project_detail") == "ProjectDetail"
    assert camelize("add-priority to tasks") == "AddPriorityToTasks"
    assert camelize("AddPriorityToTasks") == "AddPriorityToTasks"


def test_names_the_class_and_the_key_of_a_relationship() -> None:
    assert classify("project_details") == "ProjectDetail"
    assert classify("task") == "Task"
    assert foreign_key("ProjectDetail") == "project_detail_id"


def test_writes_names_for_people() -> None:
    assert humanize("author_id") == "Author"
    assert humanize("due_on") == "Due on"
    assert humanize("HTTPLog") == "Http log"


def test_leaves_a_name_without_a_word_alone() -> None:
    assert pluralize("") == ""
    assert singularize("_") == "_"
