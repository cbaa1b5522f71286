"""What the results, gaps and method pages show, to whom, and that every figure on them is the document's."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Assessment
from assessments.report import document, paper, pdf, priority_words, sentences
from assessments.report import words as figures
from standards.models import Domain, Scoring, Standard, Wording
from tests import factories
from tests.factories import answer

PAGES = ("results", "gaps", "method")


def read(assessment):
    return document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=date(2026, 11, 20))


def page(client, name, assessment, query=""):
    response = client.get(reverse(name, args=[assessment.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    """The text of a page as a reader meets it."""
    return re.sub(r"\s+", " ", unescape(strip_tags(html)))


@pytest.fixture
def uneven(assessment):
    answer(assessment, PR1="0123", PR2="11?3", PF3="1.2-")
    return assessment


@pytest.fixture
def ready(assessment):
    answer(assessment, PR1="3333", PR2="3333", PF3="3333")
    return assessment


@pytest.mark.parametrize("name", PAGES)
def test_a_viewer_sees_every_page_of_results(sign_in, vera, uneven, name):
    assert uneven.site.name in page(sign_in(vera), name, uneven)


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(sign_in, charlie, uneven, name):
    assert sign_in(charlie).get(reverse(name, args=[uneven.pk])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_only_read(sign_in, alice, uneven, name):
    assert sign_in(alice).post(reverse(name, args=[uneven.pk])).status_code == 405


def test_the_figures_of_the_page_are_those_of_the_document(sign_in, vera, uneven):
    found, text = read(uneven), words(page(sign_in(vera), "results", uneven))
    assert f"Score {found.figure.percent}%" in text
    assert sentences.ceiling(found.figure) in text
    assert found.lead in text
    for domain in found.domains:
        title = sentences.bar_title(domain.title, domain.figure, domain.target)
        assert f"{domain.title} {domain.figure.percent}% {title}" in text
        assert sentences.domain_distance(domain) in text
    for item in found.items:
        assert re.search(rf"{item.code} {item.title} .*?score {item.figure.percent}%", text)
    for part in found.gaps:
        assert sentences.gap_words(part.gap, leads_to_audit=True).sum in text
    assert text.count(", blocker") == len(found.blockers) == 2


def test_the_headline_is_the_verdict(sign_in, vera, uneven):
    html = page(sign_in(vera), "results", uneven)
    heading = words(re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1]).strip()
    assert heading == read(uneven).headline


def test_a_not_known_answer_lowers_the_score_but_not_the_ceiling(sign_in, vera, ready):
    before = words(page(sign_in(vera), "results", ready))
    answer(ready, PR1="333?")
    after = words(page(sign_in(vera), "results", ready))
    assert "Score 100%" in before
    assert "Score 95%" in after  # Topic 1 holds 10 of 60 points, a quarter of them is not shown
    assert "The ceiling is 100%" in after


def test_every_gap_leads_to_its_answer(sign_in, vera, uneven):
    html = page(sign_in(vera), "results", uneven)
    for part in read(uneven).gaps:
        address = reverse("item", args=[uneven.pk, part.answer.item_code])
        assert f'href="{address}#{part.answer.letter}"' in html


def test_domains_items_blockers_and_what_is_open_lead_to_their_answers(sign_in, vera, uneven):
    html = page(sign_in(vera), "results", uneven)
    home, gaps = reverse("assessment", args=[uneven.pk]), reverse("gaps", args=[uneven.pk])
    items = [reverse("item", args=[uneven.pk, item.code]) for item in read(uneven).items]
    for address in (f"{home}#PR", f"{home}#PF", f"{home}?show=open", f"{gaps}?kind=blocker", *items):
        assert f'href="{address}"' in html


def test_what_is_not_known_is_listed_apart_from_the_gaps(sign_in, vera, uneven):
    html = page(sign_in(vera), "results", uneven)
    listed = html[html.index('id="not-known"') :]
    unknown = read(uneven).unknowns[0]
    assert "One answer is not known" in listed
    assert unknown.statement in listed
    assert unknown.code not in re.findall(r'<tr role="row" id="(\w+)"', html)


def test_only_the_first_eight_gaps_stand_on_the_results_page(sign_in, vera, assessment):
    answer(assessment, PR1="1111", PR2="1111", PF3="1111")
    html = page(sign_in(vera), "results", assessment)
    assert html.count('<tr role="row" id=') == 8
    assert "Eight of 12 gaps." in words(html)


def test_with_nothing_answered_the_page_says_what_to_do_next(sign_in, bob, assessment):
    html = page(sign_in(bob), "results", assessment)
    assert "Nothing is answered yet." in html
    assert f'href="{reverse("assessment-continue", args=[assessment.pk])}"' in html
    assert "12 requirements are waiting." in html
    assert "result-gaps" not in html


def test_a_viewer_is_not_asked_to_answer(sign_in, vera, assessment):
    client = sign_in(vera)
    link = reverse("assessment-continue", args=[assessment.pk])
    assert link not in page(client, "results", assessment)
    answer(assessment, PR1="01..")
    assert link not in page(client, "results", assessment)


def test_with_too_little_answered_no_stage_is_claimed(sign_in, vera, assessment):
    answer(assessment, PR1="333.")
    html = page(sign_in(vera), "results", assessment)
    assert "Too early for a verdict: 3 of 12 answered." in words(html)
    assert 'aria-current="step"' not in html


@pytest.mark.parametrize("name", PAGES)
def test_an_assessment_in_which_nothing_applies_has_its_pages(sign_in, vera, assessment, name):
    answer(assessment, PR1="----", PR2="----", PF3="----")
    text = words(page(sign_in(vera), name, assessment))
    assert "None" not in text
    if name == "results":
        assert "Nothing here applies to this site." in text
        assert "not applicable" in text


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("start", ["....", "3333", "2222"])
def test_every_page_answers_whatever_the_answers(sign_in, vera, assessment, name, start):
    answer(assessment, PR1=start, PR2="----", PF3=start)
    assert "None%" not in words(page(sign_in(vera), name, assessment))


def test_a_site_that_is_ready_is_told_so(sign_in, vera, ready):
    text = words(page(sign_in(vera), "results", ready))
    assert "Ready to book the audit." in text
    assert "80%, met" in text
    assert "there is no gap to rank" in text


def test_without_pdf_the_page_says_why_instead_of_offering_it(sign_in, vera, uneven, monkeypatch):
    link = f'class="btn btn-primary" href="{reverse("report", args=[uneven.pk])}"'
    monkeypatch.setattr(pdf, "available", lambda: (True, ""))
    assert link in page(sign_in(vera), "results", uneven)
    monkeypatch.setattr(pdf, "available", lambda: (False, "PDF is switched off: no Pango."))
    html = page(sign_in(vera), "results", uneven)
    assert "PDF is switched off: no Pango." in html
    assert link not in html


@pytest.mark.parametrize("name", ["results", "gaps"])
def test_an_editors_text_is_shown_as_text(sign_in, vera, uneven, name, restart):
    requirement = read(uneven).gaps[0].answer
    answer_row = uneven.answers.get(pk=requirement.id)
    Wording.objects.create(requirement=answer_row.requirement, statement="<script>alert(1)</script> is kept")
    restart()
    html = page(sign_in(vera), name, uneven)
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(("items", "requirements", "sites"), [(3, 4, 1), (12, 9, 6)])
@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow(
    sign_in, vera, acme, alice, django_assert_num_queries, name, items, requirements, sites
):
    release = factories.small_release(items=items, requirements=requirements)
    for _ in range(sites):
        assessment = factories.started(factories.SiteFactory(organisation=acme), release, by=alice)
        assessment.answers.update(choice="1")
        assessment.rescore()
    client = sign_in(vera)
    page(client, name, assessment)  # the release is in memory, as it is from a process's second request on
    # Session, user, assessment; answers, evidence, metrics, actions, other sites, fit check, milestones.
    with django_assert_num_queries(9):
        page(client, name, assessment)


def test_the_gaps_page_ranks_every_gap_with_its_arithmetic(sign_in, vera, uneven):
    found, html = read(uneven), page(sign_in(vera), "gaps", uneven)
    assert re.findall(r'<tr role="row" id="(\w+)"', html) == [part.answer.code for part in found.gaps]
    text = words(html)
    assert f"{len(found.gaps)} gaps, two of them blockers" in text
    for part in found.gaps:
        assert sentences.gap_words(part.gap, leads_to_audit=True).sum in text
        assert part.answer.first_step in text
        assert part.answer.done_when in text


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ("?domain=PF", lambda part: part.answer.item_code == "PF3"),
        ("?kind=blocker", lambda part: part.gap.blocker),
        ("?kind=fundamental", lambda part: part.answer.fundamental),
        ("?effort=M", lambda part: part.gap.effort_size == "M"),
        ("?effort=S", lambda part: part.gap.effort_size == "S"),
        ("?domain=PR&kind=blocker", lambda part: part.answer.item_code != "PF3" and part.gap.blocker),
    ],
)
def test_a_filter_keeps_what_it_names_and_says_how_many(sign_in, vera, uneven, query, keeps):
    html = page(sign_in(vera), "gaps", uneven, query)
    kept = [part for part in read(uneven).gaps if keeps(part)]
    assert re.findall(r'<tr role="row" id="(\w+)"', html) == [part.answer.code for part in kept]
    current = re.findall(r'aria-current="true">([^<]*), (\d+)</a>', html)
    assert {int(count) for _, count in current} == {len(kept)}


def test_a_filter_link_keeps_the_other_filters(sign_in, vera, uneven):
    html = page(sign_in(vera), "gaps", uneven, "?domain=PR")
    assert 'href="?domain=PR&amp;kind=blocker"' in html


@pytest.mark.parametrize(
    "query", ["?domain=XX", "?kind=%00", "?effort=S%27--", "?effort=&effort=", "?%ff=%ff"]
)
def test_a_filter_nobody_offered_is_ignored(sign_in, vera, uneven, query):
    html = page(sign_in(vera), "gaps", uneven, query)
    assert html.count('<tr role="row" id=') == len(read(uneven).gaps)


def test_each_gap_says_in_words_why_it_ranks_there(sign_in, vera, uneven):
    found, text = read(uneven), words(page(sign_in(vera), "gaps", uneven))
    for part in found.gaps:
        assert priority_words.why(found, part) in text


def test_the_fundamentals_can_come_first_in_a_group_of_their_own(sign_in, vera, uneven):
    html = page(sign_in(vera), "gaps", uneven, "?order=fundamentals")
    gaps = read(uneven).gaps
    fundamental = [part.answer.code for part in gaps if part.answer.fundamental]
    others = [part.answer.code for part in gaps if not part.answer.fundamental]
    assert fundamental
    assert others
    assert re.findall(r'<tr role="row" id="(\w+)"', html) == fundamental + others
    titles = re.findall(r'<h2 id="[\w-]+" class="result-group">([^<]+)<', html)
    assert titles == ["Fundamentals first: two gaps", "Five other gaps, by rank"]
    assert html.count("certification measures them at length") == 1


def test_by_default_the_list_is_by_rank_without_groups(sign_in, vera, uneven):
    html = page(sign_in(vera), "gaps", uneven, "?order=anything")
    assert "result-group" not in html
    assert 'aria-current="true">By rank</a>' in html


def test_filters_keep_the_order_and_the_order_keeps_the_filters(sign_in, vera, uneven):
    html = page(sign_in(vera), "gaps", uneven, "?domain=PR&kind=x&order=fundamentals")
    assert 'href="?order=fundamentals&amp;domain=PR&amp;kind=blocker"' in html
    assert 'href="?domain=PR">By rank</a>' in html
    assert 'href="?domain=PR&amp;order=fundamentals" aria-current="true">Fundamentals first</a>' in html


def test_the_drawing_says_what_it_finds_and_stands_where_all_gaps_are_listed(
    sign_in, vera, uneven, assessment
):
    answer(assessment, PR1="1111", PR2="1111", PF3="1111")
    client, title = sign_in(vera), paper.impact_title(read(assessment))
    html = page(client, "gaps", assessment)
    assert title in html
    assert html.count("chart-scatter") == 1
    for part in read(assessment).gaps[:8]:
        assert f'<li><a href="#{part.answer.code}">{part.answer.statement}</a></li>' in html
    assert "chart-scatter" not in page(client, "gaps", assessment, "?domain=PR")


def test_a_handful_of_gaps_is_not_drawn(sign_in, vera, ready):
    answer(ready, PR1="1113")
    assert "chart-scatter" not in page(sign_in(vera), "gaps", ready)


def test_the_gaps_page_without_gaps_says_what_to_do_next(sign_in, vera, assessment):
    html = page(sign_in(vera), "gaps", assessment)
    assert "Nothing is answered yet." in html
    assert "Open the questionnaire" in html


def test_the_method_page_shows_the_constants_in_force(sign_in, vera, uneven):
    shipped = words(page(sign_in(vera), "method", uneven))
    assert "Blocker× 2Fundamental× 1.5Normal× 1" in shipped
    Scoring.objects.create(release=uneven.release, urgency_blocker="3.25", audit_score=91)
    uneven.release.note_edit()
    edited = words(page(sign_in(vera), "method", uneven))
    assert "Blocker× 3.25" in edited
    assert "91%" in edited


def test_the_worked_example_ends_at_the_priority_of_the_first_gap(sign_in, vera, uneven):
    found, text = read(uneven), words(page(sign_in(vera), "method", uneven))
    first = found.gaps[0]
    assert first.answer.statement in text
    sums = re.findall(r"([\d(][\d\s.×÷−()]+?) = ([\d.]+)", text)
    for sum_, result in sums:
        value = eval(sum_.replace("×", "*").replace("÷", "/").replace("−", "-"))  # noqa: S307 - digits and signs only
        assert figures.decimal(value) == result
    assert figures.decimal(first.gap.priority) == sums[-1][1]


def test_the_method_page_says_whose_figures_these_are(sign_in, vera, uneven):
    text = words(page(sign_in(vera), "method", uneven))
    assert uneven.release.standard.notice in text
    assert "can be edited by whoever looks after the standards here" in text


def test_the_method_page_of_a_self_check_speaks_of_no_verdict_and_no_certification(sign_in, vera, uneven):
    Standard.objects.update(leads_to_audit=False, notice="Ours.")
    Domain.objects.update(results=False)
    html = page(sign_in(vera), "method", uneven)
    said = words(html[html.index("<main") : html.index("</main>")])
    assert not re.findall(r"(?i)\b(?:verdict|certif|audit)\w*", said)


def test_the_conditions_of_a_quick_scan_say_nothing_of_the_audit(sign_in, vera, uneven):
    assert "what the next stage and the audit need" in page(sign_in(vera), "results", uneven)
    Assessment.objects.update(quick=True)
    assert "the audit need" not in page(sign_in(vera), "results", uneven)


@pytest.mark.parametrize("name", ["results", "gaps"])
def test_the_results_of_an_assessment_for_reading_only_say_so(sign_in, bob, assessment, name):
    assessment.answers.update(choice="2")
    assert "Continued in" not in page(sign_in(bob), name, assessment)
    Assessment.objects.update(continued_at="2030-01-01T00:00Z")
    said = "Continued in a newer assessment since 1 January 2030"
    assert said in page(sign_in(bob), name, assessment)


def test_before_anything_is_answered_each_role_reads_what_it_can_do(sign_in, vera, rita, assessment):
    texts = {user: words(page(sign_in(user), "results", assessment)) for user in (vera, rita)}
    assert "You may look but not answer. Ask somebody" in texts[vera]
    assert "There is nothing to review yet. Ask somebody" in texts[rita]
