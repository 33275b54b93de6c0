"""Appointments: what their terms, their starts and the posts that they rest on say together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from itertools import accumulate

from kmics_cli.dates import Date, Span, day_in_words, in_words
from kmics_cli.model import (
    NOT_NAMED,
    Appointment,
    Body,
    Citation,
    Role,
)
from kmics_cli.problems import Problem, shortened
from kmics_cli.query.says import said_when, term_end
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.sure import (
    apart,
    called,
    is_open,
    possible,
    post,
    sentence,
    surely_there,
)


@rule("error")
def terms_out_of_order(look: Look) -> Iterator[Problem]:
    """The terms of an appointment do not stand in the order of time.

    Why: the last term in the list says when the appointment runs out.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2021-01-01
              terms:
              - ends: 2023-12-31
              - ends: 2026-12-31
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2021-01-01
              terms:
              - ends: 2026-12-31
              - ends: 2023-12-31 # <- terms-out-of-order
              sources: [paper line 3]
              to: 2026-06-01
    """
    for appointment in look.of(Appointment):
        for before, after in zip(appointment.terms, appointment.terms[1:], strict=False):
            if before.ends and after.ends and before.ends.earliest > after.ends.latest:
                yield found(
                    after.source.at("ends"),
                    f"This term ends {said_when(after.ends)}, before the one above it ends {said_when(before.ends)}.",
                    "List the terms in the order of time, or correct the day.",
                    related=[before.source.at("ends")],
                )


@rule("warning", timely=True)
def term_ran_out(look: Look) -> Iterator[Problem]:
    """Somebody's last recorded term is over, and nothing says what came after it.

    Why: the person has left, was reappointed, or sits there without a term; an answer can only say "possibly".

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2023-04-01
              terms:
              - ends: 2026-03-31
              - ends: 2029-03-31
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2023-04-01
              terms:
              - ends: 2026-03-31 # <- term-ran-out
              sources: [paper line 3]
    """
    for body, role, appointment in look.appointments():
        over = term_end(appointment)
        if over is None or over.latest >= look.today or appointment.to or not is_open(look, body, role):
            continue
        if not _followed(role, appointment, over):
            yield found(
                appointment.terms[-1].source.at("ends"),
                f"The term of {called(look, appointment.person)} as {post(look, role)} ran out {said_when(over)}, "
                "and nothing is recorded of what came after.",
                "Add the next term under 'terms', or the last day under 'to'.",
            )


def _followed(role: Role, appointment: Appointment, over: Date) -> bool:
    """Whether a later decision, or another in the same single seat, says what came after a term."""
    for decision in appointment.decisions:
        later = decision.on is None or decision.on.latest >= over.earliest
        if later and decision.what in ("reappointed", "extended", "ended"):
            return True
    start = appointment.from_
    return role.seats == 1 and any(
        other.from_ and start and other.from_.earliest > start.latest and not other.covering
        for other in role.appointments
        if other is not appointment
    )


@rule("error")
def future_appointment(look: Look) -> Iterator[Problem]:
    """An appointment starts after today and cites no document that was public by today.

    Why: an appointment that has not been announced is confidential, and Git never forgets. A document is public if
    it says `public: true`, or if it has an address, a day of publication, or is an instrument, a page or news; never
    with `public: false`. Time can only cure this, never bring it.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2027-01-01
              sources: [paper line 3]

    Fails:

        --- documents/letter.yaml
        title: A letter
        kind: letter
        speaks_of: 2026-06-01
        public: false
        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2027-01-01 # <- future-appointment
              sources: [letter]
    """
    for _, role, appointment in look.appointments():
        start = appointment.from_
        if start is None or start.earliest <= look.today:
            continue
        if not any(_was_public(look, citation) for citation in appointment.sources):
            yield found(
                appointment.source.at("from"),
                f"{sentence(called(look, appointment.person))} is to be {post(look, role)} from {in_words(start)}, "
                "and no public document cited here says so.",
                "Take it out until it is announced; or cite the public paper, with public: true and its day.",
            )


def _was_public(look: Look, citation: Citation) -> bool:
    document = look.registry.documents.get(citation.document)
    if document is None:
        return ("documents", citation.document) in look.registry.broken
    open_ = document.address or document.published or document.standing in ("instrument", "official-page", "news")
    if not (document.public or (document.public is None and open_)):
        return False
    days = (document.published, document.speaks_of, document.read, document.from_)
    return any(day is not None and day.latest <= look.today for day in days)


@rule("error")
def appointed_twice(look: Look) -> Iterator[Problem]:
    """The same person is recorded twice in one role for the same day.

    Why: one of the two is a slip, or a reappointment, which is a further entry under `terms`.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              capacity: interim
              from: 2020-01-01
              to: 2020-12-31
              sources: [paper line 3]
            - person: ann-other
              capacity: substantive
              from: 2021-01-01
              sources: [paper line 4]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          chair:
            title: Chair
            member_type: chair
            appointments:
            - person: ann-other
              from: 2020-01-01
              sources: [paper line 3]
            - person: ann-other # <- appointed-twice
              from: 2023-01-01
              sources: [paper line 4]
    """
    for _, role in look.roles():
        if len({one.person for one in role.appointments}) == len(role.appointments):
            continue
        there = [
            (days, one)
            for one in role.appointments
            if not one.covering and one.person != NOT_NAMED and (days := surely_there(look, one))
        ]
        last: dict[str, tuple[Span, Appointment]] = {}
        for days, one in sorted(there, key=lambda found: found[0].first):
            before = last.get(one.person)
            if before and days.first <= before[0].last:
                yield found(
                    one.source.at("person"),
                    f"{sentence(called(look, one.person))} is recorded twice as {post(look, role)} on {day_in_words(days.first)}.",
                    "Delete one, or correct its days; a reappointment is a further entry under 'terms'.",
                    related=[before[1].source.at("person")],
                )
            if not before or days.last > before[0].last:
                last[one.person] = (days, one)


@rule("error")
def not_in_post(look: Look) -> Iterator[Problem]:
    """An appointment covers for somebody, or rests on a post, and that person was surely not there in its time.

    Why: `covering` is for somebody who stays in post in the same body; `eligible_as` names the post that makes
    somebody eligible. A post of which the registry records no time of that person proves nothing.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          partner:
            title: Partner member
            member_type: partner
            appointments:
            - person: ann-other
              from: 2022-01-01
              eligible_as: [alpha/chair]
              sources: [paper line 3]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2010-01-01
        sources: [paper line 2]
        roles:
          partner:
            title: Partner member
            member_type: partner
            appointments:
            - person: ann-other
              from: 2015-01-01
              to: 2018-12-31
              eligible_as:
              - alpha/chair # <- not-in-post
              sources: [paper line 3]
    """
    held = _Held(look)
    for body, _role, one in look.appointments():
        days = possible(one.from_, one.to)
        if one.covering and one.covering in look.registry.people and held.missing(body, one.covering, days):
            yield found(
                one.source.at("covering"),
                f"{sentence(called(look, one.person))} covers for {called(look, one.covering)}, who is not recorded in "
                f"{shortened(body.name, 60)} at that time.",
                "Record the appointment of whoever is covered for, or correct the days.",
            )
        for index, ref in enumerate(one.eligible_as):
            if held.within(ref, one.person, days) is False:
                there, _, title = ref.partition("/")
                yield found(
                    one.source.at("eligible_as", index),
                    f"{sentence(called(look, one.person))} is eligible here as {post(look, look.registry.bodies[there].roles[title])}, "
                    "and did not hold that post at the time.",
                    "Correct the days, or name the post that made this person eligible.",
                )


class _Held:
    """When each person can have been in each role, and in each body."""

    def __init__(self, look: Look) -> None:
        spans: dict[tuple[str, str], list[Span]] = {}
        wanted = {one.covering for one in look.of(Appointment)} | {
            one.person for one in look.of(Appointment) if one.eligible_as
        }
        for body, role, one in look.appointments():
            if one.person in wanted:
                for place in (body.id, role.ref):
                    spans.setdefault((place, one.person), []).append(possible(one.from_, one.to))
        self._tied: dict[str, set[Span]] = {}
        self._times: dict[tuple[str, str], tuple[list[date], list[date]]] = {}
        for key, some in spans.items():
            some.sort(key=lambda span: span.first)
            lasts = list(accumulate((span.last for span in some), max))
            self._times[key] = ([span.first for span in some], lasts)

    def missing(self, body: Body, person: str, days: Span) -> bool:
        """Return whether a person surely sat nowhere in a body then: not by appointment, nor by a post or a turn."""
        if body.id not in self._tied:
            links = (link for role in body.roles.values() for link in (*role.ex_officio, *role.turns))
            self._tied[body.id] = {possible(link.from_, link.to) for link in links}
        by_post = any(not apart(span, days) for span in self._tied[body.id])
        return not by_post and not self.within(body.id, person, days)

    def within(self, place: str, person: str, days: Span) -> bool | None:
        """Return whether a person can have been in a role or body on one of the days; None if never recorded there."""
        if (place, person) not in self._times:
            return None
        firsts, lasts = self._times[place, person]
        known = bisect_right(firsts, days.last)
        return known > 0 and lasts[known - 1] >= days.first


APPOINTMENTS = (
    terms_out_of_order,
    term_ran_out,
    future_appointment,
    appointed_twice,
    not_in_post,
)
"""The rules about single appointments."""
