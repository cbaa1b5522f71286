"""Where the application is excused from a security rule of ruff: how often in which file, and why at all."""

import re

from tests.test_repository import name_of, ours

WHY = {
    "S308": "what is marked safe was escaped by a template or by our drawing functions",
    "S310": "an address of our own server",
    "S311": "invented answers and waits, no secrets",
    "S314": "XML of our own making",
    "S506": "both loaders are safe ones",
    "S603": "a list of our own words, without a shell",
}
EXCUSED = {
    ("assessments/demo/chain.py", "S311"): 1,
    ("assessments/forms/answers.py", "S311"): 1,
    ("assessments/management/benches/cold.py", "S603"): 1,
    ("assessments/management/benches/latency.py", "S310"): 1,
    ("assessments/management/benches/latency.py", "S603"): 1,
    ("assessments/management/benches/reports.py", "S603"): 1,
    ("assessments/management/commands/demo.py", "S311"): 2,
    ("assessments/printing/press.py", "S603"): 1,
    ("assessments/report/pdf.py", "S314"): 1,
    ("assessments/templatetags/answers.py", "S308"): 2,
    ("assessments/templatetags/grid.py", "S308"): 1,
    ("assessments/views/task_lists.py", "S308"): 1,
    ("standards/library.py", "S506"): 1,
    ("standards/limited.py", "S603"): 1,
    ("standards/shipped.py", "S506"): 1,
    ("standards/templatetags/requirements.py", "S308"): 1,
}  # (file, rule) -> how often
EXCUSE = re.compile(r"# noqa: *(S\d+)( - \S.*)?$", re.MULTILINE)


def excuses(text):
    """(rule, whether a reason stands beside it) of every exception in a source."""
    return [(rule, bool(reason)) for rule, reason in EXCUSE.findall(text)]


def test_every_exception_from_a_security_rule_is_listed_and_gives_its_reason():
    counted = {}
    for path in ours(".py"):
        if "tests" not in path.parts:
            for rule, reason in excuses(path.read_text()):
                assert reason, f"{name_of(path)}: {rule} without a reason"
                counted[name_of(path), rule] = counted.get((name_of(path), rule), 0) + 1
    assert counted == EXCUSED


def test_every_rule_that_has_exceptions_says_why_it_may():
    assert {rule for _, rule in EXCUSED} == set(WHY)


def test_an_exception_without_a_reason_is_found():
    marker = "no" + "qa"
    assert excuses(f"x = 1  # {marker}: S308\ny = 2  # {marker}: S603 - ours\n") == [
        ("S308", False),
        ("S603", True),
    ]
