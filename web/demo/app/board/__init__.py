"""What one can do with the board: the same functions for the server's JSON controller and for the
browser's worker.

Law: plain values in, plain data out, records in between; nothing here knows where it runs.
"""

from __future__ import annotations

from app.board.moving import move_task as move_task
from app.board.projects import add_project as add_project
from app.board.projects import delete_project as delete_project
from app.board.projects import projects as projects
from app.board.projects import rename_project as rename_project
from app.board.tasks import add_task as add_task
from app.board.tasks import delete_task as delete_task
from app.board.tasks import edit_task as edit_task
from app.board.tasks import restore_task as restore_task
from app.board.tasks import tasks as tasks
from app.board.tasks import view as view
