"""Reproducible measurements; never part of a test run."""
