"""What the application in the browser is asked and answers, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser_tests._browser import browser
from browser_tests._modules import module_url
from browser_tests._pages import fetch_json, pages_server, visit_once, wait_until

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """A tab whose server is gone and whose Python is awake."""
    place = tmp_path_factory.mktemp("pages")
    with pages_server(place) as server, browser(place / "profile") as context:
        page = visit_once(context, server)
        server.stop()
        assert fetch_json(page, "/echo/where")["place"] == "browser"
        yield page


def test_a_large_body_keeps_its_bytes_both_ways(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const sent = new Uint8Array(20_000_000);
            for (let at = 0; at < sent.length; at += 1) sent[at] = (at * 31 + (at >> 8)) & 255;
            const answer = await fetch('/echo', { method: 'POST', body: sent });
            const got = new Uint8Array(await answer.arrayBuffer());
            let differs = -1;
            for (let at = 0; at < sent.length && differs < 0; at += 1) {
                if (sent[at] !== got[at]) differs = at;
            }
            return [answer.status, answer.headers.get('x-length'), got.length, differs];
        }"""
    )
    assert told == [200, "20000000", 20_000_000, -1]


def test_an_uploaded_file_keeps_its_name_and_bytes(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const bytes = new Uint8Array(3_000_000);
            for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 7) & 255;
            const form = new FormData();
            form.append('file', new File([bytes], 'naïve 🐍.bin'));
            const answer = await fetch('/echo/upload', { method: 'POST', body: form });
            const digest = await crypto.subtle.digest('SHA-256', bytes);
            const digits = (byte) => byte.toString(16).padStart(2, '0');
            const hex = [...new Uint8Array(digest)].map(digits).join('');
            return [answer.status, await answer.json(), hex];
        }"""
    )
    status, answer, digest = told
    assert (status, answer) == (200, {"name": "naïve 🐍.bin", "size": 3_000_000, "digest": digest})


def test_fifty_requests_at_once_are_all_answered(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const counts = Array.from({ length: 50 }, (_, at) => 256 * (at + 1));
            return Promise.all(counts.map(async (count) => {
                const answer = await fetch(`/echo/bytes/${count}`);
                return (await answer.arrayBuffer()).byteLength - count;
            }));
        }"""
    )
    assert told == [0] * 50


def test_a_stream_arrives_in_pieces_and_ends_when_nobody_reads(page: Page) -> None:
    told = page.evaluate(
        """async () => {
            const answer = await fetch('/echo/stream');
            const reader = answer.body.getReader();
            const next = async () => new TextDecoder().decode((await reader.read()).value);
            let text = '';
            while (!text.includes('20\\n')) text += await next();
            await reader.cancel();
            return text.split('\\n').slice(0, 3);
        }"""
    )
    assert told == ["0", "1", "2"]
    wait_until(
        page,
        """async () => {
            const made = async () => (await (await fetch('/echo/where')).json()).made;
            const before = await made();
            await new Promise((resolve) => setTimeout(resolve, 200));
            return before > 0 && before === (await made());
        }""",
    )


def test_an_action_that_fails_is_explained_like_on_the_server(page: Page) -> None:
    status, error = page.evaluate(
        """async () => {
            const answer = await fetch('/echo/fails');
            return [answer.status, await answer.json()];
        }"""
    )
    assert status == 500
    assert error["error"]["code"] == "internal_error"
    assert "this action always fails" in error["error"]["message"]


def test_a_missing_record_is_404_and_a_missing_method_405(page: Page) -> None:
    statuses = page.evaluate(
        """async () => [
            (await fetch('/posts/999')).status,
            (await fetch('/posts', { method: 'HEAD' })).status,
        ]"""
    )
    assert statuses == [404, 200]


def test_the_application_sees_an_honest_request(page: Page) -> None:
    headers = fetch_json(page, "/echo/where", headers={"X-Own": "yes"})["headers"]
    assert headers["host"] in page.url
    assert headers["sec-fetch-site"] == "same-origin"
    assert headers["sec-fetch-mode"] == "cors"
    assert headers["x-own"] == "yes"
    assert "cookie" not in headers


def test_a_form_of_another_site_is_marked_as_such(page: Page) -> None:
    told = page.evaluate(
        """async (address) => {
            const { sender } = await import(address);
            const asked = (method, origin, referrer) => {
                const headers = new Headers(origin ? { origin } : {});
                return sender({ mode: 'navigate', method, referrer, headers });
            };
            const evil = 'https://evil.example';
            const orders = [location.origin, evil, 'null', ''];
            const questions = ['', `${evil}/`, location.href];
            return [
                ...orders.map((origin) => asked('POST', origin, '')),
                ...questions.map((referrer) => asked('GET', '', referrer)),
            ];
        }""",
        module_url("service_worker/sender.mjs"),
    )
    here, there = "same-origin", "cross-site"
    assert told == [here, there, there, there, here, there, here]
