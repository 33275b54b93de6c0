"""One registry as dated events: the timeline of one thing, and what happened in the world between two days."""

from kmics_cli.events.changes import changes, last_meeting
from kmics_cli.events.papers import Stamp, since_paper, stamps
from kmics_cli.events.timeline import line_of, timeline
from kmics_cli.events.told import GROUPS

__all__ = ["GROUPS", "Stamp", "changes", "last_meeting", "line_of", "since_paper", "stamps", "timeline"]
