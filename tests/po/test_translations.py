# SPDX-License-Identifier: MIT
"""Every text for users reaches the translators."""

from __future__ import annotations

import gettext
import os
import re
import subprocess
from collections import Counter
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


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("form", sorted(path.name for path in (ROOT / "plugin" / "src" / "ui").glob("*.ui")))
def test_mnemonics_are_unique(language, form, tmp_path):
    tree = ElementTree.parse(ROOT / "plugin" / "src" / "ui" / form)
    underlined = [node for node in tree.iter("object") if any(
        child.get("name") == "use-underline" and child.text == "True" for child in node.findall("property"))]
    texts = [child.text or "" for node in underlined for child in node.findall("property") if child.get("name") == "label"]
    if form == "generation-dialog.ui":
        texts.append("_Generate %s")
    keys = Counter(match[1].lower() for text in translated(language, texts, tmp_path) for match in re.finditer(r"_(\w)", text))
    assert [key for key, count in keys.items() if count > 1] == []
