"""The server as a home: the same models, whose rows are behind what its resources expose."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

from app.homes.listening import Listening
from app.models.project import Project
from app.models.task import Task
from app.people import person
from app.resources.project_resource import ProjectResource
from app.resources.task_resource import TaskResource

from velocious import current
from velocious.authorization import Ability
from velocious.configuration import Configuration
from velocious.current import Current
from velocious.errors import BackendAnswerError
from velocious.http_client import HttpRequest
from velocious.wire import decode, encode

if TYPE_CHECKING:
    from collections.abc import Generator

RESOURCES = (ProjectResource, TaskResource)


class Said(TypedDict):
    """What the server says of who is here."""

    person: str
    people: list[dict[str, object]]


class ServerHome:
    """The server's board, as this tab asks for it.

    Attributes:
        said: who the server takes us for.
    """

    def __init__(self, name: str, address: str, *, live: bool) -> None:
        handler = Configuration.current().environment_handler
        self._address = address.rstrip("/")
        self._http = handler.http_client()
        self._listening = Listening(name, self._address) if live else None
        websocket = self._listening and self._listening.client
        self._configuration = Configuration(
            environment_handler=handler,
            models=[Project, Task],
            databases={"default": {"backend": self._address, "websocket": websocket}},
        )
        self._ability = Ability(resources=RESOURCES)
        self.said: Said = {"person": "", "people": []}

    async def enter(self) -> None:
        """Ask who we are; the live home listens from then on.

        Raises:
            BackendUnreachableError: the server is not there.
        """
        await self.leave()
        self._know(await self._ask("GET"))
        self._listen()

    async def leave(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            await self._listening.stop()

    async def sign_in(self, wanted: str) -> None:
        """Be somebody else."""
        # A connection goes on as who opened it.
        await self.leave()
        self._know(await self._ask("PUT", encode({"person": wanted}).encode()))
        self._listen()

    def _listen(self) -> None:
        if self._listening is not None:
            with self.here():
                self._listening.start()

    @contextmanager
    def here(self) -> Generator[None]:
        """A block whose records live on the server. Its ability enforces nothing: it says before
        what the server's would.
        """
        with current.use(self._configuration), Current.with_ability(self._ability):
            yield

    def _know(self, said: Said) -> None:
        self.said = said
        self._ability = Ability(user=person(said["person"]), resources=RESOURCES)
        for backend in self._configuration.backends.values():
            # Others may be shown other attributes.
            backend.forget_schema()

    async def _ask(self, method: str, body: bytes = b"") -> Said:
        headers = {"accept": "application/json"}
        if body:
            headers["content-type"] = "application/json"
        answer = await self._http.send(
            HttpRequest(method, f"{self._address}/person", headers, body, "include")
        )
        if answer.status != 200:
            problem = f"it answers {answer.status} to who is here"
            raise BackendAnswerError(self._address, problem, answer.status)
        return decode(answer.body.decode())
