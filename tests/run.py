# SPDX-License-Identifier: MIT
"""Runs the tests inside the environment that tests/run has set up: see there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE_FILE = Path("/etc/venice-gimp3-root")  # in the systems that tests/env/with-gimp3 makes
RELEASE = RELEASE_FILE.read_text().strip() if RELEASE_FILE.exists() else ""

# What one release's compiler built does not fit another's.
BUILD = ROOT / "build" / (RELEASE if RELEASE not in ("", "trixie") else "")
REPORTS = BUILD / "reports"
GCC_BUILD = BUILD / "gcc"

GCC = {"CC": "gcc", "CXX": "g++"}
CLANG = {"CC": "clang", "CXX": "clang++"}


@dataclass
class Outcome:
    passed: int = 0
    failures: list[str] = field(default_factory=list)  # their names
    skipped: int = 0
    unstable: int = 0  # of those that passed: at the second try only

    def __iadd__(self, other: Outcome) -> Outcome:
        self.passed += other.passed
        self.failures += other.failures
        self.skipped += other.skipped
        self.unstable += other.unstable
        return self

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        unstable = f", {self.unstable} of the passed at the second try only" if self.unstable else ""
        return f"{self.passed} passed, {len(self.failures)} failed{skipped}{unstable}"


def run(*command: str | Path, environment: dict[str, str] | None = None) -> bool:
    print("+", *command, flush=True)
    return subprocess.run(command, cwd=ROOT, env=os.environ | (environment or {})).returncode == 0


def configured(folder: Path, compiler: dict[str, str], *options: str) -> bool:
    return (folder / "build.ninja").exists() or run("meson", "setup", folder, "--werror", *options, environment=compiler)


def built(folder: Path, compiler: dict[str, str], *options: str, targets: tuple[str, ...] = ()) -> bool:
    """Configures once, then compiles what has changed: everything, or the named targets."""
    return configured(folder, compiler, *options) and run("meson", "compile", "-C", folder, *targets)


def not_built(folder: Path) -> Outcome:
    return Outcome(failures=[f"{folder.relative_to(ROOT)} could not be built"])


def of_cases(names: Iterable[str], well: list[bool]) -> Outcome:
    """Of things that are one case each."""
    return Outcome(passed=sum(well), failures=[name for name, passed in zip(names, well, strict=True) if not passed])


def has_failed(case: ElementTree.Element) -> bool:
    return case.find("failure") is not None or case.find("error") is not None


def read_junit(report: Path, all_was_well: bool, runner: str) -> Outcome:
    """Counts the test cases. A runner that failed without a failed case, or ran none, counts as one failure."""
    outcome = Outcome()
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            if has_failed(case):
                outcome.failures.append(name_of(case))
            elif case.find("skipped") is not None:
                outcome.skipped += 1
            else:
                outcome.passed += 1
    if (not all_was_well or outcome.passed == 0) and not outcome.failures:
        outcome.failures.append(runner)
    return outcome


def name_of(case: ElementTree.Element) -> str:
    return f"{case.get('classname', '')}: {case.get('name')}"


# More than these do not fail for want of a processor's time.
MOST_TRIED_AGAIN = 3


def tried_again(outcome: Outcome, failed: list[str], try_again: Callable[[list[str]], bool]) -> Outcome:
    """Gives what failed a second try, by itself, for a busy machine can make a real GIMP miss a time limit. Both tries stay visible: the
    first one's output above, the names here, their number in the summary. What fails twice has failed."""
    if not failed or len(failed) > MOST_TRIED_AGAIN:
        return outcome
    print("\ntests/run: failed, tried once more:", *failed, sep="\n  ", flush=True)
    if not try_again(failed):
        return outcome
    return Outcome(passed=outcome.passed + len(outcome.failures), skipped=outcome.skipped, unstable=len(outcome.failures))


def meson_tests(
    folder: Path, compiler: dict[str, str], *options: str, suite: str | None = None, targets: tuple[str, ...] = (), tests: tuple[str, ...] = (), second_try: bool = True
) -> Outcome:
    """All of them, or those of a suite, or those of these names; of the latter, only what they need is built."""
    if not (configured(folder, compiler, *options) if tests else built(folder, compiler, *options, targets=targets)):
        return not_built(folder)
    report = folder / "meson-logs" / "testlog.junit.xml"
    report.unlink(missing_ok=True)
    test = ("meson", "test", "-C", folder, "--print-errorlogs")
    all_was_well = run(*test, *tests, *(["--suite", suite] if suite else []), *([] if tests else ["--no-rebuild"]))
    programs = failed_programs(folder)
    outcome = read_junit(report, all_was_well, "a program that ended early: " + (", ".join(programs) or folder.name))
    return tried_again(outcome, programs, lambda names: run(*test, "--no-rebuild", *names)) if second_try else outcome


