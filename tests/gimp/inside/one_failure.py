# SPDX-License-Identifier: MIT
"""One call that must fail; its text goes to the file that OUTCOMES names. MODE says how it is called."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from harness import CREATE, GENERATE, SMALL, Failed, Gimp, call, new_image

modes = {"": Gimp.RunMode.NONINTERACTIVE, "interactive": Gimp.RunMode.INTERACTIVE, "last": Gimp.RunMode.WITH_LAST_VALS}
run_mode = modes[os.environ.get("MODE", "")]
image = new_image()
texts = []
started = time.monotonic()
for name, arguments in ((GENERATE, {"image": image}), (CREATE, {})):
    try:
        call(name, run_mode=run_mode, prompt="a red fox", **SMALL, **arguments)
        texts.append(None)
    except Failed as error:
        texts.append(str(error))
outcome = {"texts": texts, "layers": len(image.get_layers()), "seconds": time.monotonic() - started}
Path(os.environ["OUTCOMES"]).write_text(json.dumps(outcome))
image.delete()
