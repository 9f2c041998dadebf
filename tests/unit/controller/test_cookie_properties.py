"""Whatever is sent or set: cookies are read, and nothing is injected."""

from __future__ import annotations

from contextlib import suppress
from http.cookies import SimpleCookie

from hypothesis import given
from hypothesis import strategies as st

from velocious.controller.cookies.attributes import CookieAttributes, set_cookie_line
from velocious.controller.cookies.parsing import received_cookies
from velocious.controller.cookies.sealing import from_text, to_text
from velocious.errors import CookieError

PIECES = st.lists(
    st.one_of(st.binary(), st.sampled_from([b";", b"=", b'"', b" ", b"a=1", b",", b"\\"]))
)


@given(PIECES)
def test_any_header_is_read(pieces: list[bytes]) -> None:
    found = received_cookies({"headers": [(b"cookie", b"".join(pieces))]})
    assert all(name and ";" not in name + value for name, value in found.items())


@given(st.text(max_size=30), st.text(max_size=60), st.text(max_size=20))
def test_what_is_set_is_one_cookie_with_this_name_and_value(
    name: str, value: str, path: str
) -> None:
    with suppress(CookieError):
        line = set_cookie_line(name, value, CookieAttributes(path=f"/{path}", secure=True))
        pair, *attributes = line.split("; ")
        assert pair == f"{name}={value}"
        assert attributes == [f"Path=/{path}", "Secure", "HttpOnly", "SameSite=Lax"]
        assert line.isascii()
        assert line.isprintable()


@given(
    st.text(st.sampled_from("abcXYZ019-_"), min_size=1, max_size=20),
    st.text(st.sampled_from("abcXYZ019-_=.:/%&?@!"), max_size=60),
)
def test_what_is_set_comes_back(name: str, value: str) -> None:
    line = set_cookie_line(name, value, CookieAttributes(secure=True))
    assert SimpleCookie(line)[name].value == value
    sent = line.partition(";")[0].encode()
    assert received_cookies({"headers": [(b"cookie", sent)]}) == {name: value}


@given(st.binary())
def test_bytes_come_back_from_text(data: bytes) -> None:
    assert from_text(to_text(data)) == data


@given(st.text())
def test_no_two_texts_open_to_the_same_bytes(text: str) -> None:
    data = from_text(text)
    assert data is None or to_text(data) == text
