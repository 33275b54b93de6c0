"""The bare program: what any Typer program costs before it does anything.

Two commands; one prints one rich table. Each outside library but Typer is imported where it is needed, and
the arguments complete from a short list, so that nothing is slower than it has to be.
"""

import typer

app = typer.Typer(help="A program that does almost nothing.")
NAMES = ("icb-board", "icb-committees", "icb-executive", "kettle", "lamp")


def names(incomplete: str) -> list[str]:
    """Return the names that begin with what was typed."""
    return [name for name in NAMES if name.startswith(incomplete)]


@app.command()
def show(name: str = typer.Argument(autocompletion=names)) -> None:
    """Print one table about a thing."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=name)
    for heading in ("Seat", "Held by", "What we can say"):
        table.add_column(heading)
    for number in range(1, 11):
        table.add_row(f"Seat {number}", f"Holder {number}", "In post.")
    Console().print(table)


@app.command()
def count() -> None:
    """Print how many things there are."""
    typer.echo(len(NAMES))


if __name__ == "__main__":
    app()
