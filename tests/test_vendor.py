"""What static/vendor carries is what was published, whole, licensed and named."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
OURS = {"manifest.json", "update"}
PACKAGES = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
PAPER = sorted((VENDOR / "fonts" / "pdf").glob("*.ttf"))


def differences(folder, packages):
    """Sentences on every file below `folder` that `packages` does not name, names wrongly, or names in vain."""
    named = {name: digest for package in packages for name, digest in package["files"].items()}
    here = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    here = {name: path for name, path in here.items() if name not in OURS}
    found = [f"{name} is not in the manifest" for name in here.keys() - named.keys()]
    found += [f"{name} is missing" for name in named.keys() - here.keys()]
    for name in here.keys() & named.keys():
        if hashlib.sha256(here[name].read_bytes()).hexdigest() != named[name]:
            found.append(f"{name} is not the file that was fetched")
    return found


def test_every_vendored_file_is_the_one_in_the_manifest():
    assert differences(VENDOR, PACKAGES) == []


def test_a_changed_an_added_and_a_missing_file_are_found(tmp_path):
    (tmp_path / "kept.css").write_text("a{}")
    (tmp_path / "changed.css").write_text("a{color:red}")
    (tmp_path / "added.css").write_text("b{}")
    digest = hashlib.sha256(b"a{}").hexdigest()
    files = {"kept.css": digest, "changed.css": digest, "missing.css": digest}
    assert sorted(differences(tmp_path, [{"files": files}])) == [
        "added.css is not in the manifest",
        "changed.css is not the file that was fetched",
        "missing.css is missing",
    ]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_package_is_pinned_and_brings_its_licence(package):
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["integrity"].startswith("sha512-")
    assert package["licence_file"] in package["files"]
    assert "SIL OPEN FONT LICENSE" in (VENDOR / package["licence_file"]).read_text(encoding="utf-8")
    assert "Adobe" in package["copyright"]


def test_nothing_says_where_packages_are_fetched_from():
    for name in OURS:
        assert not re.search(r"registry|npmjs|https://", (VENDOR / name).read_text(encoding="utf-8")), name


def test_the_paper_fonts_are_fixed_instances_in_both_alphabets():
    assert len(PAPER) == 16
    for path in PAPER:
        font = TTFont(path)
        assert "fvar" not in font, path.name
        sign = "č" if path.stem.endswith("-ext") else "é"
        assert ord(sign) in font.getBestCmap(), path.name


def test_an_instance_does_not_carry_the_reserved_name():
    screen = (VENDOR / "fonts").glob("source-*.woff2")
    published = {f"source-sans-3-{alphabet}" for alphabet in ("latin", "latin-ext")}
    for path in [*PAPER, *(path for path in screen if path.stem not in published)]:
        names = TTFont(path)["name"]
        for number in (1, 3, 4, 6):
            assert "Source" not in names.getDebugName(number), path.name


def signs(face):
    """The code points that a @font-face is for."""
    ranges = re.search(r"unicode-range: (.*);", face)[1].split(", ")
    bounds = [[int(bound, 16) for bound in each.removeprefix("U+").split("-")] for each in ranges]
    return {sign for first, *last in bounds for sign in range(first, (last or [first])[0] + 1)}


def test_the_letters_of_europe_come_with_the_small_font_and_not_with_the_large_one():
    faces = re.findall(
        r"@font-face {(.*?)}", (VENDOR.parent / "css" / "tokens.css").read_text("utf-8"), re.DOTALL
    )
    for family in ("source-sans-3", "source-serif-4"):
        large, small = (
            TTFont(VENDOR / "fonts" / f"{family}-{alphabet}.woff2").getBestCmap().keys()
            for alphabet in ("latin-ext", "latin-europe")
        )
        names = [face for face in faces if family in face]
        assert "latin-europe" in names[-1]  # of two faces that name a sign, the last one counts
        named = signs(names[-1])
        assert named & large == named & small == small - signs(names[0])
        assert {ord(letter) for letter in "ąčęğłńőřșțžŁ₹₺"} <= named & small
        assert ord("€") not in named  # it comes with latin


def test_every_file_that_the_stylesheets_name_is_there():
    for sheet in (VENDOR.parent / "css").glob("*.css"):
        for address in re.findall(r'url\("(?!data:)([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).is_file(), f"{sheet.name}: {address}"
