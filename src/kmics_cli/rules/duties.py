"""Duties: what the registry's own requirements ask of a body, and is certainly not met today."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.problems import Problem
from kmics_cli.query.duties import not_met
from kmics_cli.rules.look import Look, found, rule


@rule("warning", timely=True)
def unmet_duty(look: Look) -> Iterator[Problem]:
    """A body certainly does not meet a duty that is in force today.

    Why: a seat that the law asks for and nobody holds should be seen by whoever looks after the record. A vacancy does
    not by itself make proceedings invalid, so this is a warning whatever the duty's own severity, which orders
    `kmics report checks`. What a partial list leaves open is not known, and not told here.

    Passes:

        --- requirements/boards.yaml
        name: What boards must have
        applies_to: {kind: board}
        from: 2020-01-01
        status: in-force
        rules:
          chair:
            text: The board has a chair
            requires: {seats: {of: {member_type: [chair]}, at_least: 1}}
            basis: good-practice
            citation: A paper, line 3
            severity: error
        sources: [paper line 3]

    Fails:

        --- bodies/alpha.yaml
        name: Alpha # <- unmet-duty
        kind: board
        from: 2020-01-01
        recorded: {roles: complete, sources: [paper line 1]}
        sources: [paper line 1]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              sources: [paper line 1]
          member:
            title: Member
            member_type: member
            appointments:
            - person: bo-other
              from: 2020-01-01
              sources: [paper line 1]
        --- requirements/boards.yaml
        name: What boards must have
        applies_to: {kind: board}
        from: 2020-01-01
        status: in-force
        rules:
          deputy-chair:
            text: The board has a deputy chair
            requires: {seats: {of: {member_type: [deputy-chair]}, at_least: 1}}
            basis: good-practice
            citation: A paper, line 3
            severity: error
        sources: [paper line 3]
    """
    for one in not_met(look.registry, look.today):
        asked = f"{one.duty.text[:1].lower()}{one.duty.text[1:]}" if one.duty.text[1:2].islower() else one.duty.text
        yield found(
            one.body.source.at("name"),
            f"Not met by {one.body.name}: {asked} ({one.duty.citation}).",
            f"{one.why} See kmics report checks {one.body.id}.".strip(),
            related=[one.duty.source],
        )


DUTIES = (unmet_duty,)
"""The rule about duties."""
