"""Dates as a record can know them: text in, an earliest and a latest day out, and three answers.

The files use a subset of EDTF (ISO 8601-2): a day, a month, a year, a window `A/B` ("one day within it"),
an open window `../B` or `A/..`, `A~` for about, and `unknown`. No seasons: to EDTF `2022-23` is autumn,
to the NHS it is a financial year. People at the command line may write more than the files may.
Nothing here reads the clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_LOOKS = "Dates look like 2022-07-01, 2022-07, 2022-07/2022-08, ../2022-04 or unknown."
_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(~?)\Z")
_FINANCIAL = re.compile(r"([0-9]{4})[-/]([0-9]{2})\Z")
_LENGTH = re.compile(r"([1-9][0-9]{0,2}) (day|week|month|year)s?\Z")
_FIRST, _LAST = date(1000, 1, 1), date(2999, 12, 31)  # no record is about days beyond: reckoning stays inside
UNKNOWN = "unknown"


class DateError(ValueError):
    """A date that cannot be read: `message` says what is wrong, `help` what to write."""

    def __init__(self, message: str, help: str = _LOOKS) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Answer(StrEnum):
    """The three answers to "was it so on that day?"."""

    YES = "yes"
    POSSIBLY = "possibly"
    NO = "no"


def least(*answers: Answer) -> Answer:
    """Return the weakest of the answers: no before possibly before yes; yes for none at all."""
    if Answer.NO in answers:
        return Answer.NO
    return Answer.POSSIBLY if Answer.POSSIBLY in answers else Answer.YES


@dataclass(frozen=True, slots=True)
class Date:
    """A date as written, with the first and the last day it can mean (`date.min`/`date.max`: open)."""

    text: str
    earliest: date
    latest: date

    @property
    def bounded(self) -> bool:
        """Whether both ends are known."""
        return self.earliest > date.min and self.latest < date.max


@dataclass(frozen=True, slots=True)
class Span:
    """The day (`first == last`) or the days, both included, that a question is about."""

    first: date
    last: date

    @property
    def one_day(self) -> bool:
        """Whether the question is about one day."""
        return self.first == self.last

    @property
    def text(self) -> str:
        """The span in ISO form: a day, or `A..B`."""
        return self.first.isoformat() if self.one_day else f"{self.first.isoformat()}..{self.last.isoformat()}"


def on(day: date) -> Span:
    """Return the span of one day."""
    return Span(day, day)


@lru_cache(maxsize=65536)
def parse(text: str) -> Date:
    """Return the `Date` that `text`, as it stands in a file, means.

    Raises `DateError` for anything else, with the right spelling where it can be guessed: financial years,
    seasons, dates in words, and dates with slashes are refused in files.
    """
    if text == UNKNOWN:
        return Date(text, date.min, date.max)
    head, slash, tail = text.partition("/")
    if not slash:
        return Date(text, *_part(head, text))
    if "~" in text or "/" in tail:
        raise _refusal(text)
    earliest = date.min if head == ".." else _part(head, text)[0]
    latest = date.max if tail == ".." else _part(tail, text)[1]
    if head == tail == "..":
        raise DateError("This window has no end on either side.", "Write unknown.")
    if earliest > latest:
        raise DateError(f"The window {text} ends before it begins.", "Write the earlier date first.")
    return Date(text, earliest, latest)


def is_date(text: str) -> bool:
    """Return whether `text` is a date as the files write it: the schema's format `kmics-date`."""
    try:
        parse(text)
    except DateError:
        return False
    return True


def _part(part: str, whole: str) -> tuple[date, date]:
    found = _PART.match(part)
    if not found:
        raise _refusal(whole)
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    _check_year(year)
    if found[2] and not 1 <= month <= 12:
        raise _refusal(whole)
    if found[3] and not 1 <= day <= monthrange(year, month)[1]:
        raise DateError(f"{MONTHS[month - 1]} {year} has no day {day}.")
    about = bool(found[4])
    if found[3]:
        only = date(year, month, day)
        return (only - timedelta(1), only + timedelta(1)) if about else (only, only)
    if found[2]:
        first = _month(year, month - 1 if about else month)
        return first, _month(year, month + (2 if about else 1)) - timedelta(1)
    wider = 1 if about else 0
    return date(year - wider, 1, 1), date(year + wider, 12, 31)


def _check_year(year: int) -> None:
    """Refuse a year that no record is about."""
    if not _FIRST.year <= year <= _LAST.year:
        raise DateError(f"The year {year:04} is too {'early' if year < _FIRST.year else 'late'} for a record.")


def _month(year: int, month: int) -> date:
    """Return the first day of the month that is `month - 1` months after January of `year`."""
    years, index = divmod(month - 1, 12)
    return date(year + years, index + 1, 1)


