"""What a page gets to know of an exception."""

from __future__ import annotations

from typing import Any

from velocious.errors import ConfigurationError, ValidationError
from velocious.record import Record
from velocious.record.validations.errors import Errors
from velocious.wire import decode
from velocious_browser.failure import describe


class Task(Record):
    pass


def described(error: BaseException, *, with_traceback: bool = True) -> dict[str, Any]:
    return decode(describe(error, with_traceback=with_traceback))


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_says_name_code_message_and_traceback() -> None:
    failure = described(raised(ConfigurationError("wrong")))
    assert (failure["name"], failure["code"]) == ("ConfigurationError", "configuration_error")
    assert failure["message"] == "wrong"
    assert "test_failure.py" in failure["traceback"]
    assert described(raised(KeyError("x")))["code"] is None


def test_says_what_is_wrong_with_which_attribute_of_a_record() -> None:
    errors = Errors(Task)
    errors.add("name", "blank")
    failure = described(ValidationError(object.__new__(Task), errors))
    assert failure["details"] == {"name": [{"code": "blank", "message": "can't be blank"}]}


def test_names_the_causes_without_their_tracebacks_in_production() -> None:
    error = raised(ConfigurationError("outer"), raised(ValueError("inner")))
    failure = described(error, with_traceback=False)
    assert failure["traceback"] is None
    cause = failure["cause"]
    assert (cause["name"], cause["message"], cause["traceback"]) == ("ValueError", "inner", None)
    assert cause["cause"] is None


def test_a_context_that_was_suppressed_is_no_cause() -> None:
    try:
        try:
            raise ValueError("inner")
        except ValueError:
            raise ConfigurationError("outer") from None
    except ConfigurationError as error:
        assert described(error)["cause"] is None


def test_an_endless_chain_of_causes_is_cut() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert described(one)["cause"]["cause"]["message"] == "one"


def test_details_that_cannot_travel_are_shown_as_python_shows_them() -> None:
    class OddError(Exception):
        details = {"place": len}

    assert "<built-in function len>" in described(OddError())["details"]
