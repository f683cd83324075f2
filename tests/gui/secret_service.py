# SPDX-License-Identifier: MIT
"""Usage: secret_service.py BEHAVIOUR

A Secret Service on the session bus that is of no use: "refuses" answers every call with an error, "silent" answers none. Prints "ready" once it has the name.
"""

from __future__ import annotations

import sys

from gi.repository import Gio, GLib

NAME = "org.freedesktop.secrets"


def handle(connection: Gio.DBusConnection, message: Gio.DBusMessage, is_incoming: bool, behaviour: str) -> Gio.DBusMessage | None:
    is_call = is_incoming and message.get_message_type() == Gio.DBusMessageType.METHOD_CALL
    if not is_call:
        return message
    if behaviour == "refuses":
        answer = Gio.DBusMessage.new_method_error_literal(message, "org.freedesktop.DBus.Error.AccessDenied", "This program may not use the keyring.")
        connection.send_message(answer, Gio.DBusSendMessageFlags.NONE)
    return None


def main(behaviour: str) -> None:
    connection = Gio.bus_get_sync(Gio.BusType.SESSION)
    connection.add_filter(handle, behaviour)
    Gio.bus_own_name_on_connection(connection, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: print("ready", flush=True), None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1])
