"""Templates, and what is written from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.cli.output import TextOutput
from velocious.errors import ConfigurationError
from velocious.generator.application import application_name, write_application
from velocious.generator.template import fill, names_in, rendered
from velocious.generator.writing import GeneratedFiles
from velocious_node.files import NodeFiles

if TYPE_CHECKING:
    from pathlib import Path


def test_values_are_put_in_their_places() -> None:
    assert fill("a {{ x }} b {{ x }}", {"x": "1"}, "t") == "a 1 b 1"
    assert fill("${x} {x} {{x}} %(x)s", {"x": "1"}, "t") == "${x} {x} {{x}} %(x)s"


def test_a_place_without_a_value_raises_with_close_matches() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'class_name'"):
        fill("{{ clas_name }}", {"class_name": "X"}, "t")


def test_every_template_of_an_application_can_be_rendered() -> None:
    values = {"name": "blog", "title": "Blog", "version": "1"}
    for name in names_in("application"):
        # Places in a page's own template are for later.
        left = "{% " if name.endswith(".html") else "{{ "
        assert left not in rendered(name, values) or "/views/" in name, name


@pytest.mark.parametrize(
    ("given", "name"), [("Blog", "blog"), ("my blog!", "my-blog"), ("Été 2", "t-2"), ("a_b", "a_b")]
)
def test_a_directory_names_its_application(given: str, name: str) -> None:
    assert application_name(given) == name


def test_an_existing_file_is_kept_unless_it_is_forced(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    output = TextOutput()
    written = GeneratedFiles(NodeFiles(str(tmp_path)), output)
    write_application(written, "blog")
    assert (tmp_path / "README.md").read_text() == "mine"
    assert written.skipped == ["README.md"]
    assert "skip  README.md  (exists; --force replaces it)" in output.text
    write_application(GeneratedFiles(NodeFiles(str(tmp_path)), output, force=True), "blog")
    assert (tmp_path / "README.md").read_text().startswith("# Blog")


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    output = TextOutput()
    files = NodeFiles(str(tmp_path))
    write_application(GeneratedFiles(files, TextOutput()), "blog")
    write_application(GeneratedFiles(files, output), "blog")
    assert "create" not in output.text
    assert "skip" not in output.text
