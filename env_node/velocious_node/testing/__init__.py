"""Test doubles and places that only a server process has."""
