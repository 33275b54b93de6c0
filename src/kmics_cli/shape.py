"""Does plain data fit the schema? JSON Schema is read and asked here only.

Two ways through one schema. `fit` walks data and schema together, makes numbers and booleans of the
scalars that should be, and says whether the data fits *for sure*; it is quick and knows only part of JSON
Schema. Where it is not sure, the jsonschema library judges, and its errors are put into plain words. So
what the library would refuse is never accepted, and sound files never pay for it. Nothing can be fetched:
references are resolved beforehand, within the schema's own files, and nowhere else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from kmics_cli.dates import DateError, is_date, parse
from kmics_cli.problems import Pointer, Problem, Source, UserError, shortened
from kmics_cli.yamltext import Bare

SCHEMA_OF = {
    "bodies": "body",
    "people": "person",
    "priorities": "priorities",
    "documents": "document",
    "requirements": "requirements",
    "kmics": "registry",
}
"""The schema file of each kind of record; `kmics` is the registry's own file."""

_MOST = 25  # problems told of one file
_MOST_JUDGED = 500  # problems looked for in one file: each is put into words, which takes long
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?\Z")
_KNOWN = frozenset(
    "$schema $comment title description examples type properties required additionalProperties propertyNames "
    "items minItems maxItems uniqueItems enum pattern format minimum maximum minLength maxLength "
    "minProperties maxProperties anyOf".split()
)


def schema_folder() -> Path:
    """Return the folder of the schema that belongs to this tool: the installed one, or the checkout's."""
    here = Path(__file__).parent
    shipped = here / "shipped" / "schema"
    return shipped if shipped.is_dir() else here.parent.parent / "schema"


