"""What a duty asks, in the words of the vocabulary: as it stands in the file, without what is left out."""

from __future__ import annotations

from kmics_cli.model import Requires, SeatSort
from kmics_cli.query.parts import Answered


def asks(requires: Requires) -> Answered:
    """Return what a duty requires: `{word: what it asks}`, as `docs/registry.md` (Requirements) writes it."""
    found = requires
    if seats := found.seats:
        return {
            "seats": _told(
                of=_sort(seats.of),
                exactly=seats.exactly,
                at_least=seats.at_least,
                at_most=seats.at_most,
                held=seats.held or None,
            )
        }
    if apart := found.holds_no_role_in:
        return {
            "holds_no_role_in": {
                "of": _sort(apart.of),
                "kinds": list(apart.kinds),
                **({"as": list(apart.as_)} if apart.as_ else {}),
                **({"except": _sort(apart.except_)} if apart.except_ else {}),
            }
        }
    if committee := found.committee:
        chaired_by = _sort(committee.chaired_by) if committee.chaired_by else None
        return {"committee": _told(kind=committee.kind, chaired_by=chaired_by)}
    if document := found.document:
        return {"document": _told(kind=document.kind, reviewed_within=document.reviewed_within)}
    return _told(
        rotation_kept=found.rotation_kept,
        quorum_without_chair=found.quorum_without_chair,
        judgement=found.judgement,
    )


def _told(**parts: object) -> Answered:
    return {name: part for name, part in parts.items() if part is not None}


def _sort(sort: SeatSort) -> Answered:
    """Return a sort of seat: the words that it uses, each with its list."""
    return {
        name: list(words)
        for name, words in (
            ("member_type", sort.member_type),
            ("focus", sort.focus),
            ("nominated_by", sort.nominated_by),
            ("appointed_by", sort.appointed_by),
            ("approved_by", sort.approved_by),
            ("designated", sort.designated),
            ("on_behalf_of", sort.on_behalf_of),
            ("not_chair_of", sort.not_chair_of),
        )
        if words
    }
