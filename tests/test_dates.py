"""Dates: what each spelling means, what is refused and with which help, and the three answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fuzzing import examples
from kmics_cli.dates import (
    MONTHS,
    Answer,
    Date,
    DateError,
    Span,
    day_in_words,
    in_words,
    is_date,
    lasts,
    later,
    least,
    on,
    parse,
    shifted,
    span_in_words,
    typed,
    window,
    written,
)
from kmics_cli.shape import compiled

SCHEMA = Path(__file__).parent.parent / "schema" / "definitions.json"
PATTERN: str = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]["date"]["pattern"]

FIRST, LAST = date.min.isoformat(), date.max.isoformat()

# ------------------------------------------------------------------------------------------ in the files

MEANT = [
    ("2022-07-01", "2022-07-01", "2022-07-01"),
    ("2024-02-29", "2024-02-29", "2024-02-29"),
    ("2022-11", "2022-11-01", "2022-11-30"),
    ("2023-02", "2023-02-01", "2023-02-28"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2022", "2022-01-01", "2022-12-31"),
    ("2022-07/2022-08", "2022-07-01", "2022-08-31"),
    ("2022-07-15/2022-08", "2022-07-15", "2022-08-31"),
    ("2018/2019", "2018-01-01", "2019-12-31"),
    ("2022-07-01/2022-07-01", "2022-07-01", "2022-07-01"),
    ("../2022-04", FIRST, "2022-04-30"),
    ("../2022", FIRST, "2022-12-31"),
    ("2023/..", "2023-01-01", LAST),
    ("2023-05-06/..", "2023-05-06", LAST),
    # about: one unit wider on each side
    ("2020~", "2019-01-01", "2021-12-31"),
    ("2024-06~", "2024-05-01", "2024-07-31"),
    ("2022-01~", "2021-12-01", "2022-02-28"),
    ("2022-12~", "2022-11-01", "2023-01-31"),
    ("2022-07-01~", "2022-06-30", "2022-07-02"),
    ("unknown", FIRST, LAST),
]

REFUSED = [
    # the text, a part of the message, a part of the help
    ("2022/23", "could be a financial year", "write 2022-04-01/2023-03-31"),
    (
        "2022-23",
        "could be a financial year or a season",
        "write 2022-04-01/2023-03-31. For autumn 2022 write 2022-09/",
    ),
    ("1999/00", "could be a financial year", "write 1999-04-01/2000-03-31"),
    ("2022-21", "seasons are not used", "For spring 2022 write 2022-03/2022-05"),
    ("2022-22", "seasons are not used", "For summer 2022 write 2022-06/2022-08"),
    ("2021-24", "seasons are not used", "For winter 2021 write 2021-12/2022-02"),
    ("autumn 2022", "not a date as the files write it", "2022-09/2022-11"),
    ("Winter 2025", "not a date as the files write it", "2025-12/2026-02"),
    ("July 2022", "not a date as the files write it", "2022-07"),
    ("1 July 2022", "not a date as the files write it", "2022-07-01"),
    ("1st July 2022", "not a date as the files write it", "2022-07-01"),
    ("01/07/2022", "day and month could be mistaken", "For 1 July 2022 write 2022-07-01"),
    ("01/07/22", "day and month could be mistaken", "For 1 July 2022 write 2022-07-01"),
    ("31/02/2022", "not a date", ""),
    ("2022-02-30", "February 2022 has no day 30", ""),
    ("2023-02-29", "February 2023 has no day 29", ""),
    ("2022-13", "not a date", "look like"),
    ("2022-00", "not a date", "look like"),
    ("2022/2022-13", "not a date", "look like"),
    ("2022-07-00", "July 2022 has no day 0", ""),
    ("2022-08/2022-07", "ends before it begins", "earlier date first"),
    ("../..", "no end on either side", "unknown"),
    ("../unknown", "not a date", ""),
    ("2020~/2022", "not a date", ""),
    ("2020/2022~", "not a date", ""),
    ("~2020", "not a date", ""),
    ("2020?", "not a date", ""),
    ("2020/2021/2022", "not a date", ""),
    ("0999", "too early", ""),
    ("2022-7-1", "not a date", ""),
    ("2022-07-01T00:00", "not a date", ""),
    ("2022-07-01\n", "not a date", ""),
    (" 2022-07-01", "not a date", ""),
    ("２０２２-07-01", "not a date", ""),
    ("٢٠٢٢", "not a date", ""),
    ("Unknown", "not a date", ""),
    ("now", "not a date", ""),
    ("", "not a date", ""),
]


@pytest.mark.parametrize(("text", "earliest", "latest"), MEANT)
def test_what_a_spelling_means(text: str, earliest: str, latest: str) -> None:
    meant = parse(text)
    assert (meant.earliest.isoformat(), meant.latest.isoformat()) == (earliest, latest)
    assert meant.text == text
    assert is_date(text)
    assert meant.bounded == (earliest != FIRST and latest != LAST)


@pytest.mark.parametrize(("text", "message", "help"), REFUSED)
def test_what_is_refused_and_with_which_help(text: str, message: str, help: str) -> None:
    with pytest.raises(DateError) as refused:
        parse(text)
    assert message in refused.value.message
    assert help in refused.value.help
    assert not is_date(text)


def test_a_refusal_does_not_repeat_a_long_or_hidden_text() -> None:
    for text in ("x" * 10_000, "2022\x1b[31m", "\u202e2202"):
        with pytest.raises(DateError) as refused:
            parse(text)
        assert len(refused.value.message) < 100
        assert refused.value.message.isprintable()


@st.composite
def parts(draw: st.DrawFn) -> str:
    """A day, a month or a year."""
    day = draw(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
    return draw(st.sampled_from([f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}"])).zfill(4)


@st.composite
def file_dates(draw: st.DrawFn) -> str:
    """A date of any of the kinds that files may hold."""
    one, other = sorted([draw(parts()), draw(parts())])
    forms = [one, f"{one}~", f"{one}/{other}", f"../{one}", f"{one}/..", "unknown"]
    return draw(st.sampled_from(forms))


LIKE_DATES = st.text("0123456789-/~. ", max_size=24) | st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        ["", "../", "01/", "1 ", "31st ", "spring ", "winter ", "July ", "Dec. ", "2000/", "0000-", "May "]
    ),
    st.integers(0, 9999).map("{:04}".format),
    st.sampled_from(
        ["", "-01", "-12", "-12-31", "-01-01", "-21", "-24", "/00", "-00", "-23", "/24", "/0000", "/9999"]
    ),
    st.sampled_from(["", "~", "/..", "..", "/9999-12", "..9999-12-31", "..December 9999"]),
)


@settings(max_examples=examples(500), deadline=None)
@given(file_dates())
def test_a_date_of_the_files_is_read_and_keeps_its_text(text: str) -> None:
    assume(text.count("/") != 1 or ".." in text or _ordered(text))
    meant = parse(text)
    assert meant.text == text
    assert meant.earliest <= meant.latest
    assert parse(meant.text) == meant


def _ordered(window: str) -> bool:
    head, _, tail = window.partition("/")
    return parse(head).earliest <= parse(tail).latest


@settings(max_examples=examples(2_000), deadline=None)
@given(LIKE_DATES | st.text(max_size=30))
@example("9999-12-31~")
@example("9999-12")
@example("9999~")
@example("0000-21")
@example("9999/00")
@example("winter 9999")
@example("autumn 0000")
@example("1 July 0000")
@example("autumn 0500")
@example("9999-12-31..9999-12-31")
@example("ſpring 2022")
@example("2022/2022-13")
@example("9998-12-31")
def test_no_text_does_more_than_be_refused(text: str) -> None:
    """Whatever stands in a file or on the command line: days in order, or a `DateError`, and nothing else."""
    with suppress(DateError):
        meant = parse(text)
        assert meant.earliest <= meant.latest
        assert in_words(meant)
    with suppress(DateError):
        span = typed(text)
        assert span.first <= span.last


@settings(max_examples=examples(500), deadline=None)
@given(st.text(max_size=20) | st.from_regex(r"[0-9]{1,3} (day|week|month|year)s?", fullmatch=True))
def test_no_length_does_more_than_be_refused(length: str) -> None:
    with suppress(DateError):
        assert later(date(2022, 7, 1), length) > date(2022, 7, 1)


OFFER = re.compile(r"\b[Ww]rite (?:\"([^\"]+)\"|(\S+?))\.?(?= |\Z)")


def offered(text: str) -> list[str]:
    """Return the spellings that the refusal of `text` offers."""
    with pytest.raises(DateError) as refused:
        parse(text)
    return [quoted or plain for quoted, plain in OFFER.findall(refused.value.help)]


YEARS = st.integers(1000, 2998)
SEASONS = st.sampled_from(["spring", "summer", "autumn", "winter", "Autumn"])


@settings(max_examples=examples(500), deadline=None)
@given(
    st.one_of(
        YEARS.map(lambda year: f"{year}/{(year + 1) % 100:02}"),
        st.builds("{}-{}".format, YEARS, st.integers(21, 24)),
        st.builds("{} {}".format, SEASONS, YEARS),
        st.builds("{} {}".format, st.sampled_from(MONTHS), YEARS),
        st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(lambda day: day_in_words(day)),
        st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(lambda day: f"{day.day}/{day.month:02}/{day.year:04}"),
        st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day:%d/%m/%y}"),
    )
)
def test_what_a_refusal_offers_is_accepted(text: str) -> None:
    spellings = offered(text)
    assert spellings
    assert all(is_date(spelling) for spelling in spellings), spellings


def test_what_is_offered_is_a_date_or_nothing_for_days_that_are_not() -> None:
    """31 February has no right spelling: none must be offered that is refused in turn."""
    for text in ("31/02/2022", "30/02/22", "31/04/2022", "29/02/2023", "01/07/0999", "July 0999", "autumn 0999"):
        assert all(is_date(spelling) for spelling in offered(text)), text


# --------------------------------------------------------------------------------------------- the pattern


@settings(max_examples=examples(500), deadline=None)
@given(file_dates() | LIKE_DATES)
def test_the_schemas_pattern_lets_through_all_that_is_read(text: str) -> None:
    if is_date(text):
        assert compiled(PATTERN).search(text)


@settings(max_examples=examples(500), deadline=None)
@given(st.from_regex(compiled(PATTERN), fullmatch=True))
def test_what_the_pattern_lets_through_beyond_that_is_no_other_kind_of_date(text: str) -> None:
    """An editor knows only the pattern: it misses days that no month has, and windows the wrong way round."""
    if not is_date(text):
        with pytest.raises(DateError, match=r"has no day|ends before it begins|is too early|is too late"):
            parse(text)


@pytest.mark.parametrize(
    "text", [text for text, message, _ in REFUSED if "not a date" in message or "season" in message]
)
def test_the_pattern_refuses_seasons_words_and_slashes(text: str) -> None:
    assert not compiled(PATTERN).search(text)


# ------------------------------------------------------------------------------------- on the command line

TYPED = [
    ("2022-07-01", "2022-07-01"),
    ("2022-07", "2022-07-01..2022-07-31"),
    ("2022", "2022-01-01..2022-12-31"),
    ("2022-07/2022-08", "2022-07-01..2022-08-31"),
    ("1 July 2022", "2022-07-01"),
    ("1st july 2022", "2022-07-01"),
    ("22nd Nov 2026", "2026-11-22"),
    ("03 Sept. 2022", "2022-09-03"),
    ("July 2022", "2022-07-01..2022-07-31"),
    ("  JULY   2022 ", "2022-07-01..2022-07-31"),
    ("Feb 2024", "2024-02-01..2024-02-29"),
    ("May, 2022", "2022-05-01..2022-05-31"),
    ("spring 2025", "2025-03-01..2025-05-31"),
    ("autumn 2025", "2025-09-01..2025-11-30"),
    ("winter 2023", "2023-12-01..2024-02-29"),
    ("2022/23", "2022-04-01..2023-03-31"),
    ("1999/00", "1999-04-01..2000-03-31"),
    ("2022-23", "2022-04-01..2023-03-31"),
    ("2009-10", "2009-10-01..2009-10-31"),  # a month first
    ("2022-07-01..2022-07-31", "2022-07-01..2022-07-31"),
    ("July 2022..1 September 2022", "2022-07-01..2022-09-01"),
    ("2022 .. 2023", "2022-01-01..2023-12-31"),
    ("2021/22..2022/23", "2021-04-01..2023-03-31"),
    ("2022-07-01..2022-07-01", "2022-07-01"),
]

NOT_TYPED = [
    ("01/07/22", "day and month could be mistaken"),
    ("1/7/2022", "day and month could be mistaken"),
    ("01-07-2022", "day and month could be mistaken"),
    ("01.07.22", "day and month could be mistaken"),
    ("01/07/22..2023", "day and month could be mistaken"),
    ("31 June 2022", "June 2022 has no day 31"),
    ("29 February 2023", "February 2023 has no day 29"),
    ("2022-02-30", "February 2022 has no day 30"),
    ("2023..2022", "ends before it begins"),
    ("2023-02/2022-01", "ends before it begins"),
    ("../2022-04", "not a day to ask about"),
    ("2023/..", "not a day to ask about"),
    ("2022..", "not a day to ask about"),
    ("..2022", "not a day to ask about"),
    ("2020~", "not a day to ask about"),
    ("unknown", "not a day to ask about"),
    ("2022-13", "not a date"),
    ("2022-00", "not a date"),
    ("July", "not a date"),
    ("1 2022", "not a date"),
    ("ju 2022", "not a date"),
    ("Ju 2022", "not a date"),
    ("Mai 2022", "not a date"),
    ("1 autumn 2022", "not a date"),
    ("next week", "not a date"),
    ("", "not a date"),
    ("July 0999", ""),
    ("autumn 0999", ""),
    ("2999/00", "too late"),  # found by the guided fuzz: its last day lies beyond what a file may say
    ("2999-00", "too late"),
    ("winter 2999", "too late"),
    ("0999", ""),
]


@pytest.mark.parametrize(("text", "span"), TYPED)
def test_people_write_dates_as_they_do(text: str, span: str) -> None:
    assert typed(text).text == span


@pytest.mark.parametrize(("text", "message"), NOT_TYPED)
def test_what_could_mean_two_days_or_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(DateError) as refused:
        typed(text)
    assert message in refused.value.message
    assert refused.value.help


@settings(max_examples=examples(500), deadline=None)
@given(
    st.sampled_from([text for text, _ in TYPED])
    | parts()
    | st.builds("{} {}".format, SEASONS, YEARS)
    | st.builds("{}..{}".format, st.integers(1000, 1999), parts().filter(lambda part: part >= "2"))
)
def test_what_was_typed_can_be_written_in_a_file(text: str) -> None:
    span = typed(text)
    again = parse(written(span).strip('"'))
    assert (again.earliest, again.latest) == (span.first, span.last)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("1 July 2022", "2022-07-01"),
        ("July 2022", "2022-07"),
        ("December 2022", "2022-12"),
        ("2022", '"2022"'),  # in a file another reader would see a number
        ("autumn 2025", "2025-09/2025-11"),
        ("2022/23", "2022-04-01/2023-03-31"),
        ("2 July 2022..9 July 2022", "2022-07-02/2022-07-09"),
        ("2021..2022", "2021-01/2022-12"),
    ],
)
def test_written(text: str, spelling: str) -> None:
    assert written(typed(text)) == spelling


# ------------------------------------------------------------------------------------------ three answers

BASE = date(2022, 7, 1)
SPAN_DAYS = range(2, 6)  # the days asked about; possible starts and ends reach beyond them on both sides
ALL_DAYS = range(8)


def day(number: int) -> date:
    return BASE + timedelta(number)


def windows() -> Iterator[tuple[Date | None, range]]:
    """Yield every window of `ALL_DAYS`, with the days in it; those to the edge also as open ones."""
    for first in ALL_DAYS:
        for last in range(first, len(ALL_DAYS)):
            yield Date("", day(first), day(last)), range(first, last + 1)
    for last in ALL_DAYS:
        yield Date("", date.min, day(last)), range(last + 1)
    for first in ALL_DAYS:
        yield Date("", day(first), date.max), range(first, len(ALL_DAYS))
    yield parse("unknown"), ALL_DAYS


def spans() -> Iterator[tuple[Span, range]]:
    for first in SPAN_DAYS:
        for last in range(first, SPAN_DAYS.stop):
            yield Span(day(first), day(last)), range(first, last + 1)


def brute(starts: range, ends: range, asked: range) -> Answer | None:
    """Return the answer by trying every possible start with every possible end; None if they contradict."""
    tried = [start <= asked[-1] and end >= asked[0] for start in starts for end in ends if start <= end]
    if not tried:
        return None
    return Answer.YES if all(tried) else Answer.POSSIBLY if any(tried) else Answer.NO


def test_lasts_agrees_with_trying_every_possible_start_and_end() -> None:
    """Yes: so in these days whichever the true start and end are. No: in none of the cases."""
    beyond = range(len(ALL_DAYS), len(ALL_DAYS) + 1)  # no end recorded: it lasts longer than anybody asks
    starts = [*windows(), (None, ALL_DAYS)]
    ends = [*windows(), (None, beyond)]
    wrong = []
    for start, from_ in starts:
        for end, to in ends:
            for span, asked in spans():
                expected = brute(from_, to, asked)
                if expected is not None and lasts(start, end, span) is not expected:
                    wrong.append((start, end, span.text, lasts(start, end, span).value, expected.value))
    assert not wrong, f"{len(wrong)} wrong, among them: {wrong[:: max(1, len(wrong) // 5)]}"


@pytest.mark.parametrize(
    ("start", "end", "span", "answer"),
    [
        ("2022-07-01", None, "2022-06-30", Answer.NO),
        ("2022-07-01", None, "2022-07-01", Answer.YES),
        ("2013-04-01", "2022-06-30", "2022-06-30", Answer.YES),  # the last day is included
        ("2013-04-01", "2022-06-30", "2022-07-01", Answer.NO),
        ("2022-07", None, "2022-07-15", Answer.POSSIBLY),
        ("2022-07", None, "2022-08-01", Answer.YES),
        ("2022-07/2022-08", None, "2022-08-30", Answer.POSSIBLY),
        ("unknown", None, "1950-01-01", Answer.POSSIBLY),
        ("2020", "unknown", "2019-12-31", Answer.NO),
        ("2020", "unknown", "2025-01-01", Answer.POSSIBLY),
        ("../2019-03", "2020/..", "2019-06-01", Answer.YES),
        ("../2019-03", "2020/..", "2020-06-01", Answer.POSSIBLY),
        ("unknown", "2022-06-30", "2022-06-30", Answer.YES),  # whoever left that day was there that day
        ("2022-07-01", "2022-07-31", "2022-06-15..2022-07-15", Answer.YES),
        ("2022-07-20", None, "2022-07-01..2022-07-31", Answer.YES),
        ("2022-07-02/2022-07-05", "2022-07-10/2022-07-12", "2022-07-01..2022-07-31", Answer.YES),
    ],
)
def test_lasts(start: str, end: str | None, span: str, answer: Answer) -> None:
    assert lasts(parse(start), parse(end) if end else None, typed(span)) is answer


def test_least() -> None:
    assert least() is Answer.YES
    assert least(Answer.YES, Answer.POSSIBLY) is Answer.POSSIBLY
    assert least(Answer.POSSIBLY, Answer.NO, Answer.YES) is Answer.NO


# ---------------------------------------------------------------------------------------- lengths of time


@pytest.mark.parametrize(
    ("start", "days", "text"),
    [
        ("2022-07-01", -1, "2022-06-30"),
        ("2022-02-28", 1, "2022-03-01"),
        ("2022-07", -1, "2022-06-30/2022-07-30"),
        ("2022-07/2022-08", -1, "2022-06-30/2022-08-30"),
        ("2023/..", -1, "2022-12-31/.."),
        ("../2022-04", -1, "../2022-04-29"),
        ("unknown", -1, "unknown"),
    ],
)
def test_a_vague_day_is_shifted_whole(start: str, days: int, text: str) -> None:
    found = shifted(parse(start), days)
    assert found.text == text
    assert found == parse(text)
    assert shifted(found, 0) == window(found.earliest, found.latest) == found


@settings(max_examples=examples(300), deadline=None)
@given(file_dates(), st.sampled_from([-1, 1]))
@example("1000-01-01", -1)
@example("1000~", -1)
@example("2999-12-31", 1)
@example("2999~", 1)
def test_whatever_a_file_says_can_be_shifted(text: str, days: int) -> None:
    assume(text.count("/") != 1 or ".." in text or _ordered(text))
    found = shifted(parse(text), days)
    assert found == parse(found.text)
    assert in_words(found)


def walked(start: date, months: int) -> date:
    """Return the day that many months on, one month at a time; the last of a month that is too short."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(start.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, start.day)


