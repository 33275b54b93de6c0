"""F: how much there is. Work grows with what is read and not with its square; what is told has an end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hostile.attack import Ground
from kmics_cli.problems import UserError
from kmics_cli.snapshot import read_folder

BODY = "# yaml-language-server: $schema=../../schema/body.json\nname: Odd\nkind: board\nfrom: 2020-01-01\nsources: [paper line 1]\n"
ROLE = "  seat:\n    title: Seat\n    member_type: member\n"
HELD = "    - {person: ann-other, from: 2020-01-01, to: 2020-02-01, sources: [paper line 1]}\n"
MOST = 1_000  # appointments of one role that the schema allows
NEAR = "    - {person: ann-othe%d, from: 2020-01-01, sources: [paper line 1]}\n"
PERSON = "# yaml-language-server: $schema=../../schema/person.json\nname: Number %d\n"


def body(text: str) -> Callable[[Ground], None]:
    return lambda ground: ground.put("bodies/odd.yaml", BODY + text)


def bodies(count: int, text: Callable[[int], str]) -> Callable[[Ground], None]:
    def put(ground: Ground) -> None:
        for number in range(count):
            ground.put(f"bodies/many/odd-{number}.yaml", BODY + text(number))

    return put


def ring(count: int, field: str) -> Callable[[Ground], None]:
    def text(number: int) -> str:
        before = f"odd-{(number or count) - 1}"
        if field == "part_of":
            return f"part_of: [{{body: {before}, relation: part-of}}]\n"
        return f"succeeds: [{{of: [{before}], kind: replacement, date: 2020-01-01, sources: [paper line 1]}}]\n"

    return bodies(count, text)


def seats(count: int, held: Callable[[int], str]) -> str:
    """Return roles with as many appointments as the schema lets a role have."""
    return "roles:\n" + "".join(
        ROLE.replace("seat", f"seat-{seat}")
        + "    appointments:\n"
        + "".join(held(seat * MOST + n) for n in range(MOST))
        for seat in range(count)
    )


def people(count: int) -> Callable[[Ground], None]:
    def put(ground: Ground) -> None:
        for number in range(count):
            ground.put(f"people/many/ann-other-{number}.yaml", PERSON % number)
        body(seats(3, lambda n: NEAR % n))(ground)

    return put


def empty_files(count: int, size: int = 0) -> Callable[[Ground], None]:
    def put(ground: Ground) -> None:
        folder = ground.root / "people" / "many"
        folder.mkdir()
        for number in range(count):
            with (folder / f"n{number}.yaml").open("wb") as file:
                file.truncate(size)

    return put


BIG: dict[str, tuple[Callable[[Ground], None], float]] = {
    "more appointments of one seat than may be": (body(f"roles:\n{ROLE}    appointments:\n{HELD * 5_000}"), 6),
    "appointments of one seat": (body(seats(1, lambda _: HELD)), 3),
    "appointments of one seat on days of their own": (
        body(
            seats(
                1,
                lambda n: HELD.replace("2020-01-01", f"{1200 + n}-01-01").replace(
                    "2020-02-01", f"{1200 + n}-02-01"
                ),
            )
        ),
        3,
    ),
    "appointments of four seats": (body(seats(4, lambda _: HELD)), 4),
    "vacancies of one seat": (
        body(
            f"roles:\n{ROLE}    vacant:\n"
            + "    - {from: 2020-01-01, to: 2020-02-01, sources: [paper line 1]}\n" * 200
        ),
        2,
    ),
    "people who are nearly there": (body(seats(5, lambda n: NEAR % n)), 6),
    "people who are nearly many others": (people(800), 6),
    "roles with sources": (
        body(
            "roles:\n"
            + "".join(
                f"  seat-{n}: {{title: Seat, member_type: member, sources: [paper line 1, paper line 2, paper line {n % 99 + 1}]}}\n"
                for n in range(2_000)
            )
        ),
        6,
    ),
    "parents, again and again": (
        body("part_of:\n" + "- {body: alpha, relation: part-of, from: 2020-01-01}\n" * 50),
        2,
    ),
    "names": (body("names:\n" + "- {name: Odd, use: former, from: 2020-01-01, to: 2020-02-01}\n" * 200), 2),
    "members": (body("members:\n" + "- {body: alpha, from: 2020-01-01}\n" * 5_000), 6),
    "figures": (
        body("figures:\n" + f"- {{number: 1, counts: seats, sources: [{'paper line 1, ' * 40}]}}\n" * 500),
        6,
    ),
    "ex officio, in a ring": (
        body(
            "roles:\n"
            + "".join(
                f"  seat-{n}: {{title: Seat, member_type: member, ex_officio: [{{role: odd/seat-{(n or 2_000) - 1},"
                f" from: 2020-01-01, sources: [paper line 1]}}]}}\n"
                for n in range(2_000)
            )
        ),
        6,
    ),
    "a ring of parents": (ring(600, "part_of"), 8),
    "a ring of successors": (ring(600, "succeeds"), 8),
    "a chain of parents": (
        bodies(600, lambda n: f"part_of: [{{body: odd-{n - 1}, relation: part-of}}]\n" if n else ""),
        8,
    ),
    "many who have the same former id": (bodies(600, lambda _: "former_ids: [once]\n"), 8),
    "many who have the same name": (bodies(600, lambda _: ""), 8),
    "many problems": (
        bodies(2, lambda n: seats(5, lambda m: NEAR % (n * 10_000 + m))),
        25,
    ),
    "files of nothing": (empty_files(1_000), 8),
}
"""What there is much of, and the seconds that a command may take: some, since much is read, and never its square."""

ASKED = ("validate --format json", "show odd", "tree")


@pytest.mark.parametrize("name", BIG)
def test_much_of_anything_takes_its_time_and_no_more(
    name: str, small: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, seconds = BIG[name]
    monkeypatch.setattr("hostile.attack.MOST_CPU", seconds)
    put(small)
    for done in small.ask(ASKED[0], ASKED[1 + list(BIG).index(name) % 2]):  # judged, and one of the others by turns
        assert done.code in (0, 1, 2) or (done.words[0] == "tree" and "nested too deeply" in done.err)
        assert len(done.err) < 3_000


@pytest.mark.only_on("posix", reason="its files are not sparse")
def test_more_bytes_than_are_read_are_refused(small: Ground) -> None:
    empty_files(110, 1_000_000)(small)
    (done,) = small.ask("validate")
    assert (done.code, done.out) == (3, "")
    assert " MB" in done.err


def test_more_files_than_are_read_are_refused(small: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a smaller limit, since 100,000 files take longer to make than to refuse."""
    monkeypatch.setattr("kmics_cli.snapshot.folder.MOST_FILES", 500)
    empty_files(501)(small)
    with pytest.raises(UserError, match="holds more than 500 files") as refused:
        read_folder(small.root)
    assert refused.value.code == 3
