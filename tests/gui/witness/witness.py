#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A plug-in for the tests: starts with GIMP, and answers what GIMP knows about its images.

So what the tests check does not come from the plug-in under test. It evaluates one Python expression per connection to the socket that
the environment variable WITNESS_SOCKET names, with `Gimp` and `Gio` at hand, and answers JSON.
"""

import json
import os
import socket
import sys

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio, GLib  # noqa: E402

NAME = "extension-witness"
names = {"Gimp": Gimp, "Gio": Gio}


def answer(connection: socket.socket) -> None:
    with connection, connection.makefile("rw", encoding="utf-8") as stream:
        try:
            reply = {"value": eval(stream.readline(), names)}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        stream.write(json.dumps(reply) + "\n")


def serve() -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.environ["WITNESS_SOCKET"])
        listener.listen()

        def incoming(*_: object) -> bool:
            answer(listener.accept()[0])
            return GLib.SOURCE_CONTINUE

        GLib.io_add_watch(listener.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN, incoming)
        GLib.MainLoop().run()


class Witness(Gimp.PlugIn):
    def do_set_i18n(self, _name: str) -> bool:
        return False

    def do_query_procedures(self) -> list[str]:
        return [NAME]

    def do_create_procedure(self, name: str) -> Gimp.Procedure:
        return Gimp.Procedure.new(self, name, Gimp.PDBProcType.PERSISTENT, self.run, None)

    def run(self, procedure: Gimp.Procedure, *_: object) -> Gimp.ValueArray:
        procedure.persistent_ready()
        self.persistent_enable()
        serve()
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())


Gimp.main(Witness.__gtype__, sys.argv)
