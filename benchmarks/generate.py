"""Write an invented registry of any size: `python benchmarks/generate.py 1000 FOLDER`.

Shaped like the real record: about 70 lines a body with its roles and appointments, three or four people to
a body, and documents and priorities besides. The same size and seed give the same files. Every name is put
together from syllables; no place, person or body is meant.
"""

import argparse
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

PEOPLE_A_BODY = 3.5
BODIES_A_DOCUMENT = 5
BODIES_A_SET_OF_PRIORITIES = 10
BODIES_A_FOLDER = 100

_HEADS = "Ab Bel Cor Dun El Fen Gor Hal Ix Jor Kel Lum Mor Nar Ost Pel Quen Ril Sut Tav Ul Vor Wex Yar Zel".split()
_MIDDLES = "a e i o u an er il or um".split()
_TAILS = "ba dor fell gan lo mar nix rell sa tin via wick".split()
_KINDS = ("board", "committee", "council", "network", "partnership", "trust")
_LEVELS = ("neighbourhood", "place", "system", "region", "national")
_SETTINGS = """\
# yaml-language-server: $schema=../schema/registry.json
name: An invented registry of {bodies} bodies
model: "1"
description: Made by benchmarks/generate.py. No place, person or body is meant.
kinds:
{kinds}
identifier_schemes:
  made-up: invented code
stale_after: 12 months
"""
_BODY = """\
# yaml-language-server: $schema=../../../schema/body.json
name: {name}
kind: {kind}
level: {level}
from: {start}
names:
- name: {short}
  use: short
identifiers:
- scheme: made-up
  code: "{code}"
{links}area: {area}
remit:
- Agrees what is done in {area}, and says how it went.
recorded:
  roles: complete
  sources:
  - {document} paragraph 1
sources:
- {document} paragraphs 1-9
roles:
  chair:
    title: Chair
    member_type: chair
    appointments:
{chairs}
  lead-officer:
    title: Lead officer of {area}
    member_type: chief-executive
    voting: true
    appointments:
{leads}
  members:
    title: Members for {area}
    member_type: member
    seats: 3
    appointments:
{members}
  guest:
    title: Guest
    member_type: participant
{guest}
"""
_PRIORITIES = """\
# yaml-language-server: $schema=../../schema/priorities.json
name: What {area} means to do
summary: What matters most in {area} in the years to come.
owner: {owner}
document: {document}
from: 2021-04
to: 2026-03
recorded: complete
items:
{items}
sources:
- {document} paragraphs 20-29
"""
_ITEM = """\
- number: {number}
  title: {title}
  summary: Those who live there find it easier to be seen, heard and helped.
  sources:
  - {document} paragraph {paragraph}"""
_PERSON = """\
# yaml-language-server: $schema=../../schema/person.json
name: {name}
"""
_DOCUMENT = """\
# yaml-language-server: $schema=../../schema/document.json
title: Paper {number} of {area}
kind: board-paper
publisher: {publisher}
standing: official-paper
speaks_of: {day}
read: 2025-12-01
public: true
extent:
  paragraphs: 60
"""


_BEGAN = {"ended": "2015-04-01", "new": "2022-07-01"}
_TERMS = {  # of those who held a seat earlier, and of the last; the last in a living body have no end
    "ended": (("2019-01", "2021-03"), ("2021-04", "2022-06-30")),
    "new": (("2022-07-01", "2023-03-31"), ("", "")),
    "lasting": (("2021-04", "2022-06-30"), ("", "")),
}


def _era(number: int) -> str:
    return "lasting" if number < 10 else {8: "new", 9: "ended"}.get(number % 10, "lasting")


