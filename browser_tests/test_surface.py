"""What JavaScript says to Python, and Python to JavaScript, in a real page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error

from browser_tests._browser import browser
from browser_tests._notes import NOTES, opened, run
from browser_tests._site import serving

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Page

#: How JavaScript describes a value; JSON and Playwright would both hide what matters here.
DESCRIBE = """
  window.described = (value) => {
    if (value === null || value === undefined) return String(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    if (typeof value === 'string') return JSON.stringify(value);
    if (value instanceof Date) return `Date ${value.toISOString()}`;
    if (value instanceof Uint8Array) return `Uint8Array ${[...value]}`;
    if (value instanceof Set) return `Set ${window.described([...value])}`;
    if (Array.isArray(value)) return `[${value.map(window.described).join()}]`;
    if (typeof value !== 'object') return String(value);
    const members = Object.entries(value).map(([name, one]) => `${name}:${window.described(one)}`);
    return `{${members.join()}}`;
  };
  window.outcome = (promise) => promise.then(
    (value) => ({ value: window.described(value) }),
    ({ name, code, message, details, traceback, cause, constructor }) => ({
      name, code, message, details, traceback, class: constructor.name, cause: cause?.message,
    }));
"""


@pytest.fixture(scope="module")
def origin() -> Generator[str]:
    with serving(NOTES, ("app",)) as address:
        yield address


@pytest.fixture(scope="module")
def page(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """One tab for all tests."""
    with (
        browser(tmp_path_factory.mktemp("profile") / "shared") as context,
        opened(context, origin) as page,
    ):
        page.evaluate(f"() => {{ {DESCRIBE} }}")
        assert run(page, "db:migrate")["exitCode"] == 0
        yield page


def outcome(page: Page, call: str) -> dict[str, Any]:
    """What *call*, an expression of JavaScript, ends in."""
    return page.evaluate(f"() => outcome({call})")


FROM_PYTHON = [
    ("None", "null"),
    ("bool", "true"),
    ("int", "9007199254740991"),
    ("big int", "9007199254740992n"),
    ("negative big int", "-1000000000000000000000000000000n"),
    ("float", "1.5"),
    ("negative zero", "-0"),
    ("nan", "NaN"),
    ("infinity", "Infinity"),
    ("str", '"ø \U0001f600 \\u0000 </script>"'),
    ("half a character", '"\\ud83d"'),
    ("bytes", "Uint8Array 0,255"),
    ("aware datetime", "Date 2026-06-01T12:00:00.123Z"),
    ("naive datetime", '"2026-06-01T12:00:00"'),
    ("date", '"2026-06-01"'),
    ("time", '"09:30:00"'),
    ("Decimal", '"1.10"'),
    ("UUID", '"12345678-1234-5678-1234-567812345678"'),
    ("Enum", '"red"'),
    ("tuple", "[1,[2]]"),
    ("set", "Set [1]"),
    ("dict", "{a:{b:[]},__proto__:1}"),
    ("mark", '{__velocious_type:"date",value:"text"}'),
]
FROM_JAVASCRIPT = [
    ("null", "None"),
    ("undefined", "None"),
    ("true", "True"),
    ("1", "1"),
    ("1.0", "1"),
    ("1.5", "1.5"),
    ("2 ** 53", "9007199254740992"),
    ("5n", "5"),
    ("-(10n ** 30n)", "-1000000000000000000000000000000"),
    ("NaN", "nan"),
    ("-Infinity", "-inf"),
    ("'ø\\u0000'", "'ø\\x00'"),
    ("'\\ud83d'", "'\\ud83d'"),
    (
        "new Date(Date.UTC(2026, 5, 1, 12, 0, 0, 123))",
        "datetime.datetime(2026, 6, 1, 12, 0, 0, 123000, tzinfo=datetime.timezone.utc)",
    ),
    ("new Uint8Array([0, 255]).subarray(1)", "b'\\xff'"),
    ("new Uint8Array([1, 2]).buffer", "b'\\x01\\x02'"),
    ("new Set([1, 'a']).size && new Set([1])", "{1}"),
    ("new Map([['a', 1n]])", "{'a': 1}"),
    ("[1, undefined, [null]]", "[1, None, [None]]"),
    ("{a: {b: undefined, c: 1}}", "{'a': {'c': 1}}"),
    ("Object.create(null)", "{}"),
    ("new URL('https://a.example/')", "'https://a.example/'"),
    ("JSON.parse('{\"__proto__\": 1n}'.replace('n', ''))", "{'__proto__': 1}"),
    ("{__velocious_type: 'date', value: 'text'}", "{'__velocious_type': 'date', 'value': 'text'}"),
]
UNFIT = [
    ("{tasks: [1, 2, 3, {owner() {}}]}", "at value.tasks[3].owner: a function has no form"),
    ("{a: [new Date(NaN)]}", "at value.a[0]: an invalid Date has no form"),
    ("{'a b': Symbol('x')}", 'at value["a b"]: a symbol has no form'),
    ("{given: document.body}", "at value.given: an object of class HTMLBodyElement has no form"),
    ("[new Map([[1, 2]])]", "at value[0]: a map has the key 1"),
    ("[new Float64Array(2)]", "at value[0]: a Float64Array has no form"),
    (
        "(() => { const one = {}; one.me = [one]; return one; })()",
        "at value.me[0]: a value holds itself",
    ),
]


@pytest.mark.parametrize(("name", "shown"), FROM_PYTHON)
def test_a_value_of_python_becomes_one_of_javascript(page: Page, name: str, shown: str) -> None:
    assert outcome(page, f"app.call('surface.value', ['{name}'])") == {"value": shown}


@pytest.mark.parametrize(("expression", "shown"), FROM_JAVASCRIPT)
def test_a_value_of_javascript_becomes_one_of_python(
    page: Page, expression: str, shown: str
) -> None:
    found = page.evaluate(f"app.call('surface.shown', [{expression}])")
    assert found == [shown]


@pytest.mark.parametrize("name", [name for name, _ in FROM_PYTHON])
def test_what_came_from_python_goes_there_and_comes_back_the_same(page: Page, name: str) -> None:
    there_and_back = f"""async () => {{
      const value = await app.call('surface.value', ['{name}']);
      return [value, await app.call('surface.echo', [value])].map(described);
    }}"""
    first, second = page.evaluate(there_and_back)
    # JSON has one zero
    assert second == first.replace("-0", "0") if name == "negative zero" else second == first


@pytest.mark.parametrize(("expression", "message"), UNFIT)
def test_what_cannot_be_sent_is_a_type_error_that_names_its_place(
    page: Page, expression: str, message: str
) -> None:
    refused = outcome(page, f"app.call('surface.echo', {expression})")
    assert refused["name"] == "TypeError"
    assert refused["message"].startswith(message)


def test_what_python_cannot_send_is_an_error_that_names_its_place(page: Page) -> None:
    refused = outcome(page, "app.call('surface.unfit')")
    assert (refused["name"], refused["code"]) == ("WireError", "wire_value")
    assert "At value.tasks[1].owner: a value of type 'object'" in refused["message"]


def test_arguments_go_by_name_or_in_their_order_and_undefined_ones_are_left_out(page: Page) -> None:
    by_name = "app.call('surface.shown', {first: 1, second: undefined, third: null})"
    assert page.evaluate(by_name) == ["first=1", "third=None"]
    assert page.evaluate("app.call('surface.shown', [1, undefined, null])") == ["1", "None", "None"]
    assert page.evaluate("app.call('surface.shown')") == []
    refused = outcome(page, "app.call('surface.value', {nam: 1})")
    assert refused["code"] == "action_payload"
    assert "(name: " in refused["message"]
    assert outcome(page, "app.call('surface.valeu')")["message"].count("'surface.value'") == 1


def test_a_record_travels_as_its_attributes(page: Page) -> None:
    names = (
        "app.call('surface.record').then((note) => [note.text, note.created_at instanceof Date])"
    )
    assert page.evaluate(names) == ["a record", True]


def test_an_error_has_its_class_code_details_traceback_and_cause(page: Page) -> None:
    refused = outcome(page, "app.call('surface.refuse')")
    assert (refused["class"], refused["name"]) == ("RemoteError", "ValidationError")
    assert refused["code"] == "validation_failed"
    assert refused["details"] == {"text": [{"code": "blank", "message": "can't be blank"}]}
    assert "surface.py" in refused["traceback"]
    caused = outcome(page, "app.call('surface.caused')")
    assert (caused["message"], caused["cause"]) == ("the error", "the cause")


def test_a_signal_cancels_the_function_and_its_transaction(page: Page) -> None:
    before = page.evaluate("app.call('notes.list')")
    aborted = page.evaluate("""async () => {
      const controller = new AbortController();
      const waiting = new Promise((resolve) => { app.subscribe('happened', resolve); });
      const calling = app.call('surface.wait', null, { signal: controller.signal });
      const { at } = await waiting;
      controller.abort();
      return [at.toISOString(), (await outcome(calling)).name];
    }""")
    assert aborted == ["2026-06-01T12:00:00.123Z", "AbortError"]
    # the database has one writer: it would wait for the transaction, were it still open
    page.evaluate("app.call('surface.record')")
    assert page.evaluate("app.call('notes.list')") == [*before, "a record"]


def test_a_signal_that_was_aborted_sends_nothing(page: Page) -> None:
    before = page.evaluate("app.call('notes.list')")
    reason = "app.call('surface.record', null, { signal: AbortSignal.abort(new Error('no')) })"
    assert outcome(page, reason)["message"] == "no"
    assert page.evaluate("app.call('notes.list')") == before


def test_a_call_given_up_at_once_leaves_later_ones_alone(page: Page) -> None:
    outcomes = page.evaluate("""async () => {
      const controller = new AbortController();
      const first = outcome(app.call('surface.echo', [1], { signal: controller.signal }));
      controller.abort();
      const { signal } = new AbortController();
      return [(await first).name, await app.call('surface.echo', [2], { signal })];
    }""")
    assert outcomes == ["AbortError", 2]


def test_a_timeout_cancels_the_function_and_says_so(page: Page) -> None:
    late = outcome(page, "app.call('surface.wait', null, { timeout: 20 })")
    assert (late["name"], late["code"]) == ("TimeoutError", "call_timeout")
    assert late["message"].startswith("surface.wait took longer than 20 ms")
    assert outcome(page, "app.call('surface.echo', [1], { timeout: 60000 })") == {"value": "1"}


def test_events_reach_every_listener_until_it_ends(page: Page) -> None:
    heard = page.evaluate("""async () => {
      const heard = [];
      const failing = app.subscribe('happened', () => { throw new Error('of a listener'); });
      const first = app.subscribe('happened', ({ at }) => heard.push(at.getUTCHours()));
      const second = app.subscribe('happened', () => heard.push('second'));
      await app.call('surface.emit');
      first();
      await app.call('surface.emit');
      second();
      failing();
      return heard;
    }""")
    assert heard == [12, "second", "second"]


#: Keeps what a live call says; `heard(count)` waits for as many of them.
FOLLOW = """
  window.follow = (...asked) => {
    const told = [];
    let news = () => {};
    const hear = (kind) => (value) => {
      told.push([kind, value.message ?? described(value)]);
      news();
    };
    const end = app.subscribe(...asked, hear('value'), { onError: hear('error') });
    const heard = async (count) => {
      while (told.length < count) await new Promise((resolve) => { news = resolve; });
      return told;
    };
    return { end, heard };
  };
"""


def test_a_live_call_follows_what_the_action_reads(page: Page) -> None:
    told = page.evaluate(f"""async () => {{
      {FOLLOW}
      await app.call('surface.clear');
      const {{ heard, end }} = follow('surface.like', {{ pattern: 'a%' }});
      const others = follow('surface.like', ['b%']);
      await heard(1);
      await others.heard(1);
      await app.call('surface.add', ['apple']);
      await heard(2);
      end();
      end();
      await app.call('surface.add', ['banana']);
      await app.call('surface.add', ['apricot']);
      await others.heard(2);
      others.end();
      return [await heard(0), await others.heard(0)];
    }}""")
    assert told == [
        [["value", "[]"], ["value", '["apple"]']],
        [["value", "[]"], ["value", '["banana"]']],
    ]


def test_a_live_call_tells_errors_and_goes_on(page: Page) -> None:
    told = page.evaluate(f"""async () => {{
      {FOLLOW}
      await app.call('surface.clear');
      const {{ heard, end }} = follow('surface.like', ['%']);
      await heard(1);
      await app.call('surface.add', ['broken']);
      await heard(2);
      await app.call('surface.clear');
      await heard(3);
      end();
      return heard(0);
    }}""")
    assert told == [["value", "[]"], ["error", "broken"], ["value", "[]"]]


def test_a_live_call_of_an_unknown_action_says_so(page: Page) -> None:
    refused = page.evaluate("""() => new Promise((resolve) => {
      app.subscribe('surface.lik', null, () => {}, { onError: ({ code, constructor }) => resolve([code, constructor.name]) });
    })""")  # noqa: E501
    assert refused == ["unknown_action", "RemoteError"]
    with pytest.raises(Error, match=r'subscribe\("surface.like", …\) has no listener'):
        page.evaluate("app.subscribe('surface.like', ['%'])")
    with pytest.raises(Error, match=r"at value.f: a function has no form"):
        page.evaluate("app.subscribe('surface.like', { f() {} }, () => {})")


def test_a_signal_ends_a_live_call(page: Page) -> None:
    told = page.evaluate(f"""async () => {{
      {FOLLOW}
      await app.call('surface.clear');
      const controller = new AbortController();
      const {{ signal }} = controller;
      const told = [];
      app.subscribe('surface.like', ['%'], (value) => told.push(value), {{ signal }});
      app.subscribe('surface.like', ['%'], () => told.push('never'), {{ signal: AbortSignal.abort() }});
      const {{ heard, end }} = follow('surface.like', ['%']);
      await heard(1);
      controller.abort();
      await app.call('surface.add', ['apple']);
      await heard(2);
      end();
      return told;
    }}""")  # noqa: E501
    assert told == [[]]


def test_a_store_runs_python_while_somebody_listens(page: Page) -> None:
    snapshots = page.evaluate("""async () => {
      const { createStore, observe, watch } = await import('/velocious/use_velocious.mjs');
      await app.call('surface.clear');
      const store = createStore(Promise.resolve(app), 'surface.like', ['%']);
      const seen = [];
      let news = () => {};
      const changed = async (count) => {
        while (seen.length < count) await new Promise((resolve) => { news = resolve; });
      };
      const show = (one) => {
        seen.push({ ...one, error: one.error && one.error.message, same: one === store.getSnapshot() });
        news();
      };
      const end = watch(store, show);
      await changed(2);
      await app.call('surface.add', ['broken']);
      await changed(3);
      end();
      await app.call('surface.clear');
      const again = watch(store, show);
      await changed(5);
      again();
      const storage = observe(app.storage);
      return [seen, storage.getSnapshot() === app.storage.value];
    }""")  # noqa: E501
    nothing: dict[str, Any] = {"value": [], "error": None, "loading": False, "same": True}
    assert snapshots == [
        [
            {"value": None, "error": None, "loading": True, "same": True},
            nothing,
            {**nothing, "error": "broken"},
            {**nothing, "error": "broken"},
            nothing,
        ],
        True,
    ]
