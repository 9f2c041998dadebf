"""g:controller, g:scaffold, and the application that they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication

COLUMNS = ("title:string!", "body:text", "votes:integer", "state:enum:open:done", "due_on:date")


def files_of(application: GeneratedApplication) -> dict[str, str]:
    """Path → text of every file of the application that a generator may write."""
    return {
        str(path.relative_to(application.directory)): path.read_text()
        for folder in ("app", "tests")
        for path in sorted((application.directory / folder).rglob("*"))
        if path.is_file() and path.suffix in (".py", ".html")
    }


async def test_a_scaffold_writes_all_that_a_table_needs(generated: GeneratedApplication) -> None:
    text = await generated.done("g:scaffold", "BlogPost", *COLUMNS)
    written = files_of(generated)
    for path in (
        "app/models/blog_post.py",
        "app/controllers/blog_posts_controller.py",
        *(f"app/views/blog_posts/{one}.html" for one in ("index", "show", "new", "edit", "_form")),
        "tests/models/test_blog_post.py",
        "tests/controllers/test_blog_posts_controller.py",
    ):
        assert path in written, path
    assert 'routes.resources("blog_posts", id="int")' in written["app/config/routes.py"]
    assert "nav_link" in written["app/views/layouts/_navigation.html"]
    assert "edit  app/config/routes.py" in text


async def test_a_reference_is_chosen_where_its_model_exists(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Task", "name:string!", "project:references")
    assert '{{ f.field("project_id") }}' in files_of(generated)["app/views/tasks/_form.html"]
    await generated.done("g:model", "Author", "name:string!")
    await generated.done("g:scaffold", "Post", "title:string!", "author:references{optional}")
    written = files_of(generated)
    assert 'f.select("author_id", authors' in written["app/views/posts/_form.html"]
    assert "from app.models.author import Author" in written["app/controllers/posts_controller.py"]
    assert "display(post.author)" in written["app/views/posts/index.html"]


async def test_pretending_writes_nothing(generated: GeneratedApplication) -> None:
    before = files_of(generated)
    text = await generated.done("g:scaffold", "Post", "title", "--pretend")
    assert "create  app/controllers/posts_controller.py" in text
    assert "edit  app/config/routes.py" in text
    await generated.done("g:controller", "pages", "index", "--pretend")
    assert files_of(generated) == before


async def test_a_scaffold_twice_changes_nothing(generated: GeneratedApplication) -> None:
    await generated.done("g:scaffold", "Post", *COLUMNS)
    before = files_of(generated)
    code, text = await generated.line("g:scaffold", "Post", *COLUMNS)
    assert code == 1
    assert "There is a model Post already" in text
    await generated.done("g:scaffold", "Post", *COLUMNS, "--force")
    assert files_of(generated) == before


async def test_what_a_scaffold_wrote_can_be_taken_back(generated: GeneratedApplication) -> None:
    await generated.done("g:scaffold", "Author", "name:string!")
    before = files_of(generated)
    await generated.done("g:scaffold", "Post", *COLUMNS, "author:references")
    await generated.done("d:scaffold", "Post", *COLUMNS, "author:references")
    assert files_of(generated) == before


async def test_a_scaffold_that_was_worked_on_is_kept(generated: GeneratedApplication) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    generated.write("app/views/posts/index.html", "mine")
    before = files_of(generated)
    code, text = await generated.line("d:scaffold", "Post", "title:string!")
    assert code == 1
    assert "Nothing was removed: app/views/posts/index.html is not what was generated" in text
    assert files_of(generated) == before
    await generated.done("d:scaffold", "Post", "title:string!", "--force")
    assert not [path for path in files_of(generated) if "posts" in path]


async def test_routes_that_are_no_python_stop_a_generator_before_it_writes(
    generated: GeneratedApplication,
) -> None:
    generated.write("app/config/routes.py", "routes = (")
    before = files_of(generated)
    for words in (("g:scaffold", "Post", "title"), ("g:controller", "pages", "index")):
        code, text = await generated.line(*words)
        assert code == 1
        assert "app/config/routes.py is no Python" in text
    assert files_of(generated) == before


async def test_a_controller_comes_with_templates_routes_and_a_test(
    generated: GeneratedApplication,
) -> None:
    before = files_of(generated)
    await generated.done("g:controller", "admin/reports", "index", "yearly")
    written = files_of(generated)
    assert sorted(set(written) - set(before)) == [
        "app/controllers/admin/reports_controller.py",
        "app/views/admin/reports/index.html",
        "app/views/admin/reports/yearly.html",
        "tests/controllers/test_admin_reports_controller.py",
    ]
    assert "class ReportsController" in written["app/controllers/admin/reports_controller.py"]
    routes = written["app/config/routes.py"]
    assert 'routes.get("/admin/reports", to="admin/reports#index")' in routes
    assert 'routes.get("/admin/reports/yearly", to="admin/reports#yearly")' in routes
    await generated.done("d:controller", "admin/reports", "index", "yearly")
    assert files_of(generated) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("g:controller", "../x", "index"), "cannot name a controller"),
        (("g:controller", "pages", "Show me"), "'Show me' cannot name an action"),
        (("g:controller", "pages", "render"), "'render' cannot name an action: every controller"),
        (("g:controller", "pages", "session"), "Write for example show_session"),
        (("g:controller", "pages", "import"), "no word of Python's own"),
        (("d:controller", "pages", "index"), "There is no controller 'pages'"),
        (("g:scaffold", "Post", "title:strng"), "Did you mean 'string'"),
        (("g:scaffold", "1x"), "cannot name a model"),
    ],
)
async def test_names_that_cannot_be_are_refused(
    generated: GeneratedApplication, words: tuple[str, ...], said: str
) -> None:
    before = files_of(generated)
    code, text = await generated.line(*words)
    assert code != 0
    assert said in text
    assert files_of(generated) == before