class Node:
    """A schema node made ready for the walk; children are made when they are first met."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        types = schema.get("type", ())
        self.types = frozenset([types] if isinstance(types, str) else types)
        self.sure = schema.keys() <= _KNOWN
        self.required = frozenset(schema.get("required", ()))
        self.enum = frozenset(schema["enum"]) if "enum" in schema else None
        self.sure = self.sure and (self.enum is None or self.types == {"string"})
        self.pattern = compiled(schema["pattern"]) if "pattern" in schema else None
        self.is_date = schema.get("format") == "kmics-date"
        self.sure = self.sure and ("format" not in schema or self.is_date)
        self.schema = schema
        self.children: dict[str, Node | None] = {}
        self.lengths = (schema.get("minLength", 0), schema.get("maxLength", 10**9))
        self.sizes = (schema.get("minItems", 0), schema.get("maxItems", 10**9))
        self.counts = (schema.get("minProperties", 0), schema.get("maxProperties", 10**9))
        self.range = (schema.get("minimum", -(10**18)), schema.get("maximum", 10**18))
        self.unique = schema.get("uniqueItems", False)
        choices = schema.get("anyOf", ())
        self.sure = self.sure and all(choice.keys() == {"required"} for choice in choices)
        self.choices = [frozenset(choice["required"]) for choice in choices] if self.sure else []

    @cached_property
    def item(self) -> Node | None:
        """The node of a list's items."""
        return Node(self.schema["items"]) if "items" in self.schema else None

    @cached_property
    def names(self) -> Node | None:
        """The node that a mapping's keys must fit."""
        return Node(self.schema["propertyNames"]) if "propertyNames" in self.schema else None

    def child(self, key: str) -> Node | None:
        """Return the node of the value under `key`, or None where the key is not allowed."""
        if key not in self.children:
            found = self.schema.get("properties", {}).get(key, self.schema.get("additionalProperties", False))
            self.children[key] = Node(found) if isinstance(found, dict) else None
        return self.children[key]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern as JSON Schema means it: digits are ASCII, and `$` is the very end of the text."""
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern), re.ASCII)


class Shapes:
    """The schemas of all kinds of record, read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._inlined: dict[str, dict[str, Any]] = {}
        self._files: dict[str, Any] = {}
        self._nodes: dict[str, Node] = {}
        self._validators: dict[str, Any] = {}

    def schema(self, kind: str) -> dict[str, Any]:
        """Return the schema of a kind of record, its references resolved. `UserError` (3) if unreadable."""
        return self._resolve(f"{SCHEMA_OF[kind]}.json", "", ())

    def about(self, kind: str, pointer: Pointer) -> Mapping[str, Any]:
        """Return what the schema says of a place in a record of a kind: its title, description, type, properties.

        An item of a list is any number. Empty where the schema has no such place.
        """
        found: Any = self.schema(kind)
        for step in pointer:
            if isinstance(step, int):
                found = found.get("items", {})
            else:
                found = found.get("properties", {}).get(step, found.get("additionalProperties"))
            if not isinstance(found, dict):
                return {}
        return found  # type: ignore[no-any-return]  # a schema is a mapping

    def keys(self, kind: str, pointer: Pointer) -> tuple[str, ...]:
        """Return the keys that a group may have, in the order of the schema, in which the files have them too."""
        return tuple(self.about(kind, pointer).get("properties", ()))

    def fit(self, kind: str, data: Any, source: Source) -> tuple[Any, list[Problem]]:
        """Return `data` with numbers and booleans made as the schema of `kind` says, and its problems.

        A problem of the rule `yaml-quote` leaves the data usable; any other means that it does not fit.
        """
        node = self._nodes.get(kind) or self._nodes.setdefault(kind, Node(self.schema(kind)))
        doubts: list[Pointer] = []
        typed = _fit(node, data, (), doubts)
        if not doubts:
            return typed, []
        bare = list(_bare(node, data, source))
        empty = {
            problem.source.pointer for problem in bare if problem.rule == "empty-field"
        }  # said already, and better
        problems = [p for p in self._judged(kind, typed, source) if p.source.pointer not in empty] + bare
        problems.sort(key=lambda problem: [str(step).zfill(6) for step in problem.source.pointer])
        if len(problems) > _MOST:
            rest = len(problems) - _MOST
            least = "at least " if len(problems) >= _MOST_JUDGED else ""
            quotes = all(problem.rule == "yaml-quote" for problem in problems)  # the data can be used all the same
            more = Problem(
                "yaml-quote" if quotes else "more-of-shape",
                "error",
                source,
                f"This file has {least}{rest} more problem{'' if rest == 1 else 's'} of shape.",
                "Mend these first.",
            )
            problems = [*problems[:_MOST], more]
        return typed, problems

    def _resolve(self, name: str, pointer: str, above: tuple[str, ...]) -> dict[str, Any]:
        key = f"{name}#{pointer}"
        if key in above:
            raise UserError(f"The schema refers to itself: {key}.", "A schema may not be recursive.", 3)
        if key not in self._inlined:
            target = self._file(name)
            for step in pointer.strip("/").split("/") if pointer else ():
                target = target.get(step) if isinstance(target, dict) else None
            if not isinstance(target, dict):
                raise UserError(f"The schema has no {shortened(key)}.", "Install kmics again.", 3)
            self._inlined[key] = self._inline(target, name, (*above, key))
        return self._inlined[key]

    def _inline(self, node: Any, name: str, above: tuple[str, ...]) -> Any:
        if isinstance(node, list):
            return [self._inline(item, name, above) for item in node]
        if not isinstance(node, dict):
            return node
        for key in node:
            if key.startswith("$") and key not in ("$schema", "$comment", "$defs", "$ref"):
                raise UserError(f"The schema uses {shortened(key)}, which could refer elsewhere.", "Use $ref.", 3)
        rest = {
            key: self._inline(value, name, above) for key, value in node.items() if key not in ("$ref", "$defs")
        }
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return rest
        file, _, pointer = reference.partition("#")
        if file and not re.fullmatch(r"[a-z]+\.json", file):
            raise UserError(f"The schema refers to {shortened(file)}.", "It may refer only to its own files.", 3)
        target = self._resolve(file or name, pointer, above)
        # a property that says what it is for keeps what sort of thing it is: "'X Y' is not an id"
        return {**target, "$comment": target.get("$comment", target.get("title", "")), **rest}

    def _file(self, name: str) -> Any:
        if name not in self._files:
            try:
                self._files[name] = json.loads((self._folder / name).read_bytes())
            except (OSError, ValueError, RecursionError) as error:
                raise UserError(
                    f"The schema file {name} cannot be read: {shortened(str(error))}.", code=3
                ) from None
        return self._files[name]

    def _judged(self, kind: str, data: Any, source: Source) -> list[Problem]:
        if kind not in self._validators:
            self._validators[kind] = _validator(self.schema(kind))
        problems: dict[tuple[Pointer, str], Problem] = {}
        for error in self._validators[kind].iter_errors(data):
            for problem in _explained(error, source):
                # one cause, one message: a bad date breaks pattern and format
                problems.setdefault((problem.source.pointer, problem.message), problem)
                if len(problems) >= _MOST_JUDGED:
                    return list(problems.values())
        return list(problems.values())


