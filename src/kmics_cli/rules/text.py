"""Text: names and words that mislead the eye, or that another program would take for something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from kmics_cli.model import Body, Document, Item, Name, Part, Person, Priorities, Role, SubItem
from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.rules.look import Look, found, readable, rule

_NAMES: dict[type[Part], str] = {
    Body: "name",
    Name: "name",
    Person: "name",
    Role: "title",
    Priorities: "name",
    Item: "title",
    SubItem: "title",
    Document: "title",
}
"""The parts that have a name or title, and the field that it is in."""

_ODD = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"</?[A-Za-z!]|&[#A-Za-z][A-Za-z0-9]*;|\*\*|__|`|\]\(|!\[|[a-z]{2,10}://|^#{1,6} ")
_SPACES = re.compile(r" {2,}|[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_KINDS_OF_SPACE = {"\u00a0": "A no-break space", "\u202f": "A narrow no-break space", "\u3000": "A wide space"}
_ABBREVIATED = 12
_MOST = 25  # look-alikes told of one file: with more, the file is in another alphabet, or hostile


def _names(look: Look) -> Iterator[tuple[str, Source, Part]]:
    for cls, field in _NAMES.items():
        for part in look.of(cls):
            if value := getattr(part, field):
                yield value, part.source.at(field), part


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """Return the script of a letter: the first word of its name in Unicode."""
    return unicodedata.name(char, "?").partition(" ")[0]


@rule("error")
def look_alike(look: Look) -> Iterator[Problem]:
    """A word mixes letters of several scripts, or has letters or digits that only look like the usual ones.

    Why: a Cyrillic letter in a Latin name looks the same and is found by no search; a stranger's change can hide
    behind it (Unicode Technical Report 36). Accents are no mixture: they are Latin letters.

    Passes:

        --- people/ann-other.yaml
        name: Łucja Ó Néill

    Fails:

        --- people/ann-other.yaml
        name: Аnn Other # <- look-alike
    """
    for path, data in look.snapshot.texts.items():
        text = readable(data)
        if not text.isascii():
            yield from islice(_look_alikes(path, text), _MOST)


def _look_alikes(path: str, text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        for word in () if line.isascii() else _WORD.finditer(line):
            if not word[0].isascii() and (why := _mixed(word[0])):
                help = "Type it again on a usual keyboard."
                problem = found(Source(path), f"'{shortened(word[0], 40)}' {why}.", help)
                yield replace(problem, line=number, column=word.start() + 1)


def _mixed(word: str) -> str:
    scripts = {_script(char) for char in word if char.isalpha()} & _SCRIPTS
    if len(scripts) > 1:
        other = next(char for char in word if not char.isascii() and _script(char) in scripts - {"LATIN"})
        told = " and ".join(sorted(name.capitalize() for name in scripts))
        return f"mixes letters of different scripts, {told}: <U+{ord(other):04X}> only looks like a usual letter"
    letters = (char for char in unicodedata.normalize("NFC", word) if unicodedata.category(char) in _LETTERS)
    if any(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", char)) != char for char in letters):
        return "has letters or digits that only look like the usual ones"
    return ""


_SCRIPTS = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"))
_LETTERS = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd"))


@rule("warning")
def accents_apart(look: Look) -> Iterator[Problem]:
    r"""A letter and its accent are written as two characters.

    Why: it looks the same, and is another text to a program: a search does not find it, a comparison sees a change.

    Passes:

        --- people/ann-other.yaml
        name: Zoë Other

    Fails:

        --- people/ann-other.yaml
        name: "Zoe\u0308 Other" # <- accents-apart
    """
    for path, data in look.snapshot.texts.items():
        text = readable(data)
        if text.isascii():
            continue
        if unicodedata.is_normalized("NFC", text):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if not unicodedata.is_normalized("NFC", line):
                accent = next((n for n, char in enumerate(line) if unicodedata.combining(char)), 1)
                problem = found(
                    Source(path),
                    "A letter and its accent stand as two characters here.",
                    "Type the word again; most editors then write one.",
                )
                yield replace(problem, line=number, column=accent or 1)


@rule("error")
def markup_in_name(look: Look) -> Iterator[Problem]:
    """A name or title has markup or an address in it.

    Why: a name is printed in papers, tables and terminals as it stands; markup would be printed too, and a link in a
    name is advertisement or worse.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: Ann **Other** # <- markup-in-name
    """
    for value, source, _ in _names(look):
        if hit := _MARKUP.search(value):
            message = f"'{shortened(hit[0], 12)}' is markup, which a name does not have."
            yield found(source, message, "Write the name as it would be said.")


@rule("warning")
def shouting(look: Look) -> Iterator[Problem]:
    """A name is in capitals throughout.

    Why: registers that print capitals lose which of them are part of the name; screen readers may spell them out.
    Store the name as it would be written. An abbreviation says so with `use: abbreviation`. Of a person, two words
    in capitals are enough; other names may be capitals up to 12 letters.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: ANN OTHER-INVENTED # <- shouting
    """
    for value, source, part in _names(look):
        short = isinstance(part, Name) and part.use in ("abbreviation", "short")
        letters = sum(map(str.isalpha, value))
        long = isinstance(part, Person) or letters > _ABBREVIATED
        if not short and long and " " in value.strip() and value.isupper():
            yield found(
                source, "This name is in capitals throughout.", "Write it as it would be written in a letter."
            )


@rule("warning")
def stray_spaces(look: Look) -> Iterator[Problem]:
    """A name has two spaces in a row, or a space of an unusual kind.

    Why: it looks like one space, and no search for the name finds it.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: Ann  Other # <- stray-spaces
    """
    for value, source, _ in _names(look):
        if hit := _SPACES.search(value):
            before = value[: hit.start()].split()
            where = f"after '{shortened(before[-1], 40)}'" if before else "at the beginning"
            if hit[0][0] == " ":
                what = f"{len(hit[0])} spaces stand"
            else:
                what = f"{_KINDS_OF_SPACE.get(hit[0], 'An unusual space')} (U+{ord(hit[0]):04X}) stands"
            yield found(source, f"{what} {where} in this name.", "Leave one ordinary space between two words.")


TEXT = (look_alike, accents_apart, markup_in_name, shouting, stray_spaces)
"""The rules about text."""
