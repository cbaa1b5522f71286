"""Which rows of a dry run were ticked."""

from django.http import QueryDict

from assessments.forms.workbooks import Ticks


def test_a_tick_names_an_answer_and_the_version_that_was_on_the_page():
    sent = QueryDict("accept=12:3&accept=13:0&overwrite=14:7")
    assert Ticks.sent(sent) == Ticks({12: 3, 13: 0}, {14: 7})


def test_what_is_no_tick_is_left_out():
    assert Ticks.sent(QueryDict("accept=&accept=x&accept=1&accept=1:&accept=-1:0&accept=1:2:3")) == Ticks()