def _fit(node: Node, value: Any, at: Pointer, doubts: list[Pointer]) -> Any:
    """Return `value` typed as `node` says; `doubts` gets each place that may not fit."""
    if not node.sure:
        doubts.append(at)
    kind = type(value)
    if kind is dict:
        if "object" not in node.types:
            doubts.append(at)
            return value
        if not (node.required <= value.keys() and node.counts[0] <= len(value) <= node.counts[1]):
            doubts.append(at)
        if node.choices and not any(choice <= value.keys() for choice in node.choices):
            doubts.append(at)
        typed = {}
        for key, item in value.items():
            child = node.child(key)
            if child is None:
                doubts.append(at)
                typed[key] = item
                continue
            if node.names:
                _fit(node.names, key, at, doubts)
            typed[key] = _fit(child, item, (*at, key), doubts)
        return typed
    if kind is list:
        if "array" not in node.types or node.item is None:
            doubts.append(at)
            return value
        if not node.sizes[0] <= len(value) <= node.sizes[1]:
            doubts.append(at)
        if node.unique and (len(value) > 1000 or len({str(item) for item in value}) != len(value)):
            doubts.append(at)
        return [_fit(node.item, item, (*at, index), doubts) for index, item in enumerate(value)]
    if kind is Bare:
        typed = _number(value, node)
        if typed is value:
            doubts.append(at)
            return str(value)
        if isinstance(typed, bool):
            return typed
        if not node.range[0] <= typed <= node.range[1]:
            doubts.append(at)
        return typed
    if (
        "string" not in node.types
        or (node.enum is not None and value not in node.enum)
        or not node.lengths[0] <= len(value) <= node.lengths[1]
        or (node.pattern is not None and not node.pattern.search(value))
        or (node.is_date and not is_date(value))
    ):
        doubts.append(at)
    return value


def _number(value: Bare, node: Node) -> Any:
    """Return the number or boolean that `value` is where `node` wants one, else `value` itself."""
    if "boolean" in node.types and value in ("true", "false"):
        return value == "true"
    if ("integer" in node.types or "number" in node.types) and _NUMBER.match(value):
        if "." not in value and (len(value.lstrip("-")) == 1 or value.lstrip("-")[0] != "0"):
            return int(value)
        if "number" in node.types and "." in value:
            return float(value)
    return value


