"""kmics: who does what in a health and care system, asked of a registry of plain files."""

__version__ = "0.1.0"
