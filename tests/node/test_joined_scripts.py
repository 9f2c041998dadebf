"""The files that take the place of the library's modules: fewer of them, and the same modules."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from velocious_node.browser.joined_scripts import ENTRIES, CannotBeJoinedError, join, reached
from velocious_node.browser.scripts import read_scripts

if TYPE_CHECKING:
    from pathlib import Path

SHARED = "import { count } from './count.mjs';\n\nexport const seen = count('shared');\n"
MODULES = {
    "count.mjs": "/** How often. */\nlet times = 0;\n// why\nexport function count(who) {\n"
    "  times += 1; // each\n  return `${who} ${times}`;\n}\n",
    "inner/shared.mjs": SHARED.replace("./", "../"),
    "client.mjs": "import { seen as one } from './inner/shared.mjs';\n\nexport { one };\n"
    "export const here = import.meta.url;\n",
    "page.mjs": "import { one } from './client.mjs';\nimport { own } from './inner/own.mjs';\n"
    "import { count } from './count.mjs';\n\nexport const all = [one, own, count('page')];\n",
    "inner/own.mjs": "import { seen } from './shared.mjs';\n\nconst own = [seen];\n"
    "class Kept {}\nexport { own, Kept };\n",
    "worker.mjs": "import { count } from './count.mjs';\n\nexport const own = count('worker');\n",
    "rescue.mjs": "import { seen } from './inner/shared.mjs';\n\nexport const found = seen;\n",
}


def joined(**changed: str) -> dict[str, str]:
    return join(tuple({**MODULES, **changed}.items()))


@pytest.mark.skipif(shutil.which("node") is None, reason="node runs the files")
def test_a_module_runs_once_in_a_page_whichever_file_asks_for_it(tmp_path: Path) -> None:
    for name, text in joined().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    asks = (
        "const [{ all }, { own }, { found }, { here }] = await Promise.all(['./page.mjs', "
        "'./worker.mjs', './rescue.mjs', './client.mjs'].map((name) => import(name)));"
        "console.log(JSON.stringify([all, own, found, here.endsWith('/client.mjs')]));"
    )
    (tmp_path / "ask.mjs").write_text(asks, encoding="utf-8")
    told = subprocess.run(["node", "ask.mjs"], cwd=tmp_path, capture_output=True, check=True)
    page = ["shared 1", ["shared 1"], "page 2"]
    assert json.loads(told.stdout) == [page, "worker 1", "shared 1", True]


def test_a_start_asks_for_few_files() -> None:
    files = joined()
    assert reached(files, ["page.mjs"]) == {"page.mjs", "client.mjs"}
    assert reached(files, ["worker.mjs"]) == {"worker.mjs"}
    assert "inner/own.mjs" not in reached(files, MODULES.keys() & ENTRIES)


def test_comments_stay_behind() -> None:
    assert "How often" not in joined()["client.mjs"]
    assert "// why" not in joined()["client.mjs"]
    assert "times += 1; // each" in joined()["client.mjs"]


@pytest.mark.parametrize(
    "line",
    [
        "export let changing = 1;",
        "export default 1;",
        "import * as every from './inner/shared.mjs';",
        "const place = import.meta.url;",
    ],
)
def test_a_module_that_cannot_be_joined_is_named(line: str) -> None:
    text = f"{MODULES['count.mjs']}\n{line}\n"
    with pytest.raises(CannotBeJoinedError, match=r"^count\.mjs cannot be put into another file"):
        joined(**{"count.mjs": text})


def test_the_library_sends_a_page_two_files_and_its_worker_one() -> None:
    scripts = read_scripts(devtools=False)
    texts = {name: content.decode() for name, content in scripts.modules.items()}
    for entry, others in (
        ("client.mjs", set[str]()),
        ("page.mjs", {"client.mjs"}),
        ("page/shell.mjs", {"client.mjs"}),
        ("pyscript.mjs", {"client.mjs"}),
        ("worker.mjs", set[str]()),
        ("interpreter.mjs", set[str]()),
        ("service_worker/main.mjs", set[str]()),
    ):
        assert reached(texts, [entry]) == {entry, *others}
    assert set(scripts.kept) <= scripts.modules.keys()
    assert len(scripts.kept) < 20
