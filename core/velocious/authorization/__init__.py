"""Who may do what: rules in plain Python, that narrow queries and judge single records.

An :class:`Ability` is one user's rules. :class:`BaseResource` is where an application writes them,
one class for each model. A ``rule`` becomes a condition in ``predicate``, which queries take
(``query/permitted.py``, ``query/sight.py``); ``judging`` asks it about one record (``exactly``
where Python can tell, else the database), and ``fields`` says which attributes are meant.

Law: what the query form finds and what the form for single records allows are the same, for there
is one condition, and where Python's comparison may differ from the database's, the database is
asked. Nothing that no rule allows is allowed.
"""

from __future__ import annotations

from velocious.authorization.ability import CRUD as CRUD
from velocious.authorization.ability import Ability as Ability
from velocious.authorization.base_resource import BaseResource as BaseResource