@settings(max_examples=examples(300), deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(1, 200))
@example(date(2024, 2, 29), 12)
@example(date(2023, 1, 31), 1)
@example(date(2023, 12, 31), 2)
def test_later_agrees_with_a_walk_through_the_calendar(start: date, number: int) -> None:
    assert later(start, f"{number} months") == walked(start, number)
    assert later(start, f"{number} year") == walked(start, 12 * number)
    assert later(start, f"{number} days") == start + timedelta(number)
    assert later(start, f"{number} weeks") == start + timedelta(7 * number)


@pytest.mark.parametrize(
    "length", ["", "12", "months", "0 months", "1000 days", "12  months", "a year", "-1 day", "1 day\n"]
)
def test_what_is_no_length_of_time(length: str) -> None:
    with pytest.raises(DateError) as refused:
        later(BASE, length)
    assert "12 months" in refused.value.help


# ------------------------------------------------------------------------------------------------ in words

WORDS = [
    ("2022-07-01", "1 July 2022"),
    ("2022-07", "July 2022"),
    ("2022", "2022"),
    ("2022-07/2022-08", "July or August 2022"),
    ("2021-12/2022-01", "December 2021 or January 2022"),
    ("2018/2019", "2018 or 2019"),
    ("2021-02/2022-04", "between February 2021 and April 2022"),
    ("2022-09/2022-11", "between September and November 2022"),
    ("2023/..", "2023 or later"),
    ("../2022-04", "April 2022 or earlier"),
    ("2020~", "about 2020"),
    ("2024-06~", "about June 2024"),
    ("2022-04-01/2023-03-31", "between 1 April 2022 and 31 March 2023"),
    ("unknown", "not recorded"),
]


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_in_words(text: str, words: str) -> None:
    assert in_words(parse(text)) == words


def test_in_words_for_none() -> None:
    assert in_words(None) == "not recorded"
    assert in_words(None, "no end recorded") == in_words(parse("unknown"), "no end recorded") == "no end recorded"


@settings(max_examples=examples(500), deadline=None)
@given(file_dates())
def test_words_hold_no_codes(text: str) -> None:
    """No month in digits, no hyphen or slash for a range, no sign to be learnt."""
    assume(text.count("/") != 1 or ".." in text or _ordered(text))
    words = in_words(parse(text))
    assert not re.search(r"[-–/~]|\.\.", words)
    assert re.fullmatch(r"[A-Za-z0-9 ]+", words)
    for number in re.findall(r"[0-9]+", words):
        assert len(number) == 4 or re.search(rf"\b{number} [A-Z]", words), words
    if "-" in text:
        assert any(month in words for month in MONTHS)


def test_days_and_spans_in_words() -> None:
    assert day_in_words(date(2022, 7, 1)) == "1 July 2022"
    assert span_in_words(on(date(2022, 7, 1))) == "1 July 2022"
    assert span_in_words(typed("2022/23")) == "1 April 2022 to 31 March 2023"
    assert on(BASE).one_day
    assert not typed("July 2022").one_day
