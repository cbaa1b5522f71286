"""What is installed is what was pinned, and a package that was exchanged on the way is refused: by the scripts as they are."""

import hashlib
import os
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
INSTALL = '. "$ROOT/requirements/setup.sh"; open_log "$PWD" install.log; python=$PYTHON; install_pins tiny'


def pins(name):
    """The pins of a list, as far as they are for this Python and this machine."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    found = [Requirement(line.removesuffix("\\").strip()) for line in lines if line[:1].isalnum()]
    return [pin for pin in found if pin.marker is None or pin.marker.evaluate()]


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_what_is_installed_is_what_is_pinned():
    found = pins("test")
    assert len(found) > 50
    assert [
        f"{pin} is {installed(pin.name)}" for pin in found if installed(pin.name) not in pin.specifier
    ] == []


def wheel(folder, content):
    """A package called tiny, 1.0, with one module of that content; its SHA-256."""
    file = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tiny.py", content)
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def install(tmp_path):
    """`install(pin)`: what the scripts do with that line, in a folder where tiny can be had; its exit status and its words."""
    pytest.importorskip("pip", reason="uv takes no folder of packages from the environment")
    for name in ("requirements", ".venv", "shelf", "installed"):
        (tmp_path / name).mkdir()

    def run(pin):
        (tmp_path / "requirements" / "tiny.txt").write_text(pin + "\n")
        shelf = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(tmp_path / "shelf"),
            "PIP_TARGET": str(tmp_path / "installed"),
        }
        done = subprocess.run(
            ["sh", "-ec", INSTALL],
            cwd=tmp_path,
            env=os.environ | shelf | {"ROOT": str(ROOT), "PYTHON": sys.executable},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr + (tmp_path / "install.log").read_text()

    return run


def test_a_package_with_the_pinned_hash_is_installed(install, tmp_path):
    good = wheel(tmp_path / "shelf", "GOOD = True\n")
    status, said = install(f"tiny==1.0 --hash=sha256:{good}")
    assert status == 0, said
    assert (tmp_path / "installed" / "tiny.py").read_text() == "GOOD = True\n"


@pytest.mark.parametrize("pin", ["tiny==1.0 --hash=sha256:{good}", "tiny==1.0"])
def test_one_that_was_exchanged_or_has_no_hash_is_refused(install, tmp_path, pin):
    good = wheel(tmp_path / "shelf", "GOOD = True\n")
    wheel(tmp_path / "shelf", "import os  # not what was pinned\n")
    status, said = install(pin.format(good=good))
    assert status != 0
    assert "hash" in said.lower()
    assert not (tmp_path / "installed" / "tiny.py").exists()
    assert not (tmp_path / ".venv" / "installed-tiny.txt").exists(), "or the next run would take it for done"
