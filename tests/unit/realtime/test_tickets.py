"""Tickets: good once, for seconds, and for one purpose."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from velocious.errors import ConfigurationError, MissingSecretError
from velocious.realtime.tickets import MemoryTickets, Tickets
from velocious.secret import Secret
from velocious_browser.cipher import JarCipher
from velocious_node.cipher import AesCipher

OLD, NEW = "an old secret of the application.", "a new secret of the application.."


class ManualClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=[AesCipher, JarCipher])
def tickets(request: pytest.FixtureRequest, clock: ManualClock) -> Tickets:
    return Tickets(Secret(OLD), request.param(), clock)


@pytest.mark.parametrize("data", [5, "ann", {"user": 5, "name": "ä"}, [1, None], False, 0, ""])
async def test_a_ticket_tells_what_it_was_issued_for(tickets: Tickets, data: Any) -> None:
    found = await tickets.redeem(await tickets.issue(data))
    assert found == data
    assert type(found) is type(data)


async def test_a_ticket_is_good_once(tickets: Tickets) -> None:
    ticket = await tickets.issue("ann")
    assert await tickets.redeem(ticket) == "ann"
    assert await tickets.redeem(ticket) is None


async def test_of_many_who_show_a_ticket_at_once_one_gets_in(tickets: Tickets) -> None:
    ticket = await tickets.issue("ann")
    found = await asyncio.gather(*(tickets.redeem(ticket) for _ in range(20)))
    assert sorted(found, key=str) == [None] * 19 + ["ann"]


async def test_a_ticket_is_good_for_half_a_minute(tickets: Tickets, clock: ManualClock) -> None:
    early, late = await tickets.issue("ann"), await tickets.issue("ann")
    clock.pass_by(29.9)
    assert await tickets.redeem(early) == "ann"
    clock.pass_by(0.1)
    assert await tickets.redeem(late) is None


async def test_equal_tickets_are_unequal(tickets: Tickets) -> None:
    assert len({await tickets.issue("ann") for _ in range(20)}) == 20


async def test_a_changed_ticket_is_none(tickets: Tickets) -> None:
    ticket = await tickets.issue("ann")
    for place in range(0, len(ticket), 3):
        other = "0" if ticket[place] != "0" else "1"
        assert await tickets.redeem(ticket[:place] + other + ticket[place + 1 :]) is None
    assert await tickets.redeem(ticket) == "ann"


@pytest.mark.parametrize(
    "given", [None, 5, "", "0", "xy", "ä" * 40, "00" * 5000, ["00"], {}, b"00"]
)
async def test_what_is_no_ticket_is_none(tickets: Tickets, given: object) -> None:
    assert await tickets.redeem(given) is None


async def test_a_ticket_has_one_spelling(tickets: Tickets) -> None:
    ticket = await tickets.issue("ann")
    assert ticket.isalnum()
    assert ticket.isascii()
    for other in (ticket.upper(), f" {ticket}", f"{ticket[:2]} {ticket[2:]}"):
        assert await tickets.redeem(other) is None


async def test_a_ticket_for_one_place_is_worthless_in_another(clock: ManualClock) -> None:
    first, second = (Tickets(Secret(OLD), AesCipher(), clock, place=one) for one in ("/a", "/b"))
    ticket = await first.issue("ann")
    assert await second.redeem(ticket) is None
    assert await first.redeem(ticket) == "ann"


async def test_tickets_outlive_a_new_secret(clock: ManualClock) -> None:
    ticket = await Tickets(Secret(OLD), AesCipher(), clock).issue("ann")
    assert await Tickets(Secret(NEW), AesCipher(), clock).redeem(ticket) is None
    assert await Tickets(Secret([NEW, OLD]), AesCipher(), clock).redeem(ticket) == "ann"


async def test_processes_that_share_a_store_take_a_ticket_once(clock: ManualClock) -> None:
    store = MemoryTickets(clock)
    first, second = (Tickets(Secret(OLD), AesCipher(), clock, store=store) for _ in range(2))
    ticket = await first.issue("ann")
    assert await second.redeem(ticket) == "ann"
    assert await first.redeem(ticket) is None


async def test_used_tickets_are_forgotten_when_they_are_too_old_anyway(clock: ManualClock) -> None:
    store = MemoryTickets(clock)
    tickets = Tickets(Secret(OLD), AesCipher(), clock, store=store)
    for _ in range(5):
        await tickets.redeem(await tickets.issue("ann"))
        clock.pass_by(20)
    assert len(store) == 2
    for _ in range(50):
        await tickets.redeem("00" * 100)
    assert len(store) == 2


async def test_servers_hide_what_a_ticket_is_for(clock: ManualClock) -> None:
    ticket = await Tickets(Secret(OLD), AesCipher(), clock).issue("ann@example.com")
    assert b"ann@example.com" not in bytes.fromhex(ticket)


async def test_a_ticket_for_nothing_is_a_mistake(tickets: Tickets) -> None:
    for data in (None, object(), {1, 2}):
        with pytest.raises(TypeError):
            await tickets.issue(data)


async def test_without_a_secret_there_are_no_tickets(clock: ManualClock) -> None:
    with pytest.raises(MissingSecretError, match="tickets"):
        await Tickets(Secret(None), AesCipher(), clock).issue("ann")


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_ticket_that_is_never_good_is_a_mistake(clock: ManualClock, seconds: float) -> None:
    with pytest.raises(ConfigurationError, match="seconds"):
        Tickets(Secret(OLD), AesCipher(), clock, seconds=seconds)
