"""People: what must never be in a registry of public office-holders.

From UK GDPR Articles 5(1)(c) and 9 (no more than is needed; special categories) and the Information Commissioner's
guidance on requests for personal data about public authority employees. Git never forgets, so it is stopped before
it is recorded. A message says what sort of thing was found, and never repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kmics_cli.problems import Problem, Source, shortened
from kmics_cli.rules.look import Look, found, readable, rule

FORBIDDEN = frozenset(
    """
    dob birth_date birthdate date_of_birth born age gender sex pronouns ethnicity ethnic_origin race nationality
    disability religion belief sexual_orientation marital_status home_address private_address personal_email
    private_email personal_phone private_phone mobile phone telephone photo image picture portrait signature
    ni_number national_insurance nhs_number passport bank bank_account salary pay pension remuneration sickness
    sick_leave leave_reason health disciplinary grievance complaint whistleblowing dbs fppt references tribunal
    insolvency social_media appraisal esr_number staff_number employee_number smartcard political_party party
    political_affiliation union trade_union union_membership family family_members spouse partner children relatives
    patient service_user interests indirect_interests
    """.split()
)
"""Names of fields that no record may have."""

_REPORTS = "It is personal data that no answer needs. Take it out, also of what has been committed."
_NHS = re.compile(r"(?<!value: )(?<!low: )(?<!high: )(?<![\w/.-])[0-9]{3}([ -]?)[0-9]{3}\1[0-9]{4}(?![\w-])")
_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b")
_MOBILE = re.compile(r"(?<![\w/.-])(?:\+44 ?\(?0?\)? ?|0)7[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?!\w)")
_BORN = re.compile(r"\b(?:date of birth|born (?:on|in) [0-9]|D\.?O\.?B\b)", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b")
_EMAIL = re.compile(r"([A-Za-z0-9][A-Za-z0-9._+-]{0,63})@[A-Za-z0-9][A-Za-z0-9.-]{0,200}")
_NEAR = re.compile(  # what a text needs for any of these to be looked for
    r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}|7[0-9]{3} ?[0-9]{3} ?[0-9]{3}|@|[Bb][Oo][Rr][Nn] |[Bb][Ii][Rr][Tt][Hh]|"
    r"[Dd]\.?[Oo]\.?[Bb]|[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"
)
_PARTY = re.compile(
    r"\b(?:(?:Conservative|Labour|Liberal|Green|Independent)s? (?:Party|councillors?|group|MPs?|administration|"
    r"candidates?)|(?:Conservative|Labour|Liberal|Green)s? (?:members?|leader)|Reform (?:councillors?|group)|"
    r"(?:Conservative|Labour|Reform)-(?:led|run|controlled)|Conservatives|[Tt]ory|[Tt]ories|"
    r"Liberal Democrats?|Lib Dems?|Reform UK|UKIP|Plaid Cymru|Scottish National Party)\b|"
    r"\b(?:[Aa]|[Tt]he) Conservative\b(?! ?[\w-])|\((?:Con|Conservative|Labour|Lib Dem)\)"
)
_PERHAPS_PARTY = re.compile(
    r"([^\W\d_]+) \((?:Lab|LD|Green|Reform|Ind|Independent)\)"
)  # words for other things, too
_COUNCILLOR = re.compile(r"\b(?:Cllr|Councillor)\b[^\n(]{0,60}\Z")
_SAME = 80  # characters by which a finding is known again in a comparison; another number is another problem
_DISCLOSING = ("mr", "mrs", "ms", "miss", "mx", "master", "madam")
_ADDITIONS = (
    (re.compile(r"[()\[\]{}]"), "Brackets are"),
    (re.compile(r"\b(?:Rt|Right) Hon", re.IGNORECASE), "'Rt Hon' is"),
    (
        re.compile(
            r"(?<=[ ,])(?:OBE|CBE|MBE|KBE|DBE|GBE|BEM|KCB|DCB|CB|CMG|KCMG|DCMG|CVO|MVO|DL|JP|KC|QC|MP|MSP|PhD|DPhil|"
            r"MBBS|BSc|MSc|MBA|MRC[A-Z]{1,3}|FRC[A-Z]{1,3}|FFPH|FCCA|CPFA|RGN|RMN)(?![\w-])"
        ),
        "Letters after a name are",
    ),
    (re.compile(","), "A comma is"),
)
_TITLES = (
    "dr doctor prof professor dame sir lord lady baroness baron viscount countess earl cllr councillor rev revd "
    "reverend hon honourable major colonel captain general admiral brigadier"
).split()


@rule("error", firm=True)
def personal_data_field(look: Look) -> Iterator[Problem]:
    """A field holds something about a person that may never be in the registry, such as `gender` or `home_address`.

    Why: a registry of public roles needs a name as published, and nothing else about the person.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other
        honorific: Dr

    Fails:

        --- people/ann-other.yaml
        name: Ann Other
        gender: not for us # <- personal-data-field
    """
    for problem in look.told("unknown-field"):
        key = str(problem.source.pointer[-1])
        if key.casefold() in FORBIDDEN:
            message = f"'{shortened(key, 40)}' may not be recorded of anybody."
            yield replace(problem, message=message, help=_REPORTS)


@rule("error")
def personal_data(look: Look) -> Iterator[Problem]:
    """A text looks like a number, an address or an e-mail of a person: also in a comment.

    Why: an NHS or National Insurance number, a mobile number, a date of birth, or an e-mail made of somebody's name
    is personal data that no answer needs, and so is a postcode in a person's record (elsewhere it is taken for that
    of an office, and not looked for). A role's own mailbox is no person's.

    Passes:

        --- people/ann-other.yaml
        # Questions: governance@example.org
        name: Ann Other

    Fails:

        --- people/ann-other.yaml
        # Questions: ann.other@example.org # <- personal-data
        name: Ann Other
    """
    names = _Names(look)
    for path, data in look.snapshot.texts.items():
        text = readable(data)
        if not (path.startswith("people/") or _NEAR.search(text)):
            continue
        hits = sorted(_personal(text, path.startswith("people/"), names))
        yield from _at(path, text, [(start, f"This looks like {what}.", _REPORTS) for start, what in hits])


def _at(path: str, text: str, hits: Sequence[tuple[int, str, str]]) -> Iterator[Problem]:
    """Yield a problem for each place in a text, its start, message and help, in order; the text is gone through once."""
    line, counted = 1, 0
    for start, message, help in hits:
        line += text.count("\n", counted, start)
        counted = start
        told = found(Source(path), message, help, same=f"{path.rpartition('/')[2]} {text[start : start + _SAME]}")
        yield replace(told, line=line, column=start - text.rfind("\n", 0, start))


def _personal(text: str, of_a_person: bool, names: _Names) -> Iterator[tuple[int, str]]:
    for hit in _NHS.finditer(text):
        if _is_nhs_number(re.sub("[ -]", "", hit[0])):
            yield hit.start(), "an NHS number"
    for pattern, what in ((_INSURANCE, "a National Insurance number"), (_MOBILE, "a mobile number")):
        for hit in pattern.finditer(text):
            yield hit.start(), what
    for hit in _BORN.finditer(text):
        yield hit.start(), "a date of birth"
    for hit in _POSTCODE.finditer(text) if of_a_person else ():
        yield hit.start(), "a postcode in a person's record"
    if "@" in text:
        for hit in _EMAIL.finditer(text):
            if names.made_of(hit[1]):
                yield hit.start(), "somebody's own e-mail address"


def _is_nhs_number(digits: str) -> bool:
    """Whether ten digits have the check digit of an NHS number (modulus 11, NHS Data Dictionary)."""
    rest = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return (0 if rest == 11 else rest) == int(digits[9])


class _Names:
    """The names of all people, to be known again in an e-mail address."""

    def __init__(self, look: Look) -> None:
        self._firsts: dict[str, set[str]] = {}  # by last name: first names, and their initials
        for person in look.registry.people.values():
            words = re.findall(r"[a-z]+", person.name.casefold())
            if len(words) > 1:
                self._firsts.setdefault(words[-1], set()).update((words[0], words[0][0]))

    def is_last(self, word: str) -> bool:
        """Return whether a word is somebody's last name."""
        return word.casefold() in self._firsts

    def made_of(self, local: str) -> bool:
        """Return whether the first part of an address is made of a person's first name or initial, and last name."""
        words = re.findall(r"[a-z]+", local.casefold())
        if len(words) > 1 and words[-1] in self._firsts:
            return words[0][0] in self._firsts[words[-1]]
        joined = "".join(words)
        return any(joined[:n] in self._firsts.get(joined[n:], ()) for n in range(1, len(joined)))


