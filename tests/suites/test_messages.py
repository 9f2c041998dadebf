"""Error messages in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.samples import SCHEMA, sample_model
from velocious.errors import ConfigurationError
from velocious.record import validates
from velocious.translation import Catalogue, use_locale

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

GERMAN = {
    "errors": {
        "blank": "muss ausgefüllt werden",
        "too_long": {
            "one": "ist zu lang (höchstens {count} Zeichen)",
            "other": "ist zu lang (höchstens {count} Zeichen, nicht mehr)",
        },
    },
    "models": {"Sample": {"number": {"blank": "fehlt"}}},
    "attributes": {"Sample": {"text": "Der Text"}, "number": "Die Zahl"},
    "full_message": "{attribute} – {message}",
}
POLISH = {
    "errors": {"too_long": {"one": "1 znak", "few": "{count} znaki", "many": "{count} znaków"}}
}


async def messages(
    environment: TestEnvironment, rules: list[Any], *locales: str, **given: Any
) -> Any:
    model = sample_model(rules)
    tables = {"de": GERMAN, "pl": POLISH}
    found: list[list[str]] = []
    async with environment.application(models=[model], schema=SCHEMA) as configuration:
        configuration.messages = Catalogue(tables)
        for locale in locales:
            with use_locale(locale):
                record = model(**given)
                assert not await record.is_valid()
                found.append(record.errors.full_messages())
    return found


async def test_messages_follow_the_locale(environment: TestEnvironment) -> None:
    found = await messages(environment, validates("text", presence=True), "en", "de-AT", "xx")
    assert found == [
        ["Text can't be blank"],
        ["Der Text – muss ausgefüllt werden"],
        ["Text can't be blank"],
    ]


async def test_a_model_may_have_messages_of_its_own(environment: TestEnvironment) -> None:
    found = await messages(environment, validates("number", presence=True), "de")
    assert found == [["Die Zahl – fehlt"]]


async def test_a_number_chooses_the_plural_form(environment: TestEnvironment) -> None:
    one, three, five = (validates("text", length={"maximum": maximum}) for maximum in (1, 3, 5))
    rules = [*one, *three, *five]
    assert await messages(environment, rules, "pl", "en", text="1234567") == [
        ["Text 1 znak", "Text 3 znaki", "Text 5 znaków"],
        [
            "Text is too long (maximum is 1 character)",
            "Text is too long (maximum is 3 characters)",
            "Text is too long (maximum is 5 characters)",
        ],
    ]


def longer(record: Any, facts: Any) -> str:
    return f"{record.text} > {facts['count']}"


async def test_a_message_may_be_a_function(environment: TestEnvironment) -> None:
    rules = validates(
        "text",
        length={"maximum": 2, "message": longer},
    )
    assert await messages(environment, rules, "en", text="{count}") == [["Text {count} > 2"]]


async def test_attributes_have_names_for_people(environment: TestEnvironment) -> None:
    model = sample_model()
    async with environment.application(models=[model], schema=SCHEMA) as configuration:
        configuration.messages = Catalogue({"de": GERMAN})
        configuration.locale = "de"
        assert model.human_attribute_name("text") == "Der Text"
        assert model.human_attribute_name("project_id") == "Project"


async def test_a_source_of_messages_may_be_ones_own(environment: TestEnvironment) -> None:
    class Shouting:
        def message(self, locale: str, key: tuple[str, ...], count: float | None) -> str | None:
            return key[-1].upper() if key[0] == "errors" else None

    model = sample_model(validates("text", presence=True))
    async with environment.application(models=[model], schema=SCHEMA) as configuration:
        configuration.messages = Shouting()
        record = model()
        assert not await record.is_valid()
        assert record.errors.full_messages() == ["Text BLANK"]


@pytest.mark.parametrize("wrong", [{"de": "x"}, {"de": {"errors": {"blank": 3}}}, {"de": []}])
def test_a_wrong_table_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="'de.*take text, or a table"):
        Catalogue(wrong)
