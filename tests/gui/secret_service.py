# SPDX-License-Identifier: MIT
"""Usage: secret_service.py BEHAVIOUR

A Secret Service on the session bus that is of no use: "refuses" answers every call with an error, "silent" answers none; "locked" has the key in a
collection whose password its user does not give, "asks" in one where the question for the password stays unanswered. Prints "ready" once it has the
name, and "asked" for each question.
"""

from __future__ import annotations

import sys

from gi.repository import Gio, GLib

NAME = "org.freedesktop.secrets"
PATH = "/org/freedesktop/secrets"
COLLECTION = f"{PATH}/collection/login"
ITEM = f"{COLLECTION}/1"
PROMPT = f"{PATH}/prompt/1"
SESSION = f"{PATH}/session/1"
SECRET = "org.freedesktop.Secret."
ATTRIBUTES = {"service": "venice", "account": "default", "xdg:schema": "org.freedesktop.Secret.Generic"}

PROPERTIES = {
    PATH: {"Collections": GLib.Variant("ao", [COLLECTION])},
    COLLECTION: {"Items": GLib.Variant("ao", [ITEM]), "Label": GLib.Variant("s", "Login"), "Locked": GLib.Variant("b", True),
                 "Created": GLib.Variant("t", 0), "Modified": GLib.Variant("t", 0)},
    ITEM: {"Locked": GLib.Variant("b", True), "Attributes": GLib.Variant("a{ss}", ATTRIBUTES), "Label": GLib.Variant("s", "Venice API key"),
           "Type": GLib.Variant("s", ""), "Created": GLib.Variant("t", 0), "Modified": GLib.Variant("t", 0)},
}


class LockedKeyring:
    """As much of the specification as libsecret uses on the way to a locked item."""

    def __init__(self, connection: Gio.DBusConnection, is_dismissed: bool) -> None:
        self._connection, self._is_dismissed = connection, is_dismissed

    def answer(self, call: Gio.DBusMessage) -> GLib.Variant | None:
        """None: there is no such thing."""
        path, member, arguments = call.get_path(), call.get_member(), call.get_body().unpack() if call.get_body() else ()
        if member == "OpenSession":  # only the plain one: libsecret tries an encrypted one first
            return GLib.Variant("(vo)", (GLib.Variant("s", ""), SESSION)) if arguments[0] == "plain" else None
        if member == "SearchItems":
            return GLib.Variant("(aoao)", ([], [ITEM])) if path == PATH else GLib.Variant("(ao)", ([ITEM],))
        if member == "Unlock":
            return GLib.Variant("(aoo)", ([], PROMPT))
        if member == "ReadAlias":
            return GLib.Variant("(o)", (COLLECTION,))
        if member == "Prompt":
            self._ask()
            return GLib.Variant("()", ())
        if member in ("Dismiss", "Close"):
            return GLib.Variant("()", ())
        if member == "GetAll" and path in PROPERTIES:
            return GLib.Variant("(a{sv})", (PROPERTIES[path],))
        if member == "Get" and arguments[1] in PROPERTIES.get(path, {}):
            return GLib.Variant("(v)", (PROPERTIES[path][arguments[1]],))
        return None

    def _ask(self) -> None:
        print("asked", flush=True)
        if self._is_dismissed:
            self._connection.emit_signal(None, PROMPT, SECRET + "Prompt", "Completed", GLib.Variant("(bv)", (True, GLib.Variant("ao", []))))


def error_name(call: Gio.DBusMessage) -> str:
    is_writing = call.get_member() in ("CreateItem", "GetSecret", "GetSecrets", "SetSecret", "Delete")
    return SECRET + "Error.IsLocked" if is_writing else "org.freedesktop.DBus.Error.NotSupported"


def send_error(connection: Gio.DBusConnection, call: Gio.DBusMessage, name: str, text: str) -> None:
    connection.send_message(Gio.DBusMessage.new_method_error_literal(call, name, text), Gio.DBusSendMessageFlags.NONE)


def handle(connection: Gio.DBusConnection, message: Gio.DBusMessage, is_incoming: bool, behaviour: str) -> Gio.DBusMessage | None:
    is_call = is_incoming and message.get_message_type() == Gio.DBusMessageType.METHOD_CALL
    if not is_call:
        return message
    if behaviour == "refuses":
        send_error(connection, message, "org.freedesktop.DBus.Error.AccessDenied", "This program may not use the keyring.")
    elif behaviour in ("locked", "asks"):
        answer = LockedKeyring(connection, is_dismissed=behaviour == "locked").answer(message)
        if answer is None:
            send_error(connection, message, error_name(message), "It is locked.")
        else:
            reply = Gio.DBusMessage.new_method_reply(message)
            reply.set_body(answer)
            connection.send_message(reply, Gio.DBusSendMessageFlags.NONE)
    return None


def main(behaviour: str) -> None:
    connection = Gio.bus_get_sync(Gio.BusType.SESSION)
    connection.add_filter(handle, behaviour)
    Gio.bus_own_name_on_connection(connection, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: print("ready", flush=True), None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1])
