"""The words that example projects and tasks are made of."""

from __future__ import annotations

PLACES = (
    "Lisbon", "Oslo", "Nairobi", "Kyoto", "Montréal", "Zürich", "São Paulo", "Reykjavík", "Tallinn",
    "Accra", "Hanoi", "Valparaíso", "Göteborg", "Tbilisi", "Wellington", "Casablanca", "Kraków",
    "Bergen", "Porto", "Aarhus",
)  # fmt: skip
EFFORTS = (
    "store opening", "website relaunch", "office move", "summer festival", "hiring round",
    "warehouse audit", "field study", "product launch", "annual report", "training week",
)  # fmt: skip
VERBS = (
    "Review", "Draft", "Call about", "Order", "Confirm", "Update", "Plan", "Check", "Print",
    "Translate", "Pay for", "Photograph", "Measure", "Cancel", "Rehearse", "Archive", "Repair",
    "Compare", "Sign", "Deliver",
)  # fmt: skip
THINGS = (
    "the floor plan", "the contract", "two quotes", "the guest list", "the invoice", "the budget",
    "signage", "the opening speech", "train tickets", "the safety checklist", "the press photo",
    "lunch for twelve", "the inventory", "spare keys", "the newsletter", "the seating chart",
    "badge printing", "the demo script", "insurance papers", "the wireless network",
)  # fmt: skip
CONTEXTS = (
    "", "", "", " with Ana", " with the landlord", " before Friday", " for the team", " by phone",
    " (second try)", " and send it round", " with legal", " again",
)  # fmt: skip
