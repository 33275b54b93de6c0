"""The registry's own settings: what it relaxes must be there to relax."""

from __future__ import annotations

from collections.abc import Iterator

from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.rules.look import Look, found, near_rule, rule


@rule("error")
def unknown_rule(look: Look) -> Iterator[Problem]:
    """`kmics.yaml` relaxes a rule that there is not, or one that cannot be relaxed.

    Why: whoever wrote it believes that something is settled, and it is not. What breaks a rule of form cannot be read
    at all, whatever severity it is given.

    Passes:

        --- kmics.yaml
        name: Test
        model: "1"
        kinds:
          board: board
        severities:
          shouting: info

    Fails:

        --- kmics.yaml
        name: Test
        model: "1"
        kinds:
          board: board
        severities:
          shoutng: info # <- unknown-rule
    """
    settings = look.registry.settings
    places: list[tuple[str, Source, bool]] = [
        (name, settings.source.at("severities", name), True) for name in settings.severities
    ]
    places += [(one.rule, one.source.at("rule"), False) for one in settings.suppressions]
    for name, source, on_key in places:
        if name not in look.rules:
            yield found(
                source, f"There is no rule '{shortened(name, 60)}'.", near_rule(name, look.rules), on_key=on_key
            )
        elif look.rules[name].firm:
            message = f"The rule '{name}' cannot be relaxed: what breaks it cannot be read."
            yield found(source, message, "Mend what it finds.", on_key=on_key)


@rule("warning")
def unused_suppression(look: Look) -> Iterator[Problem]:
    """A suppression suppresses nothing.

    Why: the problem was mended and its excuse stayed behind, ready to hide the next one.

    Passes:

        --- kmics.yaml
        name: Test
        model: "1"
        kinds:
          board: board
        suppressions:
        - rule: shouting
          path: people/ann-other.yaml
          reason: So printed on the only page that names her.
          until: 2027-03-31
        --- people/ann-other.yaml
        name: ANN OTHER-INVENTED

    Fails:

        --- kmics.yaml
        name: Test
        model: "1"
        kinds:
          board: board
        suppressions:
        - rule: shouting # <- unused-suppression
          path: people/ann-other.yaml
          reason: So printed on the only page that names her.
          until: 2027-03-31
    """
    yield from look.told("unused-suppression")  # found by the judge, when all rules have looked


@rule("warning", timely=True)
def expired_suppression(look: Look) -> Iterator[Problem]:
    """A suppression has run out.

    Why: it was accepted for a time, and the time is over; what it hid is told again.

    Passes:

        --- kmics.yaml
        name: Test
        model: "1"
        kinds:
          board: board
        suppressions:
        - rule: shouting
          path: people/ann-other.yaml
          reason: So printed on the only page that names her.
          until: 2027-03-31
        --- people/ann-other.yaml
        name: ANN OTHER-INVENTED

    Fails:

        --- kmics.yaml
        name: Test
        model: "1"
        kinds:
          board: board
        suppressions:
        - rule: shouting # <- expired-suppression
          path: people/ann-other.yaml
          reason: So printed on the only page that names her.
          until: 2026-03-31
        --- people/ann-other.yaml
        name: ANN OTHER-INVENTED # <- shouting
    """
    yield from look.told("expired-suppression")  # found by the judge, when all rules have looked


SETTINGS = (unknown_rule, unused_suppression, expired_suppression)
"""The rules about the settings."""
