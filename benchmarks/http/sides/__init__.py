"""One application per framework: ``application(database)`` makes it."""
