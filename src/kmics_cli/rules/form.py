"""Form: what is wrong within one file. Found while the files are read and loaded, and told here under its rule.

What breaks one of these, but for the few that say so, cannot be read at all: no registry can relax them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kmics_cli.problems import Problem, Source
from kmics_cli.rules.look import Look, found, rule
from kmics_cli.rules.people import FORBIDDEN
from kmics_cli.shape import SCHEMA_OF


@rule("error", firm=True)
def yaml_syntax(look: Look) -> Iterator[Problem]:
    """The text is not YAML.

    Why: no program can read the file; nothing in it is answered from until it is mended.

    Passes:

        --- people/ann-other.yaml
        name: "Ann: Other"

    Fails:

        --- people/ann-other.yaml
        name: [Ann Other # <- yaml-syntax
    """
    yield from look.told("yaml-syntax")


@rule("error", firm=True)
def yaml_alias(look: Look) -> Iterator[Problem]:
    """A part of the file is marked to be repeated (`&`, `*`), or merged (`<<`).

    Why: a short file could stand for a huge one ("billion laughs"), and readers differ on what it means.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: &ann Ann Other # <- yaml-alias
    """
    yield from look.told("yaml-alias")


@rule("error", firm=True)
def yaml_tag(look: Look) -> Iterator[Problem]:
    """A value has a type written before it (`!!str`).

    Why: a tag can make a program build whatever it names; here the schema says what type a value has.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: !!str Ann Other # <- yaml-tag
    """
    yield from look.told("yaml-tag")


@rule("error", firm=True)
def yaml_key(look: Look) -> Iterator[Problem]:
    """What stands before a colon is not a name.

    Why: programs read such keys differently, or stumble over them.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        [name]: Ann Other # <- yaml-key
    """
    yield from look.told("yaml-key")


@rule("error", firm=True)
def yaml_duplicate_key(look: Look) -> Iterator[Problem]:
    """The same name stands twice in one group.

    Why: some readers take the first, some the last, and one of the two facts is lost in silence.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: Ann Other
        name: Ann A. Other # <- yaml-duplicate-key
    """
    yield from look.told("yaml-duplicate-key")


@rule("error", firm=True)
def yaml_directive(look: Look) -> Iterator[Problem]:
    """A line begins with `%`.

    Why: a directive changes how the rest is read, and readers differ.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml as it is
        %YAML 1.1 # <- yaml-directive # <- schema-line
    """
    yield from look.told("yaml-directive")


@rule("error", firm=True)
def yaml_documents(look: Look) -> Iterator[Problem]:
    """A file holds a second document, or ends before its end.

    Why: most readers see only the first, and would not notice the rest.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: Ann Other
        ... # <- yaml-documents
    """
    yield from look.told("yaml-documents")


@rule("error", firm=True)
def yaml_depth(look: Look) -> Iterator[Problem]:
    """Lists and groups lie in one another more than 32 deep.

    Why: no record is that deep; such a file is made to exhaust whoever reads it.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails: A file with hundreds of opening brackets.
    """
    yield from look.told("yaml-depth")


@rule("error", firm=True)
def yaml_size(look: Look) -> Iterator[Problem]:
    """A file is larger than 1,000,000 bytes, has more than 200,000 parts, or a text of over 20,000 characters.

    Why: no record is that large; such a file is made to exhaust whoever reads it.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails: A file of two million bytes.
    """
    yield from look.told("yaml-size")


@rule("error", firm=True)
def yaml_empty(look: Look) -> Iterator[Problem]:
    """There is nothing in the file but perhaps comments.

    Why: a record needs at least a name.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml as it is
        # Nothing yet. # <- yaml-empty # <- schema-line
    """
    yield from look.told("yaml-empty")


@rule("error")
def yaml_quote(look: Look) -> Iterator[Problem]:
    """A text stands without quotes, and other programs do not read it as text: 2022, 012, 5E1, yes.

    Why: kmics reads it as text all the same, but a spreadsheet or another tool would see a number, a date or true.

    Passes:

        --- people/ann-other.yaml
        name: "2016"

    Fails:

        --- people/ann-other.yaml
        name: 2016 # <- yaml-quote
    """
    yield from look.told("yaml-quote")


@rule("error", firm=True)
def text_encoding(look: Look) -> Iterator[Problem]:
    """A file is not UTF-8, or begins with a byte-order mark.

    Why: letters with accents would be read wrongly, differently on each computer.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails: A file saved as "Unicode" (UTF-16) or "ANSI" by an editor.
    """
    yield from look.told("text-encoding")


@rule("error", firm=True)
def text_control(look: Look) -> Iterator[Problem]:
    r"""A control character, a tab or a hidden character stands in a file.

    Why: it can hide or reorder what a reader sees (CVE-2021-42574), or act on a terminal.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: "Ann\tOther" # <- text-control
    """
    yield from look.told("text-control")


@rule("error", firm=True)
def unknown_field(look: Look) -> Iterator[Problem]:
    """A field is not one that this part of a record has.

    Why: what it says would be in no answer. Often it is a slip of the pen, and the right name is told.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        nam: Ann Other # <- unknown-field
        name: Ann Other
    """
    for problem in look.told("unknown-field"):
        if str(problem.source.pointer[-1]).casefold() not in FORBIDDEN:
            yield problem


@rule("error", firm=True)
def missing_field(look: Look) -> Iterator[Problem]:
    """A field that must be there is not.

    Why: without it the record cannot be answered from.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta # <- missing-field
        from: 2020-01-01
        sources: [paper line 2]
    """
    yield from look.told("missing-field")


@rule("error", firm=True)
def wrong_type(look: Look) -> Iterator[Problem]:
    """A list stands where a text should be, a text where a number should be, and so on.

    Why: the value cannot be understood as what it should be.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          member:
            title: Member
            member_type: member
            seats: 2

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          member:
            title: Member
            member_type: member
            voting: perhaps # <- wrong-type
    """
    yield from look.told("wrong-type")


@rule("error", firm=True)
def unknown_value(look: Look) -> Iterator[Problem]:
    """A word is not one of those that this field can have.

    Why: reports count by these words, and would leave this out.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          head:
            title: Head
            member_type: chair

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        roles:
          head:
            title: Head
            member_type: chairperson # <- unknown-value
    """
    yield from look.told("unknown-value")


@rule("error", firm=True)
def bad_date(look: Look) -> Iterator[Problem]:
    """A date is not written as files write it, or there is no such day.

    Why: every answer is about a day. `2022-23` is a financial year to the NHS and autumn to other programs; write
    the window.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-04-01/2023-03-31
        sources: [paper line 2]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2022-23 # <- bad-date
        sources: [paper line 2]
    """
    yield from look.told("bad-date")


@rule("error", firm=True)
def bad_text(look: Look) -> Iterator[Problem]:
    """A text does not have the form that this field asks for: an id, a reference, a length of time.

    Why: what reads it would not find what is meant.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        former_ids: [old-beta]

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        former_ids: [Old Beta] # <- bad-text
    """
    yield from look.told("bad-text")


@rule("error", firm=True)
def empty_field(look: Look) -> Iterator[Problem]:
    """A field has nothing after its colon, or an empty list.

    Why: an empty field could mean "none", "not known" or "forgotten"; the registry says which by other means.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        name: # <- empty-field
    """
    yield from look.told("empty-field")


@rule("error", firm=True)
def out_of_range(look: Look) -> Iterator[Problem]:
    """A number, a length or a count is outside what the schema allows, or a list names one thing twice.

    Why: such a value is a slip, or made to exhaust whoever reads it.

    Passes:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        area: Alphashire

    Fails:

        --- bodies/beta.yaml
        name: Beta
        kind: board
        from: 2020-01-01
        sources: [paper line 2]
        former_ids: [old, old] # <- out-of-range
    """
    yield from look.told("out-of-range")


@rule("error", firm=True)
def more_of_shape(look: Look) -> Iterator[Problem]:
    """A file has so many faults of shape that only the first are listed.

    Why: a list of hundreds helps nobody; the rest are counted.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails: A file with thirty unknown fields: twenty-five are told, then this.
    """
    yield from look.told("more-of-shape")


@rule("error", firm=True)
def duplicate_id(look: Look) -> Iterator[Problem]:
    """Two files have the same id.

    Why: nobody could tell which of the two is meant.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- bodies/alpha.yaml
        name: Alpha
        kind: board
        from: 2020-01-01
        sources: [paper line 1]
        --- people/alpha.yaml
        name: Al Pha # <- duplicate-id
    """
    yield from look.told("duplicate-id")


@rule("error", firm=True)
def reserved_id(look: Look) -> Iterator[Problem]:
    """A file takes an id that has a meaning of its own: `not-named` stands for somebody whom no source names.

    Why: the name in the file would be put on every holder who is not named.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other

    Fails:

        --- people/not-named.yaml
        name: Ann Other # <- reserved-id
    """
    yield from look.told("reserved-id")


@rule("error", firm=True)
def file_link(look: Look) -> Iterator[Problem]:
    """A file or folder is a link to another place.

    Why: a link could lead out of the registry, to files that are nobody's business; it is not followed.

    Passes: A file `people/ann-other.yaml`.

    Fails: A file `people/ann-other.yaml` that is a symbolic link.
    """
    yield from look.told("file-link")


@rule("error", firm=True)
def file_kind(look: Look) -> Iterator[Problem]:
    """A file is a device, a pipe or a folder where a record should be.

    Why: opening it could wait for ever.

    Passes: A file `people/ann-other.yaml`.

    Fails: A pipe called `people/ann-other.yaml`.
    """
    yield from look.told("file-kind")


@rule("error", firm=True)
def file_size(look: Look) -> Iterator[Problem]:
    """A file is larger than 1,000,000 bytes.

    Why: no record is that large; it is not read.

    Passes: A file `people/ann-other.yaml`.

    Fails: A file of two million bytes.
    """
    yield from look.told("file-size")


@rule("error", firm=True)
def file_read(look: Look) -> Iterator[Problem]:
    """A file cannot be read.

    Why: the rest is answered from without it, and says so.

    Passes: A file `people/ann-other.yaml`.

    Fails: A file that its owner has closed to others.
    """
    yield from look.told("file-read")


@rule("error", firm=True)
def file_name(look: Look) -> Iterator[Problem]:
    """A file's name is no id, or ends in `.yml`, or is one that Windows or macOS would refuse or take for another's.

    Why: the name is the id, and the registry must open on every computer. Ids that differ only in case are one file
    to Windows. A `.yml` file is not read, though whoever made it surely means a record.

    Passes: A file `people/ann-other.yaml`.

    Fails: A file `people/Ann Other.yaml`, `people/con.yaml`, or `people/ann-other.yml`.
    """
    yield from look.told("file-name")


@rule("warning")
def file_ending(look: Look) -> Iterator[Problem]:
    """A file in a folder of records does not end in `.yaml`.

    Why: it is not read, and whoever put it there may think that it is.

    Passes: A file `people/ann-other.yaml`.

    Fails: A file `people/ann-other.txt`.
    """
    yield from look.told("file-ending")


@rule("error", firm=True)
def file_place(look: Look) -> Iterator[Problem]:
    """A file lies where nothing reads it.

    Why: whoever put it there may think that it is in the registry.

    Passes: A file `people/ann-other.yaml`.

    Fails: A file `persons/ann-other.yaml`.
    """
    yield from look.told("file-place")


@rule("warning")
def schema_line(look: Look) -> Iterator[Problem]:
    """A file does not begin with the line that tells an editor which schema it follows.

    Why: with it, an editor marks a wrong field as it is typed, and offers the right ones.

    Passes:

        --- people/ann-other.yaml as it is
        # yaml-language-server: $schema=../../schema/person.json
        name: Ann Other

    Fails:

        --- people/ann-other.yaml as it is
        name: Ann Other # <- schema-line
    """
    for path, data in look.snapshot.texts.items():
        kind = SCHEMA_OF["kmics" if path == "kmics.yaml" else path.partition("/")[0]]
        first = data.split(b"\n", 1)[0].strip()
        if not (first.startswith(b"# yaml-language-server: $schema=") and first.endswith(f"/{kind}.json".encode())):
            yield replace(
                found(
                    Source(path),
                    "The first line does not tell editors which schema this file follows.",
                    f"Begin with: # yaml-language-server: $schema={'../' * (path.count('/') + 1)}schema/{kind}.json",
                ),
                line=1,
                column=1,
            )


FORM = (
    yaml_syntax,
    yaml_alias,
    yaml_tag,
    yaml_key,
    yaml_duplicate_key,
    yaml_directive,
    yaml_documents,
    yaml_depth,
    yaml_size,
    yaml_empty,
    yaml_quote,
    text_encoding,
    text_control,
    unknown_field,
    missing_field,
    wrong_type,
    unknown_value,
    bad_date,
    bad_text,
    empty_field,
    out_of_range,
    more_of_shape,
    duplicate_id,
    reserved_id,
    file_link,
    file_kind,
    file_size,
    file_read,
    file_name,
    file_ending,
    file_place,
    schema_line,
)
"""The rules about the form of one file."""
