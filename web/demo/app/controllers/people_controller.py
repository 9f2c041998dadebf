"""Which of the board's two people somebody is."""

from __future__ import annotations

from dataclasses import asdict
from uuid import uuid4

from app.people import PEOPLE, person

from velocious.controller import Controller
from velocious.errors import MalformedRequestError, suggestion


class PeopleController(Controller):
    async def show(self) -> None:
        if "guest" not in self.session:
            self.session["guest"] = uuid4().hex
        self._say()

    async def update(self) -> None:
        wanted = self.params["person"]
        if wanted not in PEOPLE:
            raise MalformedRequestError(
                f"There is nobody called {wanted!r:.40} here. {suggestion(str(wanted), PEOPLE)}"
            )
        guest = self.session["guest"]
        self.session.renew()
        self.session["guest"] = guest or uuid4().hex
        self.session["person"] = wanted
        self._say()

    def _say(self) -> None:
        here = person(self.session["person"])
        people = [asdict(one) for one in PEOPLE.values()]
        self.render(json={"person": here.id, "people": people})
