"""A page as one file for a browser: no script, nothing fetched, readable on a phone and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kmics_cli.papers.pandoc import converted, document, plain
from kmics_cli.views.blocks import Block

_STYLE = """
html { font: 100%/1.5 Arial, "Liberation Sans", Helvetica, sans-serif; color: #212b32; background: #fff; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2rem 0 .75rem; }
h1 { font-size: 1.9rem; margin-top: 1rem; } h2 { font-size: 1.45rem; } h3 { font-size: 1.2rem; } h4 { font-size: 1rem; }
p, li, summary { max-width: 46rem; } li { margin: .25rem 0; }
.table { overflow-x: auto; margin: 1rem 0 1.75rem; }
.table:focus-visible, summary:focus-visible { outline: 3px solid #005eb8; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: 0 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #768692; min-width: 5.5rem; }
th { vertical-align: bottom; border-bottom: 2px solid #212b32; }
@media print {
  body { max-width: none; padding: 0; } .table { overflow: visible; }
  h1, h2, h3, h4, caption { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; }
  details::details-content { content-visibility: visible; }
}
"""

_SHELL = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{main}
</main>
</body>
</html>
{stamp}
"""


def web(blocks: Sequence[Block], title: str, stamp: str) -> str:
    """Return the blocks as a page for a browser, with a stamp (a comment, as Markdown has it) at its end.

    Raises `UserError` (3) without pandoc.
    """
    main = converted(document(blocks, web=True), "html5").decode("utf-8").replace("\r\n", "\n").rstrip("\n")
    return _SHELL.format(title=escape(plain(title)), style=_STYLE, main=main, stamp=stamp)
