"""What a migration can do, a file for each kind of thing it does it to.

Law: a command is awaited, leaves the schema whole, and says how it is undone in ``inverses.py`` (or
why it cannot be).
"""
