"""Duties: what the registry's own requirements ask of a body, and is certainly not met today."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.model import Designation, DocumentDuty, Requires, SeatSort
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.query.duties import not_met
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.snapshot import MARK


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


@rule("warning")
def unknown_word_in_duty(look: Look) -> Iterator[Problem]:
    """A duty asks for a focus, a designation, a kind of document or a rotation by a word that nothing else uses.

    Why: such a duty is never met and never not met, only not known for ever. A word that nothing in the registry uses
    yet is no mistake by itself, so it is told only where it is nearly one that is used; a rotation must be there.

    Passes:

        --- requirements/boards.yaml
        name: What boards must have
        applies_to: {kind: board}
        from: 2020-01-01
        status: in-force
        rules:
          finance:
            text: The board has a director of finance
            requires: {seats: {of: {focus: [finance]}, at_least: 1}}
            basis: good-practice
            citation: A paper, line 3
            severity: error
        sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: trust
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          director:
            title: Director of finance
            member_type: executive
            focus: [finance]
        --- requirements/boards.yaml
        name: What boards must have
        applies_to: {kind: board}
        from: 2020-01-01
        status: in-force
        rules:
          finance:
            text: The board has a director of finance
            requires:
              seats:
                of:
                  focus: [fiannce] # <- unknown-word-in-duty
                at_least: 1
            basis: good-practice
            citation: A paper, line 3
            severity: error
          turns:
            text: The chair passes on in time
            requires:
              rotation_kept: chairman # <- unknown-word-in-duty
            basis: good-practice
            citation: A paper, line 3
            severity: error
        sources: [paper line 3]
    """
    from difflib import get_close_matches

    used: dict[str, set[str]] = {
        "focus": {focus for _, role in look.roles() for focus in role.focus},
        "designated": {one.as_ for one in look.of(Designation)},
        "kind": {document.kind for document in look.registry.documents.values()},
    }
    asked = [
        (word, name, sort.source.at(name, index))
        for sort in look.of(SeatSort)
        for name in ("focus", "designated")
        for index, word in enumerate(getattr(sort, name))
    ]
    asked += [(duty.kind, "kind", duty.source.at("kind")) for duty in look.of(DocumentDuty)]
    for word, name, source in asked:
        near = [] if word in used[name] else get_close_matches(word, used[name], 1, 0.8)
        if near:
            yield found(source, f"Nothing in the registry has '{shortened(word)}'.", f"Did you mean '{near[0]}'?")
    roles = {role.id for _, role in look.roles() if role.rotation or role.turns}
    for requires in look.of(Requires):
        if requires.rotation_kept is not None and requires.rotation_kept not in roles:
            told = f"No role '{shortened(requires.rotation_kept)}' that passes in turn is recorded."
            yield found(requires.source.at("rotation_kept"), told, "Name a role that has a rotation.")


@rule("warning")
def dropped_duty(look: Look) -> Iterator[Problem]:
    """A change takes a duty out, or says that it is no longer in force. Found with `--since` only.

    Why: what is not asked is not missed. Law does end; whoever merges the change should see that it is said to.

    Passes:

        --- requirements/boards.yaml before
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
        --- requirements/boards.yaml
        name: What boards must have
        applies_to: {kind: board}
        from: 2020-01-01
        status: in-force
        rules:
          chair:
            text: The board has a chair, and no more than one
            requires: {seats: {of: {member_type: [chair]}, exactly: 1}}
            basis: good-practice
            citation: A paper, line 3
            severity: error
        sources: [paper line 3]

    Fails:

        --- requirements/boards.yaml before
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
        --- requirements/boards.yaml
        name: What boards must have
        applies_to: {kind: board}
        from: 2020-01-01
        status: repealed # <- dropped-duty
        rules:
          chair:
            text: The board has a chair
            requires: {seats: {of: {member_type: [chair]}, at_least: 1}}
            basis: good-practice
            citation: A paper, line 3
            severity: error
        sources: [paper line 3]
    """
    now = look.registry.requirements
    for id, then in look.before.registry.requirements.items() if look.before else ():
        asked = [duty for duty in then.rules.values() if (duty.status or then.status) == _IN_FORCE]
        if id not in now:
            former = any(id in one.former_ids for one in now.values())
            if asked and not former and ("requirements", id) not in look.registry.broken:
                told = f"'{shortened(then.name)}' is no longer there, with its {len(asked)} duties in force."
                yield found(Source(MARK), told, "If it was repealed, say so under 'status', or give its last day.")
            continue
        if now[id].status != then.status and now[id].status != _IN_FORCE and asked:
            told = f"'{shortened(then.name)}' is no longer in force: {len(asked)} duties are not asked any more."
            yield found(now[id].source.at("status"), told, _READ)
            continue
        for duty in asked:
            kept = now[id].rules.get(duty.id)
            if kept is None:
                told = f"The duty '{shortened(duty.id)}' is no longer there: {shortened(duty.text, 200)}."
                yield found(now[id].source.at("rules"), told, _READ, on_key=True)
            elif (kept.status or now[id].status) != _IN_FORCE:
                told = f"This duty is no longer in force: {shortened(duty.text, 200)}."
                yield found(kept.source.at("status"), told, _READ)


_IN_FORCE = "in-force"
_READ = "See that a source says so."

DUTIES = (unmet_duty, unknown_word_in_duty, dropped_duty)
"""The rules about duties."""
