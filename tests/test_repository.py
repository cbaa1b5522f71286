"""The repository keeps its own promises: where it comes from, what it depends on, how long its files are."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
PINS = ["runtime.txt", "extras.txt", "test.txt", "browser.txt"]

# In pieces, so that this file does not contain what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("proxy.golang", "org"),
        ("ghcr", "io"),
        ("docker", "io"),
        ("deb.debian", "org"),
        ("archive.ubuntu", "com"),
    ]
]
INDEX_OPTIONS = ["--" + option for option in ("index-url", "extra-index-url", "find-links", "trusted-host")]
PLACES = ["/" + place + "/" for place in ("work", "root", "Users")] + ["/home" + "/"]


def files(*suffixes):
    """Every file that is or will be in the repository, ignored ones left out."""
    if shutil.which("git") is None:
        pytest.skip("git is not here, so there is no list of files to look at")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode:
        pytest.skip("not a git clone, so there is no list of files to look at")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def text(path):
    """The file as text, or nothing where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def ours(*suffixes):
    """Written here and by hand."""
    return [path for path in files(*suffixes) if not {"vendor", "migrations"} & set(path.parts)]


def name_of(path):
    return path.relative_to(ROOT).as_posix()


# ---- where it comes from ----------------------------------------------------------------------------------------


def test_no_file_names_a_package_registry():
    found = [
        f"{name_of(path)}: {word}"
        for path in files()
        for word in (*REGISTRIES, *INDEX_OPTIONS)
        if word in text(path).lower()
    ]
    assert found == []


def test_no_file_names_a_place_on_the_machine_it_was_written_on():
    found = [f"{name_of(path)}: {place}" for path in files() for place in PLACES if place in text(path)]
    assert found == []


def test_nothing_that_belongs_to_one_machine_is_kept_in_the_repository():
    kept = {".env", ".sqlite3", ".key", ".pyc", ".log", ".pem"}
    assert [name_of(path) for path in files() if path.suffix in kept or path.name in kept] == []


# ---- what it depends on -----------------------------------------------------------------------------------------


def pins(name):
    """The lines of a requirements file, each with its hashes on it."""
    lines = (ROOT / "requirements" / name).read_text().replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", PINS)
def test_every_pinned_package_is_hashed_and_names_no_address(name):
    for line in pins(name):
        assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+ ", line), line
        assert "--hash=sha256:" in line, line
        assert "://" not in line, line
        assert "@" not in line, line


def test_every_dependency_is_pinned():
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "runtime.txt": project["dependencies"],
        "extras.txt": [*project["dependencies"], *extras["sso"], *extras["s3"]],
        "test.txt": [*extras["test"], *extras["sso"], *extras["s3"]],
        "browser.txt": extras["browser"],
    }
    assert sorted(wanted) == sorted(PINS)
    for file, dependencies in wanted.items():
        pinned = {normal(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in pins(file)}
        needed = {normal(re.match(r"[A-Za-z0-9._-]+", dependency)[0]) for dependency in dependencies}
        needed.discard("copcready")  # its own extras, spelled out above
        assert needed <= pinned, f"{needed - pinned} of pyproject.toml is not pinned in requirements/{file}"


def test_a_package_has_one_version_in_all_requirements():
    versions = {}
    for file in PINS:
        for line in pins(file):
            name, version = re.match(r"([A-Za-z0-9._-]+)\S*?==(\S+)", line).groups()
            versions.setdefault(normal(name), set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_every_dependency_gives_its_reason():
    inside, without = False, []
    for line in PYPROJECT.read_text().splitlines():
        if re.match(r"(dependencies|sso|s3|test|browser) = \[", line):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and not re.match(r'\s+"[^"]+",\s+# \S+', line):
            without.append(line.strip())
    assert without == []


# ---- how it is written ------------------------------------------------------------------------------------------


def test_no_file_is_too_long_to_read_in_one_go():
    lengths = {name_of(path): text(path).count("\n") for path in ours(".py", ".js", ".css", ".html")}
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert too_long == {}, f"at most {LONGEST_FILE} lines a file"


def functions(path):
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def test_no_function_is_too_long_to_see_at_once():
    lengths = {f"{name_of(path)}::{name}": lines for path in ours(".py") for name, lines in functions(path)}
    assert len(lengths) > 100, "found too few functions to say anything"
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION}
    assert too_long == {}, f"at most {LONGEST_FUNCTION} lines a function"


def test_most_functions_of_the_application_are_short():
    lengths = [lines for path in ours(".py") if "tests" not in path.parts for _, lines in functions(path)]
    short = sum(lines <= 20 for lines in lengths) / len(lengths)
    assert short >= 0.9, f"{short:.0%} of the functions have at most 20 lines"


def test_nothing_is_left_to_do_in_a_comment():
    marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
    found = [
        f"{name_of(path)}: {mark}"
        for path in ours(".py", ".js", ".css", ".html", ".yaml", ".md", ".sh")
        for mark in marks
        if mark in text(path)
    ]
    assert found == []


def test_migrations_are_named_by_hand():
    generated = [name_of(path) for path in files(".py") if re.match(r"\d{4}_(auto|alter)_", path.name)]
    assert generated == []


def test_no_template_carries_a_script_or_a_style_of_its_own():
    """The Content-Security-Policy would refuse it, and a page would break in silence."""
    inline = re.compile(
        r"<style\b|\sstyle=[\"']|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\b(src|nonce|type=\"application/json\")\b)"
    )
    screens = [path for path in ours(".html") if "report" not in path.parts]
    found = [f"{name_of(path)}: {match[0]}" for path in screens if (match := inline.search(text(path)))]
    assert found == []


# ---- the arrows -------------------------------------------------------------------------------------------------

CONTRACTS = {
    "Layers of the assessments app",
    "Standards know nothing of assessments",
    "Rules and charts are pure",
    "Only report.pdf knows WeasyPrint",
}
VIOLATIONS = {
    "assessments/rules/scoring.py": "import django",
    "assessments/models/people.py": "from assessments.views import home",
    "standards/text.py": "from assessments import access",
    "assessments/report/document.py": "import weasyprint",
    "assessments/forms/workbooks.py": "from assessments.workbooks import plan",
}


def test_every_contract_of_the_architecture_is_there():
    contracts = tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} >= CONTRACTS


def lint_imports(folder):
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def copy(tmp_path):
    """The source with nothing around it."""
    for path in (*ours(".py"), PYPROJECT):
        if name_of(path).startswith(("assessments/", "standards/", "copcready/", "pyproject")):
            target = tmp_path / name_of(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", VIOLATIONS)
def test_an_arrow_that_points_back_is_found(name, copy):
    planted = copy / name
    planted.write_text(planted.read_text() + f"\n\n{VIOLATIONS[name]}\n")
    result = lint_imports(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout


# ---- what a newcomer reads --------------------------------------------------------------------------------------


def test_the_readme_tells_both_commands():
    readme = (ROOT / "README.md").read_text()
    for command in ("./start", "./check"):
        assert command in readme, f"README.md does not mention {command}"


def test_there_is_a_changelog_for_users():
    assert (ROOT / "CHANGELOG.md").read_text().startswith("# ")


@pytest.mark.parametrize("name", ["start", "check", "manage.py", ".ci/run"])
def test_a_command_can_be_run_as_it_is(name):
    path = ROOT / name
    assert path.stat().st_mode & 0o111, f"{name} is not executable"
    assert path.read_text().startswith("#!")
