# SPDX-License-Identifier: MIT
"""Every fault of sandbox/fault_table.py, through the plug-in: a layer or an error in words, nothing is sent twice, and the next call works."""

from __future__ import annotations

from harness import Failed, generate, names, new_image, run, sandbox
from sandbox.fault_table import BINARY, TABLE, Row

# The plug-in waits five minutes for a silent server; what ends that is tested with libvenice. And it always asks for the picture itself.
ROWS = [row for row in TABLE if BINARY in row.answers and not row.silent]


def try_fault(row: Row) -> None:
    image = new_image()
    sandbox.next(**row.behaviour)
    try:
        layers = generate(image)
    except Failed as error:
        assert not row.makes_a_layer, f"{row.name}: {error}"
        text = str(error)
        assert text and "<" not in text and "Traceback" not in text, f"{row.name}: {text}"
        assert names(image.get_layers()) == ["Background"], row.name
    else:
        assert row.makes_a_layer, f"{row.name}: no error"
        assert len(layers) == 1 and len(image.get_layers()) == 2, row.name
    requests = sandbox.state()["requests"]
    assert requests == row.requests, f"{row.name}: {requests} requests"
    assert len(generate(image)) == 1, f"{row.name}: the next call"
    image.delete()
    sandbox.reset()


def check_every_fault():
    wrong = []
    for row in ROWS:
        try:
            try_fault(row)
        except Exception as problem:
            wrong.append(f"{row.name}: {problem!r}")
            sandbox.reset()
    assert not wrong, "\n".join(wrong)
    return f"{len(ROWS)} faults"


run(globals())