class Generator:
    """Makes the files of one registry. `files` yields each as a path and a text."""

    def __init__(self, bodies: int, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311  # repeatable, and no secret
        self._areas = [self._word() for _ in range(bodies)]
        self._bodies = [f"{area}-{number}".lower() for number, area in enumerate(self._areas)]
        self._people = [f"{self._word()} {self._word()}" for _ in range(round(bodies * PEOPLE_A_BODY))]
        self._ids = [f"{name}-{n}".lower().replace(" ", "-") for n, name in enumerate(self._people)]
        self._documents = [f"paper-{number}" for number in range(2 + bodies // BODIES_A_DOCUMENT)]

    def files(self) -> Iterable[tuple[str, str]]:
        """Yield the path of each file from the registry's root, and its text."""
        kinds = "\n".join(f"  {kind}: {kind}" for kind in _KINDS)
        yield "kmics.yaml", _SETTINGS.format(bodies=len(self._bodies), kinds=kinds)
        for number, id in enumerate(self._bodies):
            yield f"bodies/group-{number // BODIES_A_FOLDER}/{id}.yaml", self._body(number)
        for id, name in zip(self._ids, self._people, strict=True):
            yield f"people/{id}.yaml", _PERSON.format(name=name)
        for number, id in enumerate(self._documents):
            yield f"documents/{id}.yaml", self._document(number)
        for number in range(0, len(self._bodies), BODIES_A_SET_OF_PRIORITIES):
            yield f"priorities/aims-{number}.yaml", self._priorities(number)

    def _word(self) -> str:
        parts: Sequence[Sequence[str]] = (_HEADS, _MIDDLES, _TAILS)
        return "".join(self._random.choice(part) for part in parts)

    def _body(self, number: int) -> str:
        """Return a body. Of every ten, the last ended in 2022 and the one before it took its place."""
        area, era = self._areas[number], _era(number)
        start = f"{2004 + 2 * len(str(number))}-04-01" if era == "lasting" else _BEGAN[era]
        kind = self._random.choice(_KINDS)
        document = self._random.choice(self._documents)
        return _BODY.format(
            name=f"{area} {kind.capitalize()} {number}",
            short=f"The {area} {kind}",
            kind=kind,
            level=self._random.choice(_LEVELS),
            start=start,
            code=f"Z{number:05}",
            links=self._links(number, start),
            area=area,
            document=document,
            chairs=self._appointments(2, era),
            leads=self._appointments(1, era),
            members=self._appointments(2, era),
            guest=self._guest(number, era),
        )

    def _links(self, number: int, start: str) -> str:
        """Return what ties a body to its parent, to its predecessor, and to another as a member."""
        lines = []
        if number:
            parent = number // 10
            parent -= max(0, parent % 10 - 7)  # never one that ended or began late
            lines += ["part_of:", f"- body: {self._bodies[parent]}", "  relation: part-of", f"  from: {start}"]
        if number % 3 == 1:
            member = self._bodies[number - number % 10]
            if member != self._bodies[number]:
                lines += ["members:", f"- body: {member}", "  as: member", "  from: 2022-07-01", *self._sources(2)]
        if _era(number) == "new" and number + 1 < len(self._bodies):
            lines += ["succeeds:", f"- of: [{self._bodies[number + 1]}]", "  kind: replacement"]
            lines += ["  date: 2022-07-01", *self._sources(2)]
        return "".join(f"{line}\n" for line in lines)

    def _guest(self, number: int, era: str) -> str:
        """Return what becomes of the guest's seat: it goes with another body's post, or is vacant."""
        if number % 2 and era == "lasting":
            post = f"{self._bodies[number - number % 10]}/lead-officer"
            lines = ["    ex_officio:", f"    - role: {post}", "      from: 2022-07-01"]
        elif era == "ended":
            lines = ["    vacant:", "    - from: 2022-05-01", "      to: 2022-06-30"]
        else:
            lines = ["    vacant:", "    - from: 2022-07-01"]
        return "\n".join([*lines, *self._sources(6)])

    def _appointments(self, count: int, era: str) -> str:
        """Return appointments one after the other, all within the body's life."""
        lines = []
        for place, person in enumerate(self._random.sample(self._ids, count)):
            start, end = _TERMS[era][place == count - 1]
            if not end:
                start = f"202{self._random.randint(3, 5)}-0{self._random.randint(4, 9)}-15"
            lines += [f"    - person: {person}", f"      from: {start}"]
            lines += [f"      to: {end}"] if end else []
            lines += self._sources(6)
        return "\n".join(lines)

    def _sources(self, column: int) -> list[str]:
        document, paragraph = self._random.choice(self._documents), self._random.randint(1, 59)
        margin = " " * column
        return [f"{margin}sources:", f"{margin}- {document} paragraph {paragraph}"]

    def _priorities(self, number: int) -> str:
        area, document = self._areas[number], self._random.choice(self._documents)
        items = [
            _ITEM.format(
                number=place, title=f"{self._word()} for everybody", document=document, paragraph=20 + place
            )
            for place in range(1, 7)
        ]
        return _PRIORITIES.format(area=area, owner=self._bodies[number], document=document, items="\n".join(items))

    def _document(self, number: int) -> str:
        body = min(number * BODIES_A_DOCUMENT, len(self._bodies) - 1)
        day = f"202{self._random.randint(3, 5)}-0{self._random.randint(1, 9)}-28"
        return _DOCUMENT.format(number=number, area=self._areas[body], publisher=self._bodies[body], day=day)


def write(bodies: int, folder: Path, seed: int = 1) -> None:
    """Write a registry of `bodies` bodies to `folder`, which must not exist or be empty."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty.")
    made: set[Path] = set()
    for path, text in Generator(bodies, seed).files():
        file = folder / path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_bytes(text.encode())


def main() -> None:
    """Read the arguments and write the registry."""
    parser = argparse.ArgumentParser(description="Write an invented registry.")
    parser.add_argument("bodies", type=int, help="how many bodies")
    parser.add_argument("folder", type=Path, help="where to write it: a new or an empty folder")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another registry (default: 1)")
    asked = parser.parse_args()
    if asked.bodies < 1:
        parser.error("a registry has one body at least")
    write(asked.bodies, asked.folder, asked.seed)


if __name__ == "__main__":
    main()
