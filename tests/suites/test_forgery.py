"""CSRF: who may ask for a change, and who is refused before anything is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.visiting import FORM, visiting
from velocious.controller import Controller, protect_from_forgery, skip_csrf
from velocious.errors import ConfigurationError, RoutingError

if TYPE_CHECKING:
    from tests.suites.visiting import Answer, Visitor
    from velocious.testing.environment import TestEnvironment

JSON = "application/json"
COOKIE = "theme=dark"
OWN = "http://app.test"


class FormsController(Controller):
    async def page(self) -> None:
        self.render_text(f"{self.csrf_field()}")

    async def change(self) -> None:
        self.render(json=f"changed by {self.request.method}")

    async def sign_in(self) -> None:
        self.session.renew()
        self.session["user_id"] = 7
        self.head(204)


class OpenController(FormsController):
    forgery_protection = skip_csrf(only=["change"])


class FriendlyController(FormsController):
    forgery_protection = protect_from_forgery(origins=["https://pay.example"])


class PartlyController(FormsController):
    forgery_protection = protect_from_forgery(only=["sign_in"])


def forms(environment: TestEnvironment, /, **options: Any) -> Any:
    return visiting(environment, options.pop("controller", FormsController), **options)


async def change(
    visitor: Visitor, method: str = "POST", kind: str = FORM, **headers: str
) -> Answer:
    body = b"--x--\r\n" if kind.startswith("multipart") else b"a=1"
    return await visitor.ask(method, "/change", headers, body, kind)


#: What a browser or a program sends → whether the change is made.
REQUESTS: list[tuple[str, dict[str, str], bool]] = [
    ("a form of a page of ours", {"sec_fetch_site": "same-origin"}, True),
    ("a person, from the address bar", {"sec_fetch_site": "none"}, True),
    ("another site's form", {"sec_fetch_site": "cross-site"}, False),
    ("a sibling domain's form", {"sec_fetch_site": "same-site"}, False),
    ("something that no browser says", {"sec_fetch_site": "SAME-ORIGIN "}, False),
    ("an older browser, a page of ours", {"origin": OWN}, True),
    ("an older browser, another site", {"origin": "http://evil.test"}, False),
    ("another scheme", {"origin": "https://app.test"}, False),
    ("another port", {"origin": "http://app.test:8080"}, False),
    ("a name that begins like ours", {"origin": "http://app.test.evil.test"}, False),
    ("a name that ends like ours", {"origin": "http://evilapp.test"}, False),
    ("a page without an origin", {"origin": "null"}, False),
    ("an empty frame of another site", {"origin": "null", "sec_fetch_site": "cross-site"}, False),
    ("a way over another site", {"origin": OWN, "sec_fetch_site": "cross-site"}, False),
    ("a program without cookies", {}, True),
    ("a form with cookies and no word of where from", {"cookie": COOKIE}, False),
]


@pytest.mark.parametrize(("who", "headers", "made"), REQUESTS, ids=[row[0] for row in REQUESTS])
async def test_a_change_is_made_for(
    environment: TestEnvironment, who: str, headers: dict[str, str], made: bool
) -> None:
    async with forms(environment) as visitor:
        answer = await change(visitor, **headers)
    assert answer.status == (200 if made else 403), who
    if not made:
        assert answer.json()["error"]["code"] == "forgery_suspected"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_every_method_that_changes_something_is_checked(
    environment: TestEnvironment, method: str
) -> None:
    async with forms(environment) as visitor:
        answer = await change(visitor, method, sec_fetch_site="cross-site")
    assert answer.status == 403


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_link_from_another_site_leads_here(
    environment: TestEnvironment, method: str
) -> None:
    async with forms(environment) as visitor:
        headers = {"sec_fetch_site": "cross-site", "origin": "https://evil.test"}
        assert (await visitor.ask(method, "/change", headers)).status == 200


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "Text/Plain; a=b"])
async def test_every_type_that_a_form_has_needs_a_token(
    environment: TestEnvironment, kind: str
) -> None:
    async with forms(environment) as visitor:
        assert (await change(visitor, kind=kind, cookie=COOKIE)).status == 403


async def test_a_program_with_cookies_sends_json_without_a_token(
    environment: TestEnvironment,
) -> None:
    async with forms(environment) as visitor:
        answer = await visitor.ask("POST", "/change", {"cookie": COOKIE}, b"{}", JSON)
    assert answer.status == 200


async def test_the_refusal_says_what_to_do(environment: TestEnvironment) -> None:
    async with forms(environment) as visitor:
        answer = await change(visitor, origin="https://app.test")
        assert "trusted_proxies" in answer.json()["error"]["message"]
        answer = await change(visitor, origin="https://evil.test")
        message = answer.json()["error"]["message"]
        assert "Origin: https://evil.test, own origin: http://app.test" in message
        assert "trusted_origins" in message
        answer = await change(visitor, cookie=COOKIE)
        assert "{{ csrf_field() }}" in answer.json()["error"]["message"]


async def test_the_usual_port_is_no_other_origin(environment: TestEnvironment) -> None:
    async with forms(environment, scope={"scheme": "https"}) as visitor:
        for host in ("app.test", "app.test:443", "APP.test"):
            answer = await change(visitor, host=host, origin="https://app.test")
            assert answer.status == 200


# Tokens


async def token_of(visitor: Visitor) -> str:
    """The token in the form of a page."""
    page = (await visitor.get("/page")).text
    found = re.fullmatch(
        r'<input type="hidden" name="authenticity_token" value="([\w-]{86})" autocomplete="off">',
        page,
    )
    assert found is not None, page
    return found[1]


async def post_form(visitor: Visitor, form: dict[str, str], **headers: str) -> Answer:
    return await visitor.post("/change", form, sec_fetch_site="", **headers)


async def test_a_form_with_the_token_of_its_page_is_taken(environment: TestEnvironment) -> None:
    async with forms(environment) as visitor:
        token = await token_of(visitor)
        assert (await post_form(visitor, {"authenticity_token": token})).status == 200
        assert (await post_form(visitor, {}, x_csrf_token=token)).status == 200
        assert (await post_form(visitor, {"a": "1"})).status == 403


async def test_each_page_has_another_text_for_it(environment: TestEnvironment) -> None:
    async with forms(environment) as visitor:
        tokens = {await token_of(visitor) for _ in range(4)}
        assert len(tokens) == 4
        assert len({token[:8] for token in tokens}) == 4
        for token in tokens:
            assert (await post_form(visitor, {"authenticity_token": token})).status == 200


async def test_a_token_of_another_visitor_is_refused(environment: TestEnvironment) -> None:
    async with forms(environment) as visitor:
        token = await token_of(visitor)
        visitor.cookies.clear()
        await token_of(visitor)
        answer = await post_form(visitor, {"authenticity_token": token})
        assert (answer.status, answer.json()["error"]["code"]) == (403, "forgery_suspected")


async def test_a_form_from_before_signing_in_is_refused(environment: TestEnvironment) -> None:
    async with forms(environment) as visitor:
        token = await token_of(visitor)
        await visitor.post("/sign_in")
        answer = await post_form(visitor, {"authenticity_token": token})
        assert answer.status == 403
        assert "Load the page again" in answer.json()["error"]["message"]


@pytest.mark.parametrize("token", ["", "x", "A" * 86, "A" * 85, "%" * 86, "ü" * 86, "A" * 10_000])
async def test_a_token_that_is_none_is_refused(environment: TestEnvironment, token: str) -> None:
    async with forms(environment) as visitor:
        await token_of(visitor)
        assert (await post_form(visitor, {"authenticity_token": token})).status == 403


async def test_a_token_is_no_help_against_the_word_of_the_browser(
    environment: TestEnvironment,
) -> None:
    async with forms(environment) as visitor:
        form = {"authenticity_token": await token_of(visitor)}
        answer = await visitor.post("/change", form, sec_fetch_site="cross-site")
        assert answer.status == 403


# Declarations


async def test_an_action_may_be_left_unprotected(environment: TestEnvironment) -> None:
    async with forms(environment, controller=OpenController) as visitor:
        assert (await change(visitor, sec_fetch_site="cross-site")).status == 200
        answer = await visitor.post("/sign_in", sec_fetch_site="cross-site")
        assert answer.status == 403


async def test_only_some_actions_may_be_protected(environment: TestEnvironment) -> None:
    async with forms(environment, controller=PartlyController) as visitor:
        assert (await change(visitor, sec_fetch_site="cross-site")).status == 200
        answer = await visitor.post("/sign_in", sec_fetch_site="cross-site")
        assert answer.status == 403


@pytest.mark.parametrize("by", ["controller", "settings"])
async def test_another_site_may_be_trusted(environment: TestEnvironment, by: str) -> None:
    options: dict[str, Any] = {"controller": FriendlyController}
    if by == "settings":
        options = {"http": {"trusted_origins": ["https://pay.example"]}}
    async with forms(environment, **options) as visitor:
        site = {"sec_fetch_site": "cross-site"}
        assert (await change(visitor, origin="https://pay.example", **site)).status == 200
        assert (await change(visitor, origin="https://evil.example", **site)).status == 403


async def test_a_script_that_cors_lets_in_may_change_things(environment: TestEnvironment) -> None:
    site = {
        "origin": "https://app.example",
        "sec_fetch_site": "cross-site",
        "sec_fetch_mode": "cors",
    }
    rule = {"origins": ["https://app.example"]}
    async with forms(environment, http={"cors": {**rule, "credentials": True}}) as visitor:
        assert (await change(visitor, cookie=COOKIE, **site)).status == 200
    async with forms(environment, http={"cors": rule}) as visitor:
        assert (await change(visitor, **site)).status == 200
        # Nobody allowed it to act as the visitor.
        assert (await change(visitor, cookie=COOKIE, **site)).status == 403


@pytest.mark.parametrize("origins", [["*"], ["https://app.example"]])
async def test_a_form_that_is_posted_is_no_script_that_cors_lets_in(
    environment: TestEnvironment, origins: list[str]
) -> None:
    """It needs no cookie of ours: it may sign a visitor in as somebody else."""
    site = {"origin": "https://app.example"}
    posted = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    async with forms(environment, http={"cors": {"origins": origins}}) as visitor:
        assert (await visitor.ask("POST", "/sign_in", {**site, **posted})).status == 403
        # Older browsers do not say that it is one: a form looks like one.
        assert (await visitor.ask("POST", "/sign_in", site)).status == 403
        assert (await visitor.ask("POST", "/sign_in", site, b"{}", JSON)).status == 204


async def test_bytes_of_no_type_with_cookies_need_a_token(environment: TestEnvironment) -> None:
    async with forms(environment) as visitor:
        headers = {"cookie": COOKIE}
        assert (await visitor.ask("POST", "/change", headers, kind="")).status == 403
        assert (await visitor.ask("DELETE", "/change", headers, kind="")).status == 200


async def test_a_declaration_names_actions_that_exist(environment: TestEnvironment) -> None:
    class MistakenController(FormsController):
        forgery_protection = skip_csrf(only=["chnage"])

    with pytest.raises(RoutingError, match=r"'chnage', which it has not.*'change'"):
        async with forms(environment, controller=MistakenController):
            pass
    with pytest.raises(ConfigurationError, match="'pay.example', which is none"):
        async with forms(environment, http={"trusted_origins": ["pay.example"]}):
            pass
