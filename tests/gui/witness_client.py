# SPDX-License-Identifier: MIT
"""The other end of witness/witness.py."""

from __future__ import annotations

import json
import socket
from pathlib import Path


class WitnessError(RuntimeError):
    pass


class Witness:
    def __init__(self, path: Path) -> None:
        self.path = path

    def ask(self, expression: str) -> object:
        """The value of a Python expression inside GIMP; JSON's types only."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(60)
            connection.connect(str(self.path))
            with connection.makefile("rw", encoding="utf-8") as stream:
                stream.write(expression + "\n")
                stream.flush()
                reply = json.loads(stream.readline())
        if "error" in reply:
            raise WitnessError(f"{expression}: {reply['error']}")
        return reply["value"]

    def is_up(self) -> bool:
        try:
            return self.ask("42") == 42
        except OSError:
            return False