def failed_programs(folder: Path) -> list[str]:
    log = folder / "meson-logs" / "testlog.json"
    tests = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    # "venice-gimp:unit+abi / abi client" is how Meson writes a suite and a name.
    return [test["name"].rpartition(" / ")[2] for test in tests if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL")]


def pytest(name: str, *folders: str) -> Outcome:
    if not built(GCC_BUILD, GCC):
        return not_built(GCC_BUILD)
    outcome, report = pytest_once(name, GCC_BUILD, *folders)
    return tried_again(outcome, failed_cases(report), lambda cases: run_pytest(REPORTS / f"{name}-again.xml", GCC_BUILD, *cases))


def pytest_once(name: str, build: Path, *arguments: str, environment: dict[str, str] | None = None) -> tuple[Outcome, Path]:
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    return read_junit(report, run_pytest(report, build, *arguments, *PYTEST_ARGUMENTS, environment=environment), "pytest"), report


def run_pytest(report: Path, build: Path, *arguments: str, environment: dict[str, str] | None = None) -> bool:
    return run(
        sys.executable, "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments,
        environment={"VENICE_BUILD_DIR": str(build), "PYTHONDONTWRITEBYTECODE": "1"} | (environment or {}),
    )


def failed_cases(report: Path) -> list[str]:
    """As pytest takes them: tests/gui/test_key.py::test_name[parameter]."""
    cases = ElementTree.parse(report).iter("testcase") if report.exists() else []
    return [f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}" for case in cases if has_failed(case)]


def lint() -> Outcome:
    """Every source of the library and of the plug-in is one case for clang-tidy (.clang-tidy has the checks); cppcheck looks at all in one."""
    folder = BUILD / "lint-all"  # not built: it is there for its compile_commands.json, with options that clang-tidy knows
    # cppcheck wants all that is listed there to exist.
    if not configured(folder, CLANG) or not run("ninja", "-C", folder, "plugin/src/ui/venice-gimp-ui.c"):
        return not_built(folder)
    tidy = ("clang-tidy", "-p", folder, "--quiet", "--warnings-as-errors=*")
    cppcheck = (
        "cppcheck", f"--project={folder / 'compile_commands.json'}", "--file-filter=*capi/src/*", "--file-filter=*plugin/src/*",
        "--enable=warning,performance,portability", "--check-level=exhaustive", "--library=posix", "--library=gtk", "-D__BEGIN_DECLS=", "-D__END_DECLS=",
        "--inline-suppr", "--quiet", "--error-exitcode=1",
    )
    sources = sorted([*ROOT.glob("capi/src/*/*.cpp"), *ROOT.glob("plugin/src/**/*.cpp")])
    with ThreadPoolExecutor(max_workers=2) as pool:
        well = list(pool.map(lambda command: run(*command), [cppcheck, *((*tidy, source) for source in sources)]))
    return of_cases(["cppcheck", *(f"clang-tidy: {source.relative_to(ROOT)}" for source in sources)], well)


FUZZ = BUILD / "fuzz"
FUZZ_OPTIONS = ("-Dfuzz=enabled", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Ddebug=false", "-Doptimization=1")
FUZZ_SOURCES = ROOT / "tests" / "fuzz"
FUZZ_DICTIONARIES = {"catalogue": "json", "error_body": "json", "generate": "json", "request": "json", "headers": "headers", "decode_png": "png", "decode_jpeg": "jpeg", "decode_webp": "webp"}

FUZZ_FURTHER_CORPORA = {"progressive": ("decode_jpeg", "decode_png", "decode_webp")}  # tests/fuzz/meson.build knows them, too

# The usual run invents the same inputs everywhere, as far as it gets within its seconds: what is wrong shows when it is made, not some day in another test.
FUZZ_SHORTLY = ("-seed=1", "-runs=20000", "-max_total_time=3")


def fuzz_target(target: str) -> bool:
    seconds = os.environ.get("VENICE_FUZZ_SECONDS")
    findings = FUZZ / "findings"
    invented = FUZZ / ("corpus" if seconds else "corpus-of-short-run") / target
    if not seconds:  # only a long run goes on from what was invented before
        shutil.rmtree(invented, ignore_errors=True)
    findings.mkdir(parents=True, exist_ok=True)
    invented.mkdir(parents=True, exist_ok=True)
    dictionary = FUZZ_SOURCES / f"{FUZZ_DICTIONARIES.get(target)}.dict"
    command = [
        str(FUZZ / "tests" / "fuzz" / f"fuzz-{target}"), *([f"-max_total_time={seconds}"] if seconds else FUZZ_SHORTLY), "-timeout=60", "-print_final_stats=1",
        f"-artifact_prefix={findings / target}-", *([f"-dict={dictionary}"] if dictionary.exists() else []), str(invented),
        *(str(FUZZ_SOURCES / "corpus" / folder) for folder in (target, *FUZZ_FURTHER_CORPORA.get(target, ()))),
    ]
    print("+", *command, flush=True)
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
    executions = re.search(r"stat::number_of_executed_units: *(\d+)", outcome.stderr)
    print(f"{target}: {executions[1] if executions else 'no'} executions", flush=True)
    if outcome.returncode != 0:
        print(outcome.stderr[-20000:], flush=True)
    return outcome.returncode == 0


def fuzz() -> Outcome:
    """Every target is one case."""
    if not built(FUZZ, CLANG, *FUZZ_OPTIONS, targets=("fuzzers",)):
        return not_built(FUZZ)
    targets = os.environ.get("VENICE_FUZZ_TARGETS", "").split() or sorted(path.name for path in (FUZZ_SOURCES / "corpus").iterdir())
    with ThreadPoolExecutor(max_workers=1 if "VENICE_FUZZ_SECONDS" in os.environ else 2) as pool:
        well = list(pool.map(fuzz_target, targets))
    return of_cases((f"fuzz-{target}" for target in targets), well)


SANITIZERS = ("-Dplugin=disabled", "-Db_sanitize=address,undefined", "-Dbuildtype=debug")

# What the usual run takes of tests/http, so that it is done in about two minutes; VENICE_SANITIZE_ALL=1 takes all.
SANITIZED = ("fault_table", "jobs", "outages", "retries", "signals", "streaming")

# Each fault once. And no fork: of 224 runs of that test under gcc 14's AddressSanitizer 15 hung. In the child that was looked into, the new thread waited in the
# sanitizer's Mutex::Lock, below GetFromAllocator and AsanThread::ThreadStart: another thread had held that lock at the fork. No code of ours had begun.
SANITIZED_FAULTS = ["-k", "(not test_a_fault or submit) and not fork"]

# A report, or a leak in it, that is about Python is none of ours.
OUR_CODE = re.compile(r"libvenice|capi/src/|tests/load/")


def our_findings(folder: Path) -> list[str]:
    """Of the reports that sanitizers have left there: every error, and leaks whose memory libvenice asked for."""
    findings = []
    for report in sorted(folder.iterdir()):
        text = report.read_text(errors="replace")
        leaks = [part for part in text.split("\n\n") if re.match(r"(Direct|Indirect) leak of", part.strip())]
        findings += [leak for leak in leaks if OUR_CODE.search(leak)]
        if not leaks:
            findings.append(text)
    return findings


def gcc_file(name: str) -> str:
    found = subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True).stdout.strip()
    return str(Path(found).resolve())


def http_sanitizers() -> Outcome:
    """The tests over HTTP, whose Python loads an instrumented libvenice. Python never frees some of what it has: only leaks that went through libvenice count,
    and they are read from the reports."""
    build = BUILD / "sanitizers"
    if not built(build, GCC, *SANITIZERS):
        return not_built(build)
    # With the C++ library, which Python has not: AddressSanitizer looks for what throws exceptions when it starts.
    preloaded = [gcc_file("libasan.so"), gcc_file("libstdc++.so")]
    folder = REPORTS / "http-sanitizers"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {
        "LD_PRELOAD": " ".join(preloaded),
        "PYTHONMALLOC": "malloc",  # else the handles that Python holds would not be seen
        "ASAN_OPTIONS": f"abort_on_error=1:log_path={folder / 'report'}",
        "LSAN_OPTIONS": "exitcode=0",
        "UBSAN_OPTIONS": f"halt_on_error=1:abort_on_error=1:print_stacktrace=1:log_path={folder / 'report'}",
    }
    tests = ["tests/http", "-k", "not fork"] if os.environ.get("VENICE_SANITIZE_ALL") else [f"tests/http/test_{name}.py" for name in SANITIZED] + SANITIZED_FAULTS
    outcome, _ = pytest_once("http-sanitizers", build, "tests/load", *tests, environment=environment)
    for finding in our_findings(folder):
        print(finding, flush=True)
        outcome.failures.append((finding.strip() or "an empty report").splitlines()[0])
    return outcome


THREAD_SANITIZER = ("-Db_sanitize=thread", "-Dbuildtype=debug", "-Doptimization=1")

THREADS_TARGETS = ("test-abi-threads", "test-decoding-progressive-threads", "test-libvenice-prefaulter", "load")


def threads() -> Outcome:
    """What a sanitizer finds once is there: no second try."""
    build = BUILD / "threads"
    outcome = meson_tests(build, GCC, *THREAD_SANITIZER, suite="threads", targets=THREADS_TARGETS, second_try=False)
    outcome += pytest_once("threads", build, "tests/load", environment={"TSAN_OPTIONS": "halt_on_error=1:exitcode=66:history_size=7"})[0]
    return outcome


# Floors in per cent, well below what is measured: much code without tests, or tests that no longer run, fall below; chance does not.
COVERED = {"capi/src": 95, "plugin/src/generation": 95, "plugin/src/store": 95}

# What they run is all that is built of the plug-in.
COVERING_TESTS = ("abi *", "libvenice *", "generation *", "store *")

# Without what takes long and reaches no line by itself: each fault once only, and no storms of signals.
COVERING_HTTP = ("tests/http", "-k", "(not test_a_fault or submit) and not test_signals and not test_clocks")


def reaches_its_floor(summary: Path, folder: str) -> bool:
    files = [file for file in json.loads(summary.read_text())["files"] if file["filename"].startswith(f"{folder}/")]
    covered, total = (sum(file[f"line_{what}"] for file in files) for what in ("covered", "total"))
    print(f"{folder:22} {100 * covered / max(total, 1):5.1f} % of {total} lines (at least {COVERED[folder]} %)", flush=True)
    return 100 * covered >= COVERED[folder] * max(total, 1)


def coverage() -> Outcome:
    """Prints the lines that these tests do not reach. The floor of each folder is a case of its own."""
    build = BUILD / "coverage"
    if not configured(build, GCC, "-Db_coverage=true", "-Dbuildtype=debug"):
        return not_built(build)
    for counts in build.rglob("*.gcda"):
        counts.unlink()
    outcome = meson_tests(build, GCC, tests=COVERING_TESTS, second_try=False)
    outcome += pytest_once("coverage", build, *COVERING_HTTP)[0]
    summary = REPORTS / "coverage.json"
    summary.unlink(missing_ok=True)
    filters = [part for folder in COVERED for part in ("--filter", f"{folder}/")]
    objects = [build / folder for folder in ("capi", "plugin", "tests/unit")]
    # Lines that hold a brace only count for what an exception would run there.
    reported = run(
        "gcovr", "--root", ROOT, "--gcov-ignore-parse-errors=negative_hits.warn", "--exclude-throw-branches", "--exclude-noncode-lines", "-j", "2", *filters,
        "--txt", "-", "--json-summary", summary, *objects,
    )
    well = [reported and reaches_its_floor(summary, folder) for folder in COVERED]
    outcome += of_cases((f"coverage of {folder}" for folder in COVERED), well)
    return outcome


PARTS: dict[str, Callable[[], Outcome]] = {
    "unit": lambda: meson_tests(GCC_BUILD, GCC),
    "clang": lambda: meson_tests(BUILD / "clang", CLANG),
    # What a sanitizer finds once is there.
    "sanitizers": lambda: meson_tests(BUILD / "sanitizers", GCC, *SANITIZERS, second_try=False),
    "http-sanitizers": http_sanitizers,
    "threads": threads,
    "coverage": coverage,
    "fuzz": fuzz,
    "lint": lint,
    "po": lambda: pytest("po", "tests/po"),
    "env": lambda: pytest("env", "tests/env"),
    "sandbox": lambda: pytest("sandbox", "tests/sandbox"),
    "security": lambda: pytest("security", "tests/security"),
    "http": lambda: pytest("http", "tests/http"),
    "load": lambda: pytest("load", "tests/load"),
    "ffi": lambda: pytest("ffi", "tests/ffi"),
    "gimp": lambda: pytest("gimp", "tests/gimp"),
    "gui": lambda: pytest("gui", "tests/gui"),
    "try": lambda: pytest("try", "tests/try"),
}

PYTEST_ARGUMENTS: list[str] = []


def bench(arguments: list[str]) -> int:
    """Not a part: nothing passes or fails by a time. An optimised build of its own, since that is what is installed."""
    sys.path.insert(0, str(ROOT / "tests" / "bench"))
    import bench as benchmark

    if not built(BUILD / "bench", GCC, "--buildtype=release", targets=benchmark.PROGRAMS):
        return 1
    return benchmark.main(BUILD / "bench", REPORTS / "bench.json", arguments)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["bench"]:
        return bench(arguments[1:])
    first_option = next((i for i, argument in enumerate(arguments) if argument.startswith("-")), len(arguments))
    names = arguments[:first_option] or list(PARTS)
    PYTEST_ARGUMENTS.extend(arguments[first_option:])
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"tests/run: there is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}", file=sys.stderr)
        return 2

    total = Outcome()
    summary = []
    for name in names:
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        outcome = PARTS[name]()
        outcome.failures = [f"{name}: {failure}" for failure in outcome.failures]
        total += outcome
        summary.append(f"{name:15} {time.monotonic() - start:5.0f} s  {outcome}")
    # The names once more, where whoever sees only the end of the output finds them.
    print("", *summary, "", *(f"failed: {name}" for name in total.failures), total, sep="\n", flush=True)
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
