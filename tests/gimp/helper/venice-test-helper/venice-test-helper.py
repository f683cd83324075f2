#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A plug-in for tests: changes images while another plug-in is busy.

It runs from GIMP's start on. When the file that MEANWHILE names appears, it waits for the time that
stands in its first line and then runs the rest, Python with `Gimp` at hand.
"""

import os
import sys
from pathlib import Path

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib  # noqa: E402

NAME = "extension-venice-test-helper"


class Helper(Gimp.PlugIn):
    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return [NAME]

    def do_create_procedure(self, name):
        return Gimp.Procedure.new(self, name, Gimp.PDBProcType.PERSISTENT, self.run, None)

    def run(self, procedure, config, data):
        procedure.persistent_ready()
        self.persistent_enable()
        GLib.timeout_add(50, self.look)
        GLib.MainLoop().run()

    def look(self):
        path = Path(os.environ.get("MEANWHILE", "/nonexistent"))
        if path.is_file():
            milliseconds, _, code = path.read_text().partition("\n")
            path.unlink()
            GLib.timeout_add(int(milliseconds), self.act, code, path.with_suffix(".done"))
        return True

    def act(self, code, done):
        exec(code, {"Gimp": Gimp})
        done.touch()
        return False


Gimp.main(Helper.__gtype__, sys.argv)
