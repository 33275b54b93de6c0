"""What a marked block is made of: the answer and the page of kmics report, for a page that is kept with the record."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kmics_cli.cli.reporting import found_for
from kmics_cli.cli.session import Format, Session

if TYPE_CHECKING:
    from kmics_cli.dates import Span
    from kmics_cli.papers.blocks import Marked
    from kmics_cli.query import Answered
    from kmics_cli.views.blocks import Block


class Dated(Session):
    """What the blocks of one day are made of: a session of the same registry that names its state and no commit.

    Nothing in it depends on the clock: the present day is the last of the days asked about.
    """

    def __init__(self, whole: Session, span: "Span") -> None:
        from kmics_cli.snapshot import Standing

        super().__init__(format=Format.MD)
        self.place, self.commit, self.snapshot, self.loaded = (
            whole.place,
            whole.commit,
            whole.snapshot,
            whole.loaded,
        )
        self.span, self.today = span, span.last
        self.standing = Standing(None, None, False)
        self.tree: str | None = None

    def registry_line(self) -> str:
        """Return the line that names the registry and its state."""
        name = self.loaded[0].settings.name
        if self.tree is None:
            return f"Registry: {name}. Which state of it this was made from is not recorded."
        return f"Registry: {name}, state {self.tree[:12]}."

    def named(self, tree: str | None, about: str | None) -> str:
        """Return the stamp, with the id of the registry's folder: a commit's own id can never be in it."""
        parts = [f"{name}={value}" for name, value in (("tree", tree), ("about", about)) if value]
        return f"<!-- kmics:stamp {' '.join([f'on={self.span.text}', *parts])} -->"


@dataclass(frozen=True)
class Section:
    """The answer that a block is made of."""

    session: Dated
    block: "Marked"
    answer: "Answered"
    notice: str
    about: str | None

    @cached_property
    def _pages(self) -> "dict[str | None, list[Block]]":
        return {}

    def _page(self, tree: str | None) -> "list[Block]":
        if tree not in self._pages:
            self.session.tree = tree
            self._pages[tree] = self.session.page("report", self.answer, self.notice)
        return self._pages[tree]

    def text(self, tree: str | None, tables: int) -> tuple[str, int]:
        """Return it as Markdown, with its stamp; and how many tables it has."""
        from kmics_cli.views.blocks import Table, lowered, unfolded
        from kmics_cli.views.markdown import markdown

        blocks = lowered(self._page(tree), self.block.level)
        text = markdown(blocks if self.block.title else blocks[1:], tables)
        return f"{text}\n{self.session.named(tree, self.about)}\n", sum(
            isinstance(one, Table) for one in unfolded(blocks)
        )


def section(session: Dated, block: "Marked") -> Section:
    """Return what a block is made of. Raises `UserError` (2) for what cannot be reported."""
    from kmics_cli.reports import report
    from kmics_cli.reports.frame import Wanted

    found = found_for(session, block.name, block.ref) if block.ref is not None else None
    wanted = Wanted(session.today, block.within, block.since)
    answer = session.answer("report", report(block.name, session.asked, found.id if found else None, wanted))
    about = found.id if found and found.kind == "bodies" else None
    return Section(session, block, answer, found.notice if found else "", about)
