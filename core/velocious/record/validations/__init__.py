"""Validations, one validator per file."""
