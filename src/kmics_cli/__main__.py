"""Run with `python -m kmics_cli`."""

from kmics_cli.cli import main

if __name__ == "__main__":
    main()