@rule("error")
def honorific_in_name(look: Look) -> Iterator[Problem]:
    """A person's name begins with a form of address.

    Why: honorifics have a field and a closed list of their own, so that a person is found by the name, and so that
    none is kept that discloses more than an office needs: Mr, Mrs, Ms and Miss tell sex and marriage.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other
        honorific: Dame

    Fails:

        --- people/ann-other.yaml
        name: Dame Ann Other # <- honorific-in-name
    """
    for person in look.registry.people.values():
        first, _, rest = person.name.partition(" ")
        word = first.rstrip(".").casefold()
        if rest and (word in _DISCLOSING or word in _TITLES):
            help = (
                "Leave it out: it tells more than the office needs."
                if word in _DISCLOSING
                else "Put it under 'honorific', if it is one of those listed there; else leave it out."
            )
            message = f"'{shortened(first, 20)}' is a form of address, and no part of the name."
            yield found(person.source.at("name"), message, help)


@rule("error")
def name_with_additions(look: Look) -> Iterator[Problem]:
    """A person's name holds more than the name: brackets, letters after it, "Rt Hon"; or is not written as a name.

    Why: whoever looks for "Ann Other" finds no "Other, Ann", and no "ann other (OBE)" in a list. Brackets in a name
    often hold a party, a pronoun or an employer, none of which belongs here. Honours and degrees are no part of a
    name; forms of address have a field of their own.

    Passes:

        --- people/ann-other.yaml
        name: Ann de la Other-O'Neill

    Fails:

        --- people/ann-other.yaml
        name: Ann Other OBE # <- name-with-additions
    """
    for person in look.registry.people.values():
        what = next((what for pattern, what in _ADDITIONS if pattern.search(person.name)), "")
        if what:
            message, help = f"{what} no part of a person's name.", "Write the name as it would be said: Ann Other."
        elif person.name.islower():
            message, help = "This name has no capital letter.", "Write it as it would be written in a letter."
        else:
            continue
        yield found(person.source.at("name"), message, help)


@rule("error")
def political_party(look: Look) -> Iterator[Problem]:
    """A file names a political party.

    Why: what party somebody belongs to reveals political opinion, a special category of personal data (UK GDPR
    Article 9). A councillor's office is public; the registry needs no more.

    Passes:

        --- people/ann-other.yaml
        name: Ann Other
        honorific: Councillor

    Fails:

        --- people/ann-other.yaml
        # Leader of the Labour group # <- political-party
        name: Ann Other
    """
    names = _Names(look)
    for path, data in look.snapshot.texts.items():
        text = readable(data)
        starts = [hit.start() for hit in _PARTY.finditer(text)]
        for hit in _PERHAPS_PARTY.finditer(text) if " (" in text else ():
            of_a_person = path.startswith("people/") or names.is_last(hit[1])
            if of_a_person or _COUNCILLOR.search(text, max(0, hit.start() - 80), hit.start()):
                starts.append(hit.end(1) + 1)
        help = "Name the office only: leader of the council, councillor, member."
        yield from _at(path, text, [(start, "This names a political party.", help) for start in sorted(starts)])


PEOPLE = (personal_data_field, personal_data, honorific_in_name, name_with_additions, political_party)
"""The rules about people."""
