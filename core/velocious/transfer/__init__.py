"""Moves the rows of a whole database into another one, of any kind."""
