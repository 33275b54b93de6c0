"""The life of a body: when it was planned, in being, ended, with the ends that follow from other records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kmics_cli.dates import Answer, Date, Span, lasts, shifted
from kmics_cli.model import Body, Citation, Evidenced, Parent, Registry, Succession
from kmics_cli.query.evidence import carried
from kmics_cli.query.rings import rings

ENDS_WITH_PARENT = frozenset(
    "board-of governing-body-of committee-of sub-committee-of joint-committee-of executive-of forum-of "
    "department-of".split()
)
"""The relations in which a body cannot outlive its parents (a committee ends with its parent)."""

ENDS_PREDECESSOR = frozenset(("merger", "replacement", "absorption", "split", "evolution"))
"""The kinds of succession by which the earlier body ends; after a transfer it goes on."""


@dataclass(frozen=True, slots=True)
class Life:
    """A body's first and last day. `implied`: the last day follows from another record, whose id it is."""

    start: Date | None
    end: Date | None
    implied: str | None = None


_NO_LIFE = Life(None, None)


def _last_day(found: tuple[Date, str]) -> tuple[date, date]:
    return found[0].latest, found[0].earliest


def _binding(body: Body) -> list[Parent]:
    return [link for link in body.part_of if link.relation in ENDS_WITH_PARENT and link.to is None]


class Lives:
    """The lives of the bodies of a registry, and who succeeded whom, each worked out when asked."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._successors: dict[str, list[tuple[Body, Succession]]] = {}
        self._children: dict[str, list[tuple[Body, Parent]]] = {}
        self._lives: dict[str, Life] = {}
        self._status: dict[tuple[str, Span], tuple[str, Answer]] = {}

    def successors(self, id: str) -> list[tuple[Body, Succession]]:
        """Return the bodies that record the body `id` as a predecessor, each with the step."""
        if id not in self._successors:
            self._successors[id] = [
                (body, step)
                for body in self.registry.mentioning("bodies", id, "succeeds")
                for step in body.succeeds
                for earlier in step.of
                if earlier == id
            ]
        return self._successors[id]

    def children(self, id: str) -> list[tuple[Body, Parent]]:
        """Return the bodies that record the body `id` as a parent, each with the link."""
        if id not in self._children:
            self._children[id] = [
                (body, link)
                for body in self.registry.mentioning("bodies", id, "part_of")
                for link in body.part_of
                if link.body == id
            ]
        return self._children[id]

    def below(self, id: str, span: Span) -> list[str]:
        """Return the body `id` and all that belonged to it, or to what belonged to it, at some time in `span`, each once."""
        found = {id: None}
        ahead = [id]
        for one in ahead:  # grows meanwhile
            for child, link in self.children(one):
                if child.id not in found and lasts(link.from_, link.to, span) is not Answer.NO:
                    found[child.id] = None
                    ahead.append(child.id)
        return list(found)

    def life(self, id: str) -> Life:
        """Return the life of the body `id`; empty for an unknown one. A loop of parents implies no end."""
        if id not in self._lives:
            found = rings([id], lambda one: () if one in self._lives else self._above(one))
            for one, ring in found.items():  # parents before their parts
                if one not in self._lives and (body := self.registry.bodies.get(one)):
                    outside = [above for above in self._above(one) if found[above] != ring]
                    self._lives[one] = self._work_out(body, outside, self._lives)
        return self._lives.get(id, _NO_LIFE)

    def _above(self, id: str) -> Iterator[str]:
        """Yield the bodies that the body `id` cannot outlive."""
        if body := self.registry.bodies.get(id):
            yield from (link.body for link in _binding(body))
            if body.one_of:
                yield body.one_of

    def _work_out(self, body: Body, above: list[str], known: Mapping[str, Life]) -> Life:
        if body.to is not None:
            return Life(body.from_, body.to)
        ends = [
            (shifted(step.date, -1), successor.id)
            for successor, step in self.successors(body.id)
            if step.kind in ENDS_PREDECESSOR and step.date
        ]
        ended = {id: end for id in above if id in known and (end := known[id].end)}
        parents = dict.fromkeys(link.body for link in _binding(body))
        if parents and parents.keys() <= ended.keys():
            ends.append(max(((ended[id], id) for id in parents), key=_last_day))
        if body.one_of in ended:
            ends.append((ended[body.one_of], body.one_of))
        if not ends:
            return Life(body.from_, None)
        end, implied = min(ends, key=_last_day)
        return Life(body.from_, end, implied)

    def status(self, body: Body, span: Span) -> tuple[str, Answer]:
        """Return planned, in-being, ended or not-yet in `span`, and how sure that is (yes or possibly)."""
        key = (body.id, span)
        if key not in self._status:
            self._status[key] = self._work_out_status(body, span)
        return self._status[key]

    def _work_out_status(self, body: Body, span: Span) -> tuple[str, Answer]:
        life = self.life(body.id)
        if life.start is None:
            known = body.planned.from_ if body.planned else None
            return ("not-yet" if known and known.earliest > span.last else "planned"), Answer.YES
        answer = lasts(life.start, life.end, span)
        if answer is Answer.POSSIBLY and not life.start.bounded:
            seen = carried(self.registry, span, life.start, life.end, self._evidence_of(body))
            answer = lasts(seen.begun, seen.ended, span)
        if answer is not Answer.NO:
            return "in-being", answer
        if life.end and life.end.latest < span.first:
            return "ended", Answer.YES
        intended = body.planned and body.planned.from_ and body.planned.from_.earliest <= span.last
        return ("planned" if intended else "not-yet"), Answer.YES

    def unconfirmed(self, body: Body, span: Span) -> Date | None:
        """Return the last evidence of a body that should be in being but was not confirmed lately, else None."""
        life = self.life(body.id)
        if life.start is None:
            return None
        shown = self._evidence_of(body)
        found = carried(self.registry, span, life.start, life.end, shown, also_checked=body.checked)
        return found.last if found.stale else None

    def _evidence_of(self, body: Body) -> list[Citation]:
        """Return the citations that show a body in being: its own, and those of its parts that are not inferred.

        An instrument is none of them: that the law asks for a body does not show that it was there.
        """
        parts: list[Evidenced] = [
            body,
            *body.names,
            *body.part_of,
            *body.members,
            *body.milestones,
            *body.deadlines,
        ]
        parts.extend(body.roles.values())
        parts.extend(appointment for role in body.roles.values() for appointment in role.appointments)
        cited = [
            citation for part in parts if part is body or part.confidence != "inferred" for citation in part.sources
        ]
        documents = self.registry.documents
        return [
            citation
            for citation in cited
            if citation.document not in documents or documents[citation.document].standing != "instrument"
        ]
