# SPDX-License-Identifier: MIT
"""Every text for users reaches the translators."""

from __future__ import annotations

import gettext
import os
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("VENICE_BUILD_DIR", ROOT / "build" / "gcc"))
HAS_TEXT = re.compile(r'\b(?:_|N_|P_)\("|translatable="yes"')


LANGUAGES = [line for line in (ROOT / "po" / "LINGUAS").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def listed() -> set[str]:
    lines = (ROOT / "po" / "POTFILES").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_every_file_with_text_is_in_potfiles():
    sources = [path for pattern in ("*.cpp", "*.ui") for path in (ROOT / "plugin" / "src").rglob(pattern)]
    with_text = {str(path.relative_to(ROOT)) for path in sources if HAS_TEXT.search(path.read_text(encoding="utf-8"))}
    assert with_text == listed()


def make_template(template: Path) -> str:
    keywords = [f"--keyword={keyword}" for keyword in ("_", "N_", "P_:1,2")]
    command = ["xgettext", "--from-code=UTF-8", *keywords, "--files-from=po/POTFILES", f"--output={template}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    # GTK 3 ships no rules of its own for .ui files, and gettext says each time that it uses its copy.
    warnings = [line for line in done.stderr.splitlines() if "fallback ITS rule file" not in line]
    assert done.returncode == 0 and warnings == [], done.stderr
    return template.read_text(encoding="utf-8")


def test_the_template_holds_the_texts(tmp_path):
    text = make_template(tmp_path / "venice-gimp.pot")
    assert 'msgid "Describe the picture"' in text
    assert re.search(r'msgid "%d layer added"\nmsgid_plural "%d layers added"', text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_translation_is_complete(language, tmp_path):
    template = tmp_path / "venice-gimp.pot"
    make_template(template)
    merged = tmp_path / "merged.po"
    subprocess.run(["msgmerge", "--quiet", "--no-fuzzy-matching", "-o", merged, ROOT / "po" / f"{language}.po", template], check=True)
    subprocess.run(["msgfmt", "--check", "-o", tmp_path / "checked.mo", merged], check=True)
    missing = subprocess.run(["msgattrib", "--untranslated", "--no-obsolete", merged], check=True, capture_output=True, text=True).stdout
    assert re.findall(r'^msgid "(.+)', missing, re.M) == []


def translated(language: str, texts: list[str], folder: Path) -> list[str]:
    """The texts as a program in this language shows them; the very same for English."""
    if language == "en":
        return texts
    catalogue = folder / language / "LC_MESSAGES" / "venice-gimp.mo"
    catalogue.parent.mkdir(parents=True)
    subprocess.run(["msgfmt", "-o", catalogue, ROOT / "po" / f"{language}.po"], check=True)
    translation = gettext.translation("venice-gimp", folder, [language])
    return [translation.gettext(text) for text in texts]


FORMS = ROOT / "plugin" / "src" / "ui"

# One window, and what opens above it, one at a time: GTK looks for a mnemonic in all of the window. The buttons of notices choose their
# letters when they are shown, from those that are left (mnemonics.hpp).
WINDOW = ("generation-dialog.ui", "results-panel.ui", "run-row.ui", "key-entry.ui")
POPOVERS = sorted(path.name for path in FORMS.glob("*-popover.ui"))
SET_BY_CODE = ["_Generate %s"]


def underlined(form: str) -> list[str]:
    """The labels with a mnemonic, in English."""
    def properties(node: ElementTree.Element, name: str) -> list[str]:
        return [child.text or "" for child in node.findall("property") if child.get("name") == name]

    nodes = ElementTree.parse(FORMS / form).iter("object")
    return [text for node in nodes if properties(node, "use-underline") == ["True"] for text in properties(node, "label")]


def menus() -> dict[str, list[str]]:
    """The labels of each menu, which are a window of their own."""
    return {menu.attrib["id"]: [node.text or "" for node in menu.iter("attribute") if node.get("name") == "label"]
            for path in FORMS.glob("*.ui") for menu in ElementTree.parse(path).iter("menu")}


def shared_letters(language: str, texts: list[str], folder: Path) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for text in translated(language, texts, folder):
        for match in re.finditer(r"_(\w)", text):
            labels.setdefault(match[1].lower(), []).append(text)
    return {letter: sharing for letter, sharing in labels.items() if len(sharing) > 1}


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("popover", [None, *POPOVERS])
def test_mnemonics_are_unique_in_the_window(language, popover, tmp_path):
    forms = [*WINDOW, popover] if popover else WINDOW
    texts = [text for form in forms for text in underlined(form)] + SET_BY_CODE
    assert len(texts) > 12
    assert shared_letters(language, texts, tmp_path) == {}


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("menu", sorted(menus()))
def test_mnemonics_are_unique_in_the_menu(language, menu, tmp_path):
    assert shared_letters(language, menus()[menu], tmp_path) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_keeps_its_mnemonic(language, tmp_path):
    texts = [text for path in FORMS.glob("*.ui") for text in underlined(path.name) if "_" in text] + SET_BY_CODE
    assert [text for text in translated(language, texts, tmp_path) if text.count("_") != 1] == []


def test_what_notices_keep_free_is_what_a_run_shows():
    """notice.cpp names the labels that come with the first result."""
    reserved = re.findall(r'_\("([^"]*_[^"]*)"\)', (FORMS / "notice.cpp").read_text(encoding="utf-8"))
    assert sorted(reserved) == sorted(underlined("run-row.ui"))
