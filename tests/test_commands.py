"""./start and ./check as far as they can be tried without installing anything; the rest is tried in an empty Debian."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def call(*command, cwd=ROOT):
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL
    )


def pins(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return set(re.findall(r"^([\w.-]+==\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("script", ["start", "check", "requirements/setup.sh"])
def test_the_scripts_are_posix_shell(script):
    result = call("sh", "-n", script)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("script", ["start", "check", ".ci/run"])
def test_the_commands_can_be_typed(script):
    assert (ROOT / script).stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize("script", ["start", "check"])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_every_option_the_script_takes(script, option, tmp_path):
    result = call(str(ROOT / script), option, cwd=tmp_path)
    assert result.returncode == 0
    taken = set(re.findall(r"^ +(--[a-z-]+)(?: \| -h)?\)", (ROOT / script).read_text(), re.MULTILINE))
    assert len(taken) >= 3
    assert [name for name in taken if name not in result.stdout] == []


@pytest.mark.parametrize("script", ["start", "check"])
def test_an_unknown_option_is_named_in_a_sentence(script):
    result = call(str(ROOT / script), "--prot", "8001")
    assert result.returncode == 2
    assert result.stderr == f"./{script}: there is no option '--prot'. ./{script} --help lists the options.\n"
    assert result.stdout == ""


@pytest.mark.parametrize("port", ["abc", "", "0", "65536", "99999999999999999999", "-1", "80 80", "8000; id"])
def test_a_port_that_is_none_is_refused_before_anything_is_done(port):
    result = call(str(ROOT / "start"), "--port", port)
    assert result.returncode == 2
    assert f"'{port}' is not a port; a port is a number from 1 to 65535." in result.stderr


def test_a_port_option_without_a_number_is_refused():
    result = call(str(ROOT / "start"), "--port")
    assert result.returncode == 2
    assert "--port needs a number after it" in result.stderr


@pytest.mark.parametrize(("smaller", "larger"), [("runtime", "test"), ("test", "browser")])
def test_each_list_of_pins_holds_the_one_before(smaller, larger):
    """./check installs one list after the other into the environment that ./start serves from."""
    assert pins(smaller)
    assert pins(smaller) - pins(larger) == set()
