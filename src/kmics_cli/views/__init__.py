"""From answers to something to read: blocks, then terminal, Markdown, CSV or JSON. Nothing here asks or decides."""
