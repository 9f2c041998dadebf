"""The types that are published for the JavaScript modules say what the modules are."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.project._repository import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

JAVASCRIPT = REPOSITORY / "env_browser/velocious_browser/js"
COMPILER = REPOSITORY / "runtime/node_modules/.bin/tsc"

#: What others do not see: for the service worker, and for start() itself.
OWN = '"boot" | "request" | "serve"'
COMPARED = f"""
import * as source from './source/client.mjs';
import * as hooks from './source/use_velocious.mjs';
import type * as published from './types/client.mjs';
import type * as publishedHooks from './types/use_velocious.mjs';

// What the types promise, the module has.
export const promised: typeof published = source;
export const promisedHooks: typeof publishedHooks = hooks;
export const app = (one: source.App): published.App => one;

// What the module has, the types tell.
type Untold = Exclude<keyof typeof source, keyof typeof published | 'App'>;
type UntoldOfApp = Exclude<keyof source.App, keyof published.App | {OWN}>;
type UntoldHooks = Exclude<keyof typeof hooks, keyof typeof publishedHooks>;
type All = [Untold, UntoldOfApp, UntoldHooks];
export const untold: All extends [never, never, never] ? true : All = true;

// Data is the same on both sides.
type Same<One, Other> = [One, Other] extends [Other, One] ? true : [One, Other];
type Keys<One, Other> = Same<keyof One, keyof Other>;
export const options: Same<source.Options, published.Options> = true;
export const optionNames: Keys<source.Options, published.Options> = true;
export const callOptions: Same<source.CallOptions, published.CallOptions> = true;
export const callOptionNames: Keys<source.CallOptions, published.CallOptions> = true;
export const liveOptions: Same<source.LiveOptions, published.LiveOptions> = true;
export const liveOptionNames: Keys<source.LiveOptions, published.LiveOptions> = true;
export const given: Same<source.Arguments, published.Arguments> = true;
export const state: Same<source.State, published.State> = true;
export const progress: Same<source.Progress, published.Progress> = true;
export const level: Same<source.Level, published.Level> = true;
export const persistence: Same<source.Persistence, published.Persistence> = true;
export const result: Same<source.CommandResult, published.CommandResult> = true;
"""
USED = """
import { start, RemoteError, type Persistence } from '/velocious/client.mjs';

import { createHooks, createStore, watch, type React } from '/velocious/use_velocious.mjs';

type Task = { id: number; due: Date };
const app = await start({ onProgress: ({ loaded, total }) => console.log(loaded / total) });
const tasks = await app.call<Task[]>('tasks.list', { limit: 10 }, { timeout: 500 });
const days: number[] = tasks.map(({ due }) => due.getUTCDate());
const show = (value: Persistence) => console.log(value.percent, days);
const end: () => void = app.storage.subscribe(show);
await app.call('tasks.add', ['first', 2n]).catch((error) => {
  if (error instanceof RemoteError) console.log(error.code?.length, error.details.name);
});
end();
declare const react: React;
const { useVelocious, useObservable } = createHooks(react, app);
const due: Date | undefined = useVelocious<Task[]>('tasks.list').value?.[0]?.due;
const percent: number | null = useObservable(app.storage).percent;
const store = createStore<Task[]>(app, 'tasks.list');
watch(store, ({ value }) => console.log(value?.length, due, percent))();
const listener = (found: Task[]) => console.log(found.length);
const onError = ({ message }: Error) => alert(message);
app.subscribe('tasks.list', { limit: 10 }, listener, { onError })();
app.subscribe('saved', ({ at }: { at: Date }) => console.log(at.getTime()));
// @ts-expect-error: no such option
await start({ onProgres: console.log });
// @ts-expect-error: arguments are an object or a list
await app.call('tasks.list', 'text');
"""


def check(folder: Path, text: str, **options: object) -> str:
    """What the compiler says about *text*, a module in *folder*."""
    (folder / "check.mts").write_text(text, encoding="utf-8")
    settings = {
        "strict": True,
        "noEmit": True,
        "allowJs": True,
        "checkJs": False,
        "target": "esnext",
        "module": "esnext",
        "moduleResolution": "bundler",
        "lib": ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
        "types": [],
        **options,
    }
    project = {"compilerOptions": settings, "include": ["check.mts"]}
    (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    done = subprocess.run(
        [COMPILER, "--project", folder, "--pretty", "false"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The modules, and the types apart from them: where both are, the compiler takes the types."""
    if not COMPILER.exists():
        pytest.skip("TypeScript is not here: `make runtime` installs it")
    shutil.copytree(JAVASCRIPT, tmp_path / "source", ignore=shutil.ignore_patterns("types"))
    shutil.copytree(JAVASCRIPT / "types", tmp_path / "types")
    return tmp_path


def test_the_published_types_are_those_of_the_module(folder: Path) -> None:
    assert check(folder, COMPARED) == ""


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("readFile(path: string): Promise<Blob>;", "readFile(path: string): Promise<string>;"),
        ("  askToPersist?: boolean;\n", ""),
    ],
)
def test_types_that_differ_from_the_module_are_found(
    folder: Path, written: str, wrong: str
) -> None:
    types = folder / "types/client.d.mts"
    text = types.read_text(encoding="utf-8")
    assert written in text
    types.write_text(text.replace(written, wrong), encoding="utf-8")
    assert "error TS" in check(folder, COMPARED)


def test_a_program_in_typescript_uses_the_types_by_path(folder: Path) -> None:
    paths = {"/velocious/*": ["./types/*"]}
    assert check(folder, USED, paths=paths) == ""