def _refusal(text: str) -> DateError:
    """Return the error for `text`, with the spelling that was probably meant."""
    if (financial := _FINANCIAL.match(text)) and 1000 <= int(financial[1]) <= 2998:
        year, short = int(financial[1]), int(financial[2])
        if (year + 1) % 100 == short:
            help = f"For the financial year {year}/{short:02} write {year}-04-01/{year + 1}-03-31."
            if 21 <= short <= 24 and "-" in text:
                help += f" For {list(_SEASONS)[short - 21]} {year} write {_season(year, short - 21)}."
            return DateError(f"{text} is not a date: it could be a financial year or a season.", help)
        if 21 <= short <= 24 and "-" in text:
            help = f"For {list(_SEASONS)[short - 21]} {year} write {_season(year, short - 21)}."
            return DateError(f"{text} is not a date: seasons are not used in files.", help)
    if slashed := re.match(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})\Z", text):
        day, month, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
        year += 2000 if year < 100 else 0
        iso = f"{year:04}-{month:02}-{day:02}"
        if is_date(iso):
            help = f"For {day} {MONTHS[month - 1]} {year} write {iso}."
            return DateError(f"{text} is not a date here: day and month could be mistaken.", help)
    if re.search("[A-Za-z]", text):
        try:
            meant = _typed(text)
        except DateError:
            return DateError(f"{_cut(text)} is not a date.")
        return DateError(f"{_cut(text)} is not a date as the files write it.", f"Write {written(meant)}.")
    return DateError(f"{_cut(text)} is not a date.")


def _season(year: int, index: int) -> str:
    first = date(year, 3 * index + 3, 1)
    return f"{first:%Y-%m}/{_month(year, 3 * index + 5):%Y-%m}"


