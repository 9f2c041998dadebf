"""The look of error pages. They load nothing: whatever went wrong, they can be shown."""

from __future__ import annotations

#: The page needs nothing but its own style, whatever an error's message holds.
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1d2330, #e6e9f0);
  --soft: light-dark(#5b6474, #9aa4b8); --line: light-dark(#dde1e9, #313848);
  --page: light-dark(#f6f7f9, #14171e); --card: light-dark(#fff, #1b1f29);
  --accent: light-dark(#b3261e, #ff8a80); --mark: light-dark(#ffe3df, #5b2320);
  font: 16px/1.55 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); }
a { color: inherit; }
code, pre, .path { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .8125rem; }
""".strip()

FRIENDLY_STYLE = """
body { min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; }
main { max-width: 34rem; }
.status { color: var(--accent); font-weight: 600; letter-spacing: .06em; margin: 0; }
h1 { margin: .25rem 0 .75rem; font-size: clamp(1.5rem, 5vw, 2.25rem); line-height: 1.2;
  text-wrap: balance; }
p { overflow-wrap: anywhere; margin: 0 0 1rem; }
.id { color: var(--soft); font-size: .8125rem; }
""".strip()

DETAILED_STYLE = """
header { background: var(--card); border-bottom: 1px solid var(--line);
  padding: 2rem max(1.25rem, calc(50vw - 34rem)) 1.5rem; }
main { padding: 1.5rem max(1.25rem, calc(50vw - 34rem)) 4rem; }
.request { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
h1 { margin: .25rem 0 .5rem; font-size: 1.0625rem; color: var(--accent); }
.message { margin: 0; font-size: 1.25rem; line-height: 1.4; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.note { margin: .5rem 0 0; color: var(--soft); font-size: .875rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .75rem; font-size: 1rem; }
.relation { color: var(--soft); font-weight: 400; }
details, section.frame, table, .copy { background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; margin: 0 0 .75rem; overflow: hidden; }
details details { border-width: 1px 0 0; border-radius: 0; margin: 0; }
summary, .place { padding: .5rem .875rem; cursor: default; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--soft); }
.place .function { color: var(--soft); }
pre { margin: 0; padding: .5rem 0; overflow-x: auto; border-top: 1px solid var(--line);
  line-height: 1.6; tab-size: 4; }
pre span { display: block; padding: 0 .875rem; width: max-content; min-width: 100%; }
pre i { display: inline-block; width: 3.5ch; margin-right: 1.5ch; color: var(--soft);
  font-style: normal; text-align: right; user-select: none; }
pre .current { background: var(--mark); }
pre mark { background: none; color: inherit; border-bottom: 2px solid var(--accent); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .875rem; overflow-wrap: anywhere;
  border-top: 1px solid var(--line); }
tr:first-child > * { border-top: 0; }
th { width: 30%; font-weight: 500; color: var(--soft); }
.copy pre { border: 0; padding: .75rem .875rem; white-space: pre-wrap; user-select: all;
  overflow-wrap: anywhere; }
""".strip()


def page(title: str, style: str, body: str) -> str:
    """A whole page; *title* and *body* are HTML."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}\n{style}\n</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
