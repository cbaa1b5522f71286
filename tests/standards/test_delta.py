"""From one release to a newer one: what is the same, changed, new or dropped. No database is needed to tell."""

from types import SimpleNamespace

import pytest

from standards import delta


def asked(key, replaces="", of="CSP OSP", governance=False):
    """What `compare` reads of a requirement."""
    variants = [SimpleNamespace(code=code) for code in of.split()]
    return SimpleNamespace(
        key=key,
        replaces=replaces,
        ai_governance=governance,
        variants=SimpleNamespace(all=lambda: variants),
    )


def keys(requirements):
    return [requirement.key for requirement in requirements]


def pairs(found):
    return [(pair.old.key, pair.new.key) for pair in found]


def test_the_same_key_is_the_same_thing_asked():
    found = delta.compare([asked("a"), asked("b")], [asked("b"), asked("a")])
    assert pairs(found.same) == [("b", "b"), ("a", "a")], "in the order of the newer release"
    assert (found.new, found.changed, found.dropped) == ([], [], [])


def test_another_key_that_replaces_one_is_a_change_and_nothing_is_dropped():
    found = delta.compare([asked("plan")], [asked("better-plan", replaces="plan")])
    assert pairs(found.changed) == [("plan", "better-plan")]
    assert (found.new, found.same, found.dropped) == ([], [], [])


def test_the_key_counts_more_than_what_is_replaced():
    found = delta.compare([asked("a"), asked("b")], [asked("a", replaces="b")])
    assert pairs(found.same) == [("a", "a")]
    assert keys(found.dropped) == ["b"]


def test_what_replaces_something_the_older_release_never_asked_is_new():
    found = delta.compare([asked("a")], [asked("a"), asked("c", replaces="never-there")])
    assert keys(found.new) == ["c"]


def test_one_requirement_may_become_two_and_stay_itself():
    found = delta.compare([asked("a")], [asked("a"), asked("b", replaces="a"), asked("c", replaces="a")])
    assert pairs(found.same) == [("a", "a")]
    assert pairs(found.changed) == [("a", "b"), ("a", "c")]
    assert found.dropped == []


def test_what_is_left_is_dropped_in_its_own_order():
    found = delta.compare([asked("a"), asked("b"), asked("c")], [asked("b")])
    assert keys(found.dropped) == ["a", "c"]


def test_new_ones_about_ai_governance_can_be_told_apart():
    found = delta.compare([], [asked("a"), asked("ai-policy", governance=True), asked("b")])
    assert keys(found.new) == ["a", "ai-policy", "b"]
    assert keys(found.ai_governance) == ["ai-policy"]
    assert keys(found.otherwise_new) == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "new", "same", "dropped"),
    [
        (None, [], ["moved", "everybody"], []),
        ("CSP", ["moved"], ["everybody"], []),
        ("OSP", [], ["everybody"], ["moved"]),
        ("VMO", [], [], []),
    ],
)
def test_a_variant_counts_on_either_side(code, new, same, dropped):
    """What both releases know, but the older one did not ask of a variant, is new for that variant."""
    older = [asked("moved", of="OSP"), asked("everybody")]
    newer = [asked("moved", of="CSP"), asked("everybody")]
    found = delta.compare(older, newer, code)
    assert (keys(found.new), [pair.new.key for pair in found.same], keys(found.dropped)) == (
        new,
        same,
        dropped,
    )


def test_a_change_is_new_for_a_variant_that_was_not_asked_before():
    older, newer = [asked("plan", of="OSP")], [asked("better-plan", replaces="plan", of="CSP OSP")]
    assert keys(delta.compare(older, newer, "CSP").new) == ["better-plan"]
    assert pairs(delta.compare(older, newer, "OSP").changed) == [("plan", "better-plan")]


def test_a_release_that_was_left_out_is_read_for_what_it_replaced():
    older, between = (
        [asked("first"), asked("start")],
        [asked("second", replaces="first"), asked("kept", replaces="start")],
    )
    newer = [asked("third", replaces="second"), asked("kept")]
    assert keys(delta.compare(older, newer).new) == ["third", "kept"]
    found = delta.compare(older, newer, between=between)
    assert pairs(found.changed) == [("first", "third"), ("start", "kept")]
    assert (found.new, found.dropped) == ([], [])


def test_releases_that_name_each_other_lead_to_an_end():
    between = [asked("b", replaces="a"), asked("a", replaces="b")]
    assert keys(delta.compare([], [asked("c", replaces="a")], between=between).new) == ["c"]


def test_nothing_is_counted_twice_and_nothing_is_lost():
    older = [asked(key) for key in "abcd"]
    newer = [asked("a"), asked("e", replaces="b"), asked("f"), asked("g", replaces="b")]
    found = delta.compare(older, newer)
    assert sorted([*keys(found.new), *(p.new.key for p in (*found.changed, *found.same))]) == sorted(
        keys(newer)
    )
    assert {*keys(found.dropped), *(p.old.key for p in (*found.changed, *found.same))} == set(keys(older))
