"""Answers the questions of the developer tools, each in a module that is imported for it."""

from __future__ import annotations

from contextvars import ContextVar
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

from velocious.errors import CommandError, suggestion
from velocious_browser.devtools.undoing import Undoing

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.configuration import Configuration
    from velocious_browser.interop import Host

#: Question → the module of this package that answers it, with a function of the same name.
QUESTIONS = {
    "commands": "commands",
    "databases": "tables",
    "delete": "changes",
    "dependents": "changes",
    "explain": "statements",
    "follow": "following",
    "insert": "changes",
    "migrations": "migrations",
    "rows": "rows",
    "size": "tables",
    "sql": "statements",
    "statements": "listening",
    "table": "tables",
    "undo": "changes",
    "update": "changes",
    "value": "rows",
}

#: Whether the running task asks for the tools themselves: such statements are nobody's concern.
asking: ContextVar[bool] = ContextVar("velocious_devtools_asking", default=False)


class UnknownQuestionError(CommandError):
    """The page asked the developer tools what they do not know, or in another way."""

    code = "unknown_question"


class Devtools:
    """The developer tools of a running application.

    Attributes:
        configuration: the application's.
        host: the page around the worker.
        undoing: which changes can be taken back.
        unfollow: ends what ``follow`` began; None while nobody follows.
        deaf: end what ``statements`` began; none while nobody listens.
    """

    def __init__(self, configuration: Configuration, host: Host) -> None:
        self.configuration = configuration
        self.host = host
        self.unfollow: Callable[[], None] | None = None
        self.deaf: list[Callable[[], None]] = []
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
        token = asking.set(question != "sql")
        try:
            return await function(self, **parameters)
        finally:
            asking.reset(token)
