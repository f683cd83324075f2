# SPDX-License-Identifier: MIT
"""The examples of README.md's section Scripts, run as they stand there."""

from __future__ import annotations

import json
import re
import textwrap

from gimp_runner import ROOT

NEW_LAYERS = [f"a red fox in the snow (seed {seed})" for seed in (42, 43, 44)]


def example(language: str) -> str:
    """The indented block after the line that names the language."""
    section = re.search(r"^## Scripts\n(.*?)^## ", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert section, "README.md has no section Scripts"
    block = re.search(rf"^{re.escape(language)}:\n\n((?:    .*\n|\n)+)", section[1], re.MULTILINE)
    assert block, f"README.md has no example for {language}"
    return textwrap.dedent(block[1]).strip() + "\n"


def test_script_fu(gimp, sandbox):
    sandbox.reset()
    path = gimp.files / "readme.out"
    code = f"""
        (let* ((image (car (gimp-image-new 400 300 RGB)))
               (layers {example("Script-Fu")})
               (port (open-output-file "{path}")))
          (write (map (lambda (layer) (car (gimp-item-get-name layer))) (vector->list layers)) port)
          (close-output-port port)
          (gimp-image-delete image))"""
    gimp.script_fu(code).check()
    assert path.read_text() == "(" + " ".join(f'"{name}"' for name in NEW_LAYERS) + ")"


PYTHON_BEFORE = """
import json
from gi.repository import Gimp
image = Gimp.Image.new(400, 300, Gimp.ImageBaseType.RGB)
"""

PYTHON_AFTER = """
with open({path!r}, "w") as output:
    json.dump([[layer.get_name() for layer in layers], [layer.get_name() for layer in image.get_layers()]], output)
image.delete()
"""


def test_python(gimp, sandbox):
    sandbox.reset()
    path = gimp.files / "readme.json"
    script = gimp.files / "readme.py"
    script.write_text(PYTHON_BEFORE + example("Python") + PYTHON_AFTER.format(path=str(path)))
    gimp.python_file(script).check()
    returned, in_the_image = json.loads(path.read_text())
    (entry,) = sandbox.requests("/image/generate")
    assert returned == in_the_image == [f"a red fox in the snow (seed {entry['json']['seed']})"]


def test_python_tells_why_it_failed(gimp, sandbox):
    sandbox.reset()
    sandbox.next(status=402, json={"error": "Insufficient balance"})
    script = gimp.files / "readme-failure.py"
    script.write_text(PYTHON_BEFORE + example("Python"))
    finished = gimp.python_file(script)
    assert finished.status == 64 and "RuntimeError" in finished.output, finished.output
    assert "balance" in finished.output.lower(), finished.output


def test_what_the_section_says_of_arguments(gimp, sandbox):
    """Their names, and the values that they take, the first one being the default of scripts where the section says so."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    values = {"target": ("selection", "canvas"), "placement": ("actual", "cover", "fit", "stretch"), "group": ("never", "automatic", "always")}
    for name, words in values.items():
        assert all(f"`{word}`" in text for word in (name, *words)), name
    path = gimp.files / "arguments.json"
    code = (
        "import json; from gi.repository import Gimp; "
        "config = Gimp.get_pdb().lookup_procedure('plug-in-venice-generate-layers').create_config(); "
        f"json.dump({{name: config.get_property(name) for name in {list(values)!r}}}, open({str(path)!r}, 'w'))"
    )
    gimp.python(code).check()
    assert json.loads(path.read_text()) == {"target": "selection", "placement": "actual", "group": "never"}
