"""Numbers and dates as people write them: read back as they were meant, and never an error."""

import math
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenfold.models.cells.parsing import date_order, number_words, read_date, read_number

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
FORMS = {
    "%Y-%m-%d": "year", "%Y/%m/%d %H:%M:%S": "year", "%Y-%m-%dT%H:%M:%SZ": "year", "%d.%m.%Y": "day",
    "%m/%d/%Y %I:%M %p": "month", "%m/%d/%y": "month", "%d/%m/%y": "day", "%d-%b-%Y": "name", "%B %d, %Y": "name",
    "%d. %b %Y": "name", "%d %B %Y %H:%M": "name",
}  # fmt: skip
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31))  # noqa: DTZ001


@settings(max_examples=60, deadline=None)
@given(moment=MOMENTS, form=st.sampled_from(list(FORMS)))
@example(moment=datetime(2024, 2, 29, 12, 5), form="%m/%d/%Y %I:%M %p")  # noqa: DTZ001
@example(moment=datetime(2024, 12, 31, 0, 5), form="%m/%d/%Y %I:%M %p")  # noqa: DTZ001
def test_a_date_is_read_as_it_was_written(moment, form):
    text = moment.strftime(form)
    first = "month" if FORMS[form] == "month" else "day"
    written = (datetime.strptime(text, form) - EPOCH) / timedelta(days=1)  # noqa: DTZ007
    assert read_date(text, first) == pytest.approx(written, abs=1e-9)
    assert date_order(text) in {FORMS[form], "either"}


@pytest.mark.parametrize("text", ["2024-07", "7/2024", "Jul 2024", "july-2024"])
def test_a_month_is_its_first_day(text):
    assert read_date(text, "day") == read_date("2024-07-01", "day")
    assert date_order(text) == "name"


@settings(max_examples=60, deadline=None)
@given(
    value=st.decimals(-(10**9), 10**9, places=2),
    unit=st.sampled_from(["", " kg", "%", " €", "km/h"]),
    decimal=st.sampled_from(["point", "comma"]),
)
def test_a_number_is_read_as_it_was_written(value, unit, decimal):
    text = f"{value:,.2f}"
    if decimal == "comma":
        text = text.translate(str.maketrans(",.", ".,"))
    assert read_number(text + unit, decimal) == float(value)
    assert read_number(text.replace("-", "\u2212") + unit, decimal) == float(value)
    if value < 0:
        assert read_number(f"({text[1:]})", decimal) == float(value)
        assert read_number(f"-${text[1:]}", decimal) == float(value)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=70), st.from_regex(r"[0-9()$€+,.:/ apmAPMjanJAN\-]{0,30}", fullmatch=True)))
@example("31 aug\u017ft 2024")
@example("99:99")
@example("0000-01-01")
@example("13:30 pm")
def test_no_text_is_an_error(text):
    date_order(text)
    number_words(text)
    for first in ("day", "month"):
        read_date(text, first)
    for decimal in ("point", "comma"):
        assert not math.isinf(read_number(text, decimal))


@pytest.mark.parametrize(
    "text", ["(5", "5)", "--5", "$5 €", "12 34", "24:00", "30 Feb 2024", "1.2.3", "13/2024", "0/2024"]
)
def test_what_only_looks_like_one_is_none(text):
    assert math.isnan(read_date(text, "day"))
    assert math.isnan(read_number(text, "point"))
