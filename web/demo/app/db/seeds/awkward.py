"""Text that breaks careless programs: some of it must arrive unharmed, some must be refused."""

from __future__ import annotations

#: Names that a board must keep exactly as they are.
WELCOME = (
    'Ask for the "final final" version',
    "Compare prices: paper, ink, toner",
    "Line one\nline two, still the same task",
    "🎉 Plan the party 🎂👩‍👩‍👧‍👦",
    "לתאם את הפגישה עם הצוות",
    "راجع العقد قبل التوقيع",
    "Robert'); DROP TABLE tasks;--",
    "<script>alert('not run')</script> & <b>plain</b>",
    "Zażółć gęślą jaźń — naïve café, e\u0301 and é",
    "確認：会場の予約と名札の印刷",
    "100% done_ish \\ with %wild_cards%",
    "=SUM(A1:A9)",
    "Price is 5 € … or 6 €?",
    "'quoted' ''twice'' and \"\"doubled\"\"",
)

LONG_NAME = "A name of ten thousand characters. " * 286

#: name, due date → rows that no board should take.
REFUSED = (
    ("Cut off here\x00and never seen again", ""),
    (LONG_NAME[:10_000], ""),
    ("", "2026-05-04"),
    ("Meet on a day that does not exist", "2026-02-30"),
    ("\x00", ""),
    ("Finish it next Tuesday", "next Tuesday"),
    ("   ", ""),
    ("Deliver in month thirteen", "2026-13-01"),
)