def _bare(node: Node | None, value: Any, source: Source) -> Iterator[Problem]:
    """Yield a problem for each unquoted scalar that stands where text is wanted."""
    if node is None:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _bare(node.child(key), item, source.at(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _bare(node.item, item, source.at(index))
    elif isinstance(value, Bare) and "string" in node.types and _number(value, node) is value:
        if value == "":
            yield Problem(
                "empty-field",
                "error",
                source,
                "There is nothing after the colon.",
                "Write the value, or take the line out.",
            )
        elif not node.types & {"integer", "number", "boolean"}:
            yield Problem(
                "yaml-quote",
                "error",
                source,
                f"{shortened(value)} without quotes is not text to other programs that read this file.",
                f'Write "{shortened(value)}" in quotes.',
            )


@cache
def _validator_class() -> Any:
    from jsonschema import Draft202012Validator, validators

    def pattern(_validator: Any, wanted: str, instance: Any, _schema: Any) -> Iterator[Any]:
        from jsonschema.exceptions import ValidationError

        if isinstance(instance, str) and not compiled(wanted).search(instance):
            yield ValidationError("does not match")

    return validators.extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]


def _validator(schema: dict[str, Any]) -> Any:
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    checker.checks("kmics-date")(lambda value: not isinstance(value, str) or is_date(value))
    return _validator_class()(schema, format_checker=checker)


_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping (indented keys and values)",
    "array": "a list (lines that begin with a dash)",
}


_RULES = {
    "additionalProperties": "unknown-field",
    "required": "missing-field",
    "anyOf": "missing-field",
    "oneOf": "missing-field",
    "type": "wrong-type",
    "enum": "unknown-value",
    "format": "bad-date",
    "pattern": "bad-text",
    "minItems": "empty-field",
    "minProperties": "empty-field",
}
"""The rule that each keyword of JSON Schema is told under; any other is `out-of-range`."""


def _explained(error: Any, source: Source) -> Iterator[Problem]:
    """Yield the problems, in plain words, that one error of the library stands for."""
    at = Source(source.path, (*source.pointer, *error.absolute_path))
    value, schema, keyword = error.instance, error.schema, error.validator
    name = f"'{shortened(str(at.pointer[-1]), 40)}'" if at.pointer and isinstance(at.pointer[-1], str) else "This"
    title = f"{name}" if name != "This" else "This entry"

    rule = _RULES.get(keyword, "out-of-range")

    def problem(message: str, help: str = "", place: Source = at, on_key: bool = False) -> Problem:
        return Problem(rule, "error", place, message, help, on_key=on_key)

    if "propertyNames" in error.absolute_schema_path:
        rule, key = "bad-text", shortened(str(value), 40)
        yield problem(f"'{key}' cannot be an id.", schema.get("description", ""), at.at(value), True)
    elif keyword == "additionalProperties":
        known = schema.get("properties", {})
        for key in value:
            if key not in known:
                yield problem(
                    f"There is no field '{shortened(key, 40)}' here.",
                    _meant(key, known, "Fields here"),
                    at.at(key),
                    True,
                )
    elif keyword == "required":
        closed = schema.get("additionalProperties") is False
        strange = [key for key in value if closed and key not in schema.get("properties", value)][:_MOST]
        meant = {
            _near(key, schema["properties"]) for key in strange
        }  # told as unknown fields: one cause, one message
        for key in error.validator_value:
            if key in value or key in meant:
                continue
            known = schema.get("properties", {}).get(key, {})
            yield problem(f"'{key}' is missing{_where(at)}.", _example(key, known))
    elif keyword == "type":
        wanted = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
        words = " or ".join(_TYPES[kind] for kind in wanted)
        if "integer" in wanted and isinstance(value, str) and value.isdecimal():
            yield problem(f"{title} should be a number without quotes.", f"Write {shortened(value)}.")
        elif "boolean" in wanted:
            yield problem(
                f"{title} should be true or false, not {_kind(value)}.",
                "Write true or false, without quotes.",
            )
        else:
            yield problem(
                f"{title} should be {words}, not {_kind(value)}.",
                _example(_key(at), schema),
            )
    elif keyword == "enum":
        yield problem(
            f"'{shortened(str(value), 40)}' is not {_article(schema)}.",
            _meant(str(value), error.validator_value, "Write one of"),
        )
    elif keyword == "format" or (keyword == "pattern" and schema.get("format") == "kmics-date"):
        rule = "bad-date"
        try:
            parse(value)
            yield problem(f"'{shortened(value, 40)}' is not {_article(schema)}.", _example(_key(at), schema))
        except DateError as refused:
            yield problem(refused.message, refused.help)
    elif keyword == "pattern":
        yield problem(f"'{shortened(value, 40)}' is not {_article(schema)}.", _id_for(value, at, schema))
    elif keyword in ("anyOf", "oneOf"):
        ways = [" and ".join(f"'{key}'" for key in choice.get("required", ())) for choice in error.validator_value]
        yield problem(f"Needs {' or '.join(way for way in ways if way)}{_where(at)}.", "Give one of them.")
    elif keyword in ("minItems", "minProperties"):
        rule = "empty-field" if len(value) == 0 else "out-of-range"
        few = "is empty" if len(value) == 0 else f"has too few entries: {len(value)}, not {error.validator_value}"
        yield problem(f"{title} {few}.", "Fill it, or take the line out." if len(value) == 0 else "")
    elif keyword in ("maxItems", "maxProperties"):
        yield problem(f"{title} has too many entries: {len(value)}; at most {error.validator_value:,} can be here.")
    elif keyword == "maxLength":
        yield problem(f"{title} is too long: {len(value):,} characters; at most {error.validator_value:,}.")
    elif keyword == "uniqueItems":
        yield problem(f"{title} names the same thing twice.", "Keep one of them.")
    elif keyword in ("minimum", "maximum"):
        bound = "at least" if keyword == "minimum" else "at most"
        yield problem(f"{title} should be {bound} {error.validator_value}.")
    else:
        limit = shortened(str(error.validator_value), 40)
        yield problem(
            f"{title} does not fit the schema ({keyword}: {limit}).", _first(schema.get("description", ""))
        )