def _cut(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")


def written(span: Span) -> str:
    """Return the span as the files would write it: `2022-07` for the whole of July 2022."""
    first, last = span.first, span.last
    if first == last:
        return first.isoformat()
    if last == _month(first.year, first.month + 1) - timedelta(1) and first.day == 1:
        return f"{first:%Y-%m}"
    if (first.month, first.day, last.month, last.day, last.year) == (1, 1, 12, 31, first.year):
        return f'"{first.year:04}"'
    a_year_from_april = (first.month, last.month, last.year - first.year) == (4, 3, 1)
    if first.day == 1 and (last + timedelta(1)).day == 1 and not a_year_from_april:
        return f"{first:%Y-%m}/{last:%Y-%m}"
    return f"{first.isoformat()}/{last.isoformat()}"


def typed(text: str) -> Span:
    """Return the days that somebody means who types `text` at the command line.

    Takes what the files take, and "1 July 2022", "July 2022", "2022", "autumn 2025", the financial year
    "2022/23", and `A..B` of any of these. Raises `DateError` for 01/07/22 and for what cannot be read.
    """
    text = " ".join(text.split())
    head, dots, tail = text.partition("..")
    if dots and head and tail and not head.endswith("/") and not tail.startswith("/"):
        first, last = _typed(head.strip()), _typed(tail.strip())
        if first.first > last.last:
            raise DateError(f"{text} ends before it begins.", "Write the earlier day first.")
        return Span(first.first, last.last)
    return _typed(text)


def _typed(text: str) -> Span:
    low = text.casefold()
    looks = (
        "Write a day (1 July 2022 or 2022-07-01), a month (July 2022), a year (2022) or a financial year (2022/23)."
    )
    if low == UNKNOWN or ".." in low or "~" in low:
        raise DateError(f"{_cut(text)} is not a day to ask about.", looks)
    for year in re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", low):
        _check_year(int(year))
    if (financial := re.match(r"([0-9]{4})/([0-9]{2}|[0-9]{4})\Z", low)) or (
        financial := re.match(r"([0-9]{4})-([0-9]{2})\Z", low)
    ):
        year, next_year = int(financial[1]), int(financial[2])
        if next_year in ((year + 1) % 100, year + 1) and not ("-" in low and 1 <= next_year <= 12):
            _check_year(year + 1)
            return Span(date(year, 4, 1), date(year + 1, 3, 31))
    if words := re.match(r"(?:([0-9]{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})\.?,? ([0-9]{4})\Z", low):
        year = int(words[3])
        months = [n for n, name in enumerate(MONTHS, 1) if name.casefold().startswith(words[2])]
        if words[2] in _SEASONS and not words[1]:
            start = _SEASONS[words[2]]
            last = _month(year, start + 3) - timedelta(1)
            _check_year(last.year)
            return Span(date(year, start, 1), last)
        if len(months) == 1:
            if not words[1]:
                return Span(date(year, months[0], 1), _month(year, months[0] + 1) - timedelta(1))
            if 1 <= int(words[1]) <= monthrange(year, months[0])[1]:
                return on(date(year, months[0], int(words[1])))
            raise DateError(f"{MONTHS[months[0] - 1]} {year} has no day {int(words[1])}.", looks)
    if re.match(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\Z", low):
        raise DateError(f"{_cut(text)} is not taken: day and month could be mistaken.", looks)
    if not re.match(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?\Z", low):
        raise DateError(f"{_cut(text)} is not a date.", looks)
    if re.match(r"[0-9]{4}-(1[3-9]|[2-9][0-9]|00)\Z", low):
        raise DateError(f"{_cut(text)} is not a date.", looks)
    try:
        meant = parse(low)
    except DateError as error:
        raise DateError(error.message, looks) from None
    return Span(meant.earliest, meant.latest)


def lasts(start: Date | None, end: Date | None, span: Span) -> Answer:
    """Return whether something that lasted from `start` to `end` (last day, inclusive) was so in `span`.

    No start: it began on a day nobody recorded. No end: no end is recorded. Yes: whichever of its possible
    days it began and ended on, it was so on one of the days of `span` at least. No: on none of them.
    """
    began = start or Date(UNKNOWN, date.min, date.max)
    latest_end = end.latest if end else date.max
    if began.earliest > span.last or latest_end < span.first or latest_end < began.earliest:
        return Answer.NO
    # it ended no earlier than it began, so that each of the two days bounds the other
    last_start = min(began.latest, latest_end)
    first_end = max(end.earliest, began.earliest) if end else date.max
    return Answer.YES if last_start <= span.last and first_end >= span.first else Answer.POSSIBLY


def later(day: date, length: str) -> date:
    """Return the day that lies `length` ("12 months", "2 years", "28 days") after `day`.

    A month that is too short gives its last day. Raises `DateError` if `length` is not a length of time.
    """
    found = _LENGTH.match(length)
    if not found:
        raise DateError(f"{_cut(length)} is not a length of time.", "Write for example 12 months or 2 years.")
    number = int(found[1])
    if found[2] in ("day", "week"):
        return min(day + timedelta(number * (7 if found[2] == "week" else 1)), _LAST)
    first = _month(day.year, day.month + number * (12 if found[2] == "year" else 1))
    return min(first.replace(day=min(day.day, monthrange(first.year, first.month)[1])), _LAST)


def shifted(when: Date, days: int) -> Date:
    """Return the date that lies `days` days later (or earlier, if negative), however vague; open ends stay open."""
    step = timedelta(days)
    earliest = when.earliest if when.earliest == date.min else when.earliest + step
    latest = when.latest if when.latest == date.max else when.latest + step
    return window(earliest, latest)


def window(earliest: date, latest: date) -> Date:
    """Return the date that lies somewhere from `earliest` to `latest`, written as the files would write it."""
    earliest = earliest if earliest == date.min else min(max(earliest, _FIRST), _LAST)
    latest = latest if latest == date.max else min(max(latest, _FIRST), _LAST)
    if earliest == date.min and latest == date.max:
        return parse(UNKNOWN)
    if earliest == latest:
        return parse(earliest.isoformat())
    head = ".." if earliest == date.min else earliest.isoformat()
    tail = ".." if latest == date.max else latest.isoformat()
    return parse(f"{head}/{tail}")


def day_in_words(day: date) -> str:
    """Return the day as the NHS writes it: "1 July 2022"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def in_words(when: Date | None, missing: str = "not recorded") -> str:
    """Return the date in words a board paper can print; `missing` for none or an unknown one.

    "1 July 2022", "July 2022", "2022", "July or August 2022", "between February 2021 and April 2022" (one
    day within it), "2023 or later", "April 2022 or earlier", "about 2020".
    """
    if when is None or when.text == UNKNOWN:
        return missing
    if when.text.endswith("~"):
        return "about " + _part_in_words(when.text[:-1])
    head, slash, tail = when.text.partition("/")
    if not slash:
        return _part_in_words(head)
    if head == "..":
        return f"{_part_in_words(tail)} or earlier"
    if tail == "..":
        return f"{_part_in_words(head)} or later"
    first, last = _part_in_words(head), _part_in_words(tail)
    if " " in first and first.split()[-1] == last.split()[-1]:
        first = first.rsplit(" ", 1)[0]  # "July", not "July 2022", before "August 2022"
    near = parse(head).latest + timedelta(1) == parse(tail).earliest
    return f"{first} or {last}" if near else f"between {first} and {last}"


def a_day_in_words(when: Date | None) -> str:
    """Return the date so that it can stand after "from", "to" and "since"."""
    words = in_words(when)
    return f"a day {words}" if words.startswith("between") else words


def _part_in_words(part: str) -> str:
    numbers = [int(number) for number in part.split("-")]
    if len(numbers) == 3:
        return day_in_words(date(*numbers))
    return f"{MONTHS[numbers[1] - 1]} {numbers[0]}" if len(numbers) == 2 else str(numbers[0])


def span_in_words(span: Span) -> str:
    """Return the span in words: "1 July 2022", or "1 April 2022 to 31 March 2023"."""
    if span.one_day:
        return day_in_words(span.first)
    return f"{day_in_words(span.first)} to {day_in_words(span.last)}"
