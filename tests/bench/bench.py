# SPDX-License-Identifier: MIT
"""tests/run bench: measures, prints the table as README.md has it, and writes build/reports/bench.json."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import answers  # noqa: E402
import gimp_layers  # noqa: E402
import gimp_windows  # noqa: E402
import local_work  # noqa: E402
import small_requests  # noqa: E402
import transfer  # noqa: E402
from nginx import Nginx  # noqa: E402
from rows import conditions, table, write_json  # noqa: E402
from setting import Setting  # noqa: E402

MODULES = {"transfer": transfer.rows, "small_requests": small_requests.rows, "local_work": local_work.rows,
           **{f"gimp_{name.lower()}": gimp_layers.rows_of(name) for name in gimp_layers.FORMATS}, "gimp_four": gimp_layers.rows_of_four,
           "gimp_windows": gimp_windows.rows}
PROGRAMS = ("transfer-venice", "small-venice", "small-curl", "small-curl-thread", "small-curl-careful", "transfer-curl",
            "local-venice", "venice-gimp", "plain-dialog")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/run bench", description="Measures; nothing passes or fails.")
    parser.add_argument("--only", choices=MODULES, action="append", help="this module only; may be given several times")
    parser.add_argument("--rounds", type=int, default=9, help="how often each figure is measured; at least 5 for figures that are shown to anybody")
    return parser.parse_args(arguments)


def main(build: Path, report: Path, arguments: list[str]) -> int:
    options = parse(arguments)
    where = conditions(options.rounds)
    folder = Path(tempfile.mkdtemp(prefix="venice-bench-", dir="/dev/shm"))
    folder.chmod(0o755)  # nginx's worker reads it as another user
    try:
        with ExitStack() as stack:
            setting = Setting(build, folder, options.rounds, stack)
            server = stack.enter_context(Nginx(folder, answers.write(folder)))
            rows = []
            for name in options.only or MODULES:
                print(f"measuring {name}", file=sys.stderr, flush=True)
                found = MODULES[name](setting, server)
                print(table(found), file=sys.stderr, flush=True)  # what comes later may fail
                rows += found
    finally:
        shutil.rmtree(folder)
    write_json(report, where, rows)
    if options.rounds < 5:
        print("\nWith fewer than 5 rounds these figures are for yourself only.", flush=True)
    print(f"\nMeasured by `tests/run bench`: {where}.\n\n{table(rows)}\n\nEvery round is in {report}.", flush=True)
    return 0