def _meant(word: str, known: Any, otherwise: str) -> str:
    """Return "Did you mean …?" for a near miss, or the known words. Bounded: long words are not compared."""
    near = _near(word, known)
    return f"Did you mean '{near}'?" if near else f"{otherwise}: {', '.join(map(str, known))}."


_IDS = ("^[a-z0-9]+(-[a-z0-9]+)*$", "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$")


def _id_for(value: str, at: Source, schema: Mapping[str, Any]) -> str:
    """Return what to write instead of a text of the wrong form; where an id is wanted, the one that a name would have."""
    hint = _example(_key(at), schema)
    if schema["pattern"] in _IDS:
        slug = "-".join(re.findall("[a-z0-9]+", unicodedata.normalize("NFKD", value[:100]).casefold()))
        hint += f" Did you mean '{slug}'?" if slug and slug != value else ""
    return hint


def _near(word: str, known: Any) -> str | None:
    from difflib import get_close_matches

    words = [str(item) for item in known]
    near = get_close_matches(word, words, 1, 0.7) if len(word) <= 60 and len(words) <= 500 else []
    return near[0] if near else None


def _where(at: Source) -> str:
    return (
        f" in '{shortened(str(at.pointer[-1]), 40)}'" if at.pointer and isinstance(at.pointer[-1], str) else " here"
    )


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"'{shortened(str(value), 40)}'"


def _article(schema: Mapping[str, Any]) -> str:
    title = str(schema.get("$comment") or schema.get("title", "value")).lower()
    return f"{'an' if title.startswith(('a', 'e', 'i', 'o', 'u', 'hono')) else 'a'} {title}"


def _key(at: Source) -> str | int:
    return at.pointer[-1] if at.pointer else ""


def _first(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "." if text else ""


def _example(key: str | int, schema: Mapping[str, Any]) -> str:
    said = _first(str(schema.get("description", "")))
    examples = schema.get("examples", ())
    plain = [example for example in examples if isinstance(example, str | int | float)]
    return (
        f"{said} For example: {'-' if isinstance(key, int) else f'{key}:'} "
        f"{str(plain[0]).lower() if plain[0] in (True, False) else plain[0]}"
        if plain
        else said
    )
