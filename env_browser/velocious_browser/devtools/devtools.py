"""Answers the questions of the developer tools, each in a module that is imported for it."""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

from velocious.errors import CommandError, suggestion
from velocious_browser.devtools.undoing import Undoing

if TYPE_CHECKING:
    from velocious.configuration import Configuration

#: Question → the module of this package that answers it, with a function of the same name.
QUESTIONS = {
    "commands": "commands",
    "databases": "tables",
    "delete": "changes",
    "dependents": "changes",
    "explain": "statements",
    "insert": "changes",
    "migrations": "migrations",
    "rows": "rows",
    "size": "tables",
    "sql": "statements",
    "table": "tables",
    "undo": "changes",
    "update": "changes",
    "value": "rows",
}


class UnknownQuestionError(CommandError):
    """The page asked the developer tools what they do not know, or in another way."""

    code = "unknown_question"


class Devtools:
    """The developer tools of a running application.

    Attributes:
        configuration: the application's.
        undoing: which changes can be taken back.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.undoing = Undoing()

    async def answer(self, question: str, parameters: dict[str, Any]) -> Any:
        """The answer to *question*, as JSON can hold it.

        Raises:
            UnknownQuestionError: there is no such question, or it takes other parameters.
        """
        if question not in QUESTIONS:
            raise UnknownQuestionError(
                f"The developer tools have no question {question!r}. "
                f"{suggestion(question, QUESTIONS)} Reload the page: it may be of another version."
            )
        module = import_module(f"velocious_browser.devtools.{QUESTIONS[question]}")
        function = getattr(module, question)
        try:
            signature(function).bind(self, **parameters)
        except TypeError as error:
            raise UnknownQuestionError(
                f"The question {question!r} takes {signature(function)}: {error}."
            ) from error
        return await function(self, **parameters)
