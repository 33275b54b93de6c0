"""Text in, text out: one part of a YAML file put, added or taken away, and all else left as it was, byte for byte.

Each move is proved before it is returned: what the new text says is exactly the move made on what the old text said,
and no comment is lost.
"""

from kmics_cli.edit.moves import EditError, append, put, rekey, remove
from kmics_cli.edit.written import Value, fresh

__all__ = ["EditError", "Value", "append", "fresh", "put", "rekey", "remove"]
