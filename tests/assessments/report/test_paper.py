"""What only paper says: sections that appear when they have something to say, titles that state it, and the asks."""

import re
from datetime import date

import pytest

from assessments.models import Assessment
from assessments.report import advice, document, pages, paper, pdf
from assessments.templatetags import paper as tags
from standards.models import Domain, Standard
from tests import factories


def titles(found):
    return {section.key: section.title for section in paper.sections(found)}


def test_an_uneven_site_gets_every_section_numbered_in_order(found):
    sections = paper.sections(found(PR1="0121", PR2="11?0", PF3="1?20"))
    assert [(s.number, s.key) for s in sections] == [
        ("1", "answer"),
        ("2", "heatmap"),
        ("3", "impact"),
        ("4", "gaps"),
        ("5", "cards"),
        ("6", "unknowns"),
        ("A", "appendix"),
        ("B", "method"),
    ]


def test_titles_state_what_was_found(found):
    told = titles(found(PR1="0121", PR2="11?0", PF3="1?23"))
    assert told["heatmap"] == "No item is at its target; topic 2 is furthest below"
    assert told["gaps"] == "9 gaps, two of them blockers"
    assert told["impact"] == "The first eight of nine gaps hold 25 of 26 lost points"
    assert told["cards"] == "Topic 1 holds four of the nine gaps to close first"
    assert told["unknowns"] == "Two answers are not known, and up to 12 of 60 points hang on them"
    assert told["appendix"] == "One of 12 requirements is in place; two have nothing in place"


@pytest.mark.parametrize(
    ("signs", "themes", "heatmap", "appendix", "doubts"),
    [
        ("....", [], "All three items are still open", "None of 12 requirements is answered yet", []),
        ("----", [], "No item applies to this site", "None of 12 requirements applies here", ["doubts"]),
        (
            "3333",
            ["themes"],
            "All three items are at their target",
            "12 of 12 requirements are in place; none is at level 0",
            ["doubts"],
        ),
    ],
)
def test_sections_with_nothing_to_say_are_left_out(found, signs, themes, heatmap, appendix, doubts):
    told = titles(found(PR1=signs, PR2=signs, PF3=signs))
    assert list(told) == ["answer", *themes, "heatmap", *doubts, "appendix", "method"]
    assert (told["heatmap"], told["appendix"]) == (heatmap, appendix)


def test_few_gaps_are_read_in_the_table_without_a_scatter(found):
    told = titles(found(PR1="3233", PR2="3333", PF3="3332"))
    assert "impact" not in told
    assert told["cards"] == "The two gaps to close first are in as many different items"


def test_cards_are_every_blocker_and_the_top_ranks(site, alice):
    assessment = factories.started(site, factories.small_release(items=12), by=alice)
    assessment.answers.update(choice="1")
    built = document.build(Assessment.objects.with_names().get(pk=assessment.pk), as_of=date(2026, 11, 20))
    chosen = paper.cards(built)
    assert {part.gap.rank for part in built.blockers} <= {part.gap.rank for part in chosen}
    assert {part.gap.rank for part in chosen} >= set(range(1, paper.CARDS + 1))


def test_a_card_says_why_its_gap_is_critical_or_fundamental(found):
    page = pdf.html(found(PR1="3133", PR2="3313", PF3="3333"))
    assert page.count("Nothing else can be trusted without it.") == 1
    assert page.count("All the rest is built on it.") == 1


def test_what_every_answer_is_worth_adds_up_to_the_points(found):
    built = found(PR1="01-?", PR2="----", PF3="....")
    assert sum(paper.worth(built).values()) == pytest.approx(paper.total_points(built)) == pytest.approx(40)


def test_unknowns_come_critical_first_then_by_weight(found):
    built = found(PR1="????", PR2="3333", PF3="????")
    assert [a.code for a in paper.heaviest(built, "unknown")][:4] == ["PF3b", "PR1b", "PF3a", "PF3c"]


def test_a_domain_says_how_many_of_its_requirements_are_what(found):
    built = found(PR1="00?-", PR2=".333", PF3="3333")
    assert [paper.domain_summary(domain, leads_to_audit=True) for domain in built.domains] == [
        "8 requirements: one blocker, one not known, one not answered, one not applicable",
        "4 requirements",
    ]


# ---- the asks ---------------------------------------------------------------------------------------------------


def asked(built):
    return [ask.title for ask in advice.asks(built)]


def test_a_weak_site_asks_for_owners_and_answers(found):
    built = found(PR1="0001", PR2="10?1", PF3="1121")
    assert asked(built) == [
        "Close the three blockers",
        "Put an owner on the fundamentals",
        "Settle the open question",
    ]
    texts = [ask.text for ask in advice.asks(built)]
    assert texts[0].startswith("PR2b, PF3b and PR1b first.")


def test_a_site_that_has_hardly_begun_is_asked_for_answers_first(found):
    assert asked(found()) == ["Have the rest answered"]
    assert asked(found(PR1="00.."))[:2] == ["Have the rest answered", "Close the blocker"]


def test_a_site_without_gaps_is_asked_to_have_it_checked(found):
    assert asked(found(PR1="3333", PR2="3333", PF3="3333")) == ["Have it checked"]


def test_a_site_without_a_result_that_applies_is_asked_for_one(found):
    assert asked(found(PR1="3333", PR2="3333", PF3="----")) == [
        "Bring results into the assessment",
        "Have it checked",
    ]


def test_a_site_to_which_nothing_applies_is_asked_for_nothing(found):
    assert asked(found(PR1="----", PR2="----", PF3="----")) == []


@pytest.mark.parametrize(
    "signs", ["0000", "1111", "2222", "3333", "????", "....", "----", "0?-.", "3.3.", "2???", "1-1-", "?.?."]
)
def test_every_sentence_is_whole_whatever_is_answered(found, signs):
    built = found(PR1=signs, PR2=signs[::-1], PF3=signs)
    values = pages.context(built)
    said = [s.title for s in values["sections"]] + [ask.text for ask in values["asks"]]
    said += [ask.title for ask in values["asks"]] + [row.text for row in values["advice"]]
    assert len(values["asks"]) <= 3
    for sentence in said:
        assert sentence
        assert "None" not in sentence.split()[1:]
        assert "%(" not in sentence
        assert "  " not in sentence


def test_the_paper_of_a_self_check_speaks_of_no_certification_and_no_auditor(found):
    def text():
        return pdf.html(found(PR1="0011", PR2="1??0", PF3="0000"))

    assert "Certification will not close" in text()
    Standard.objects.update(leads_to_audit=False)
    said = text().replace("A self-assessment is not an audit", "")
    assert not re.findall(r"(?i)[^.>]*\b(?:certif|audit)\w*[^.<]*", said)
    assert "What shows it" in said


def test_the_paper_names_a_target_of_results_only_where_results_are_asked(found, restart):
    assert "the results domain at 75%" in pdf.html(found(PR1="0011"))
    Domain.objects.update(results=False)
    restart()
    assert "results domain" not in pdf.html(found(PR1="0011"))


# ---- small words ------------------------------------------------------------------------------------------------


def test_a_note_becomes_its_lines_and_long_runs_can_be_broken():
    assert tags.paragraphs(" one \n\n two\r\nthree ") == ["one", "two", "three"]
    pieces = tags.paragraphs("a " + "x" * 20_000)
    assert max(map(len, pieces)) < 1000
    assert "".join(pieces).replace(" ", "") == "a" + "x" * 20_000


def test_a_note_of_very_many_lines_keeps_them_all_in_fewer_paragraphs():
    pieces = tags.paragraphs("\n".join(f"line {n}" for n in range(5000)))
    assert len(pieces) <= tags.MOST_LINES
    assert " / ".join(pieces).split(" / ") == [f"line {n}" for n in range(5000)]


def test_the_last_words_of_a_title_stay_together():
    assert tags.tied("How the figures are made, and what they do not say").endswith(
        "they\u00a0do\u00a0not\u00a0say"
    )
    assert tags.tied("One") == "One"
    assert tags.tied("") == ""


def test_a_cut_says_that_something_is_left_out():
    assert tags.cut_to("as it is", 20) == "as it is"
    assert tags.cut_to("many words that go on", 12) == "many words…"
    assert tags.cut_to("x" * 30, 12) == "x" * 11 + "…"


@pytest.mark.parametrize(
    ("length", "size"), [(10, ""), (34, ""), (35, "long"), (71, "longest"), (120, "longest")]
)
def test_long_names_are_set_smaller_on_the_cover(length, size):
    assert pages.cover_size("x" * length) == size
