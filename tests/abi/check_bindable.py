#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Usage: check_bindable.py INCLUDE_FOLDER CONSTANTS

A language without a C compiler can use the library with nothing but the headers' text at hand: there are only opaque handles, a few
scalar types and functions; no macro and no struct is needed; the number of each constant stands in its comment, and is
the one that it had when CONSTANTS, a file with a line "NAME NUMBER" for each, was last renewed (update-baseline does that).  Prints TAP."""

from __future__ import annotations

import re
import sys
from pathlib import Path

SCALARS = {"int32_t", "int64_t", "double", "size_t", "venice_status"}
OUT_SCALARS = {f"{scalar} *" for scalar in SCALARS}
TEXTS_AND_BYTES = {"const char *", "const uint8_t *"}
OUT_TEXTS_AND_BYTES = {"const char **", "const uint8_t **"}
HANDLE = re.compile(r"(?:const )?(venice_\w+) \*")
OUT_HANDLE = re.compile(r"(venice_\w+) \*\*")

# What a header is wrapped in; a binding does not read it.
WRAPPING = re.compile(
    r"""^\#ifndef\ VENICE_\w+_H\n\#define\ VENICE_\w+_H\n | ^\#include\ <(?:venice/\w+|stddef|stdint)\.h>\n
    | ^\#ifdef\ __cplusplus\n(?:extern\ "C"\ \{|\})\n\#endif\n | ^\#if\ defined\(__GNUC__\)\n(?:\#define\ VENICE_API.*\n|\#else\n)+\#endif\n | ^\#endif\n""",
    re.MULTILINE | re.VERBOSE,
)


class Header:
    def __init__(self, text: str) -> None:
        self.problems: list[str] = []
        self.handles: set[str] = set()
        self.callbacks: set[str] = set()
        self.functions: list[str] = []
        self.constants: dict[str, int] = {}
        for comment, name, number in re.findall(r"(?:/\*\*\s*((?:(?!\*/).)*?)\*/\s*)?\b(VENICE_\w+)\s*=\s*([^,}\n]+)", text, flags=re.DOTALL):
            self._constant(comment, name, number.strip())
        self._declarations = self._split(text)

    def _constant(self, comment: str, name: str, number: str) -> None:
        if not re.fullmatch(r"-?\d+", number) or not -(2**31) <= int(number) < 2**31:
            self.problems.append(f"{name} has no plain number of 32 bits")
            return
        self.constants[name] = int(number)
        said = re.match(r"(-?\d+)\b", comment)
        if not said or int(said[1]) != int(number):
            self.problems.append(f"the comment of {name} does not begin with its number, {number}")

    def _split(self, text: str) -> list[str]:
        code = WRAPPING.sub("", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
        code = WRAPPING.sub("", re.sub(r"^\s*\n", "", code, flags=re.MULTILINE))
        for line in re.findall(r"^\s*#.*", code, flags=re.MULTILINE):
            self.problems.append(f"a preprocessor line: {line.strip()}")
        code = re.sub(r"^\s*#.*\n?", "", code, flags=re.MULTILINE)
        return [" ".join(part.split()) for part in re.split(r";(?![^{]*\})", code) if part.strip()]

    def read_types(self) -> None:
        for declaration in self._declarations:
            if match := re.fullmatch(r"typedef struct (\w+) (\w+)", declaration):
                self.handles.add(match[2])
            elif match := re.fullmatch(r"typedef \w+ \(\*(\w+)\)\(.*\)", declaration):
                self.callbacks.add(match[1])

    def read_functions(self, handles: set[str], callbacks: set[str]) -> None:
        for declaration in self._declarations:
            if re.fullmatch(r"typedef struct venice_\w+ venice_\w+|typedef int32_t venice_status", declaration):
                continue
            constants = re.fullmatch(r"enum \{(.*)\}", declaration)
            if constants:
                unnumbered = [entry.strip() for entry in constants[1].split(",") if entry.strip() and not re.fullmatch(r"\s*VENICE_\w+ = -?\d+\s*", entry)]
                self.problems += [f"a constant without a plain number: {entry}" for entry in unnumbered]
                continue
            callback = re.fullmatch(r"typedef void \(\*\w+\)\((.*)\)", declaration)
            function = re.fullmatch(r"VENICE_API ((?:const )?\w+ \**)(\w+)\((.*)\)", declaration)
            if callback:
                self._parameters(declaration, callback[1], handles, set())
            elif function:
                self.functions.append(function[2])
                result = function[1].strip()
                if result not in SCALARS | TEXTS_AND_BYTES | {"void"} and not self._is_handle(HANDLE, result, handles):
                    self.problems.append(f"{function[2]} returns {result}")
                if function[3] != "void":
                    self._parameters(function[2], function[3], handles, callbacks)
            else:
                self.problems.append(f"neither an opaque handle, a callback, numbered constants nor a function: {declaration}")

    @staticmethod
    def _is_handle(pattern: re.Pattern[str], kind: str, handles: set[str]) -> bool:
        match = pattern.fullmatch(kind)
        return match is not None and match[1] in handles

    def _parameters(self, where: str, parameters: str, handles: set[str], callbacks: set[str]) -> None:
        for parameter in parameters.split(","):
            match = re.fullmatch(r"\s*((?:const )?\w+ ?\**)\s*(\w+)\s*", parameter)
            kind = re.sub(r" ?(\*+)$", r" \1", match[1].strip()) if match else ""
            fits = kind in SCALARS | OUT_SCALARS | TEXTS_AND_BYTES | OUT_TEXTS_AND_BYTES | callbacks | {"void *"}
            if not (fits or self._is_handle(HANDLE, kind, handles) or self._is_handle(OUT_HANDLE, kind, handles)):
                self.problems.append(f"{where} has the parameter {parameter.strip()}")


def read(texts: list[str]) -> list[Header]:
    headers = [Header(text) for text in texts]
    for header in headers:
        header.read_types()
    handles = set().union(*(header.handles for header in headers))
    callbacks = set().union(*(header.callbacks for header in headers))
    for header in headers:
        header.read_functions(handles, callbacks)
    return headers


def problems_of(texts: list[str]) -> list[str]:
    return [problem for header in read(texts) for problem in header.problems]


HANDLES = "typedef struct venice_job venice_job;\ntypedef struct venice_error venice_error;\ntypedef int32_t venice_status;\n"

GOOD = [
    "VENICE_API venice_status venice_f(venice_job *job, const char *a, int64_t b, double c, venice_job **out, venice_error **error);",
    "VENICE_API const uint8_t *venice_f(const venice_job *job, size_t index);\nVENICE_API void venice_g(void);",
    "typedef void (*venice_call)(void *user_data);\nVENICE_API int32_t venice_f(venice_call call, double *usd, const char **text);",
    "enum {\n/** 0: fine. */\nVENICE_A = 0,\n/** 1: not. */\nVENICE_B = 1\n};",
]

# What must not be in a header; that this program sees it is tested, too.
BAD = {
    "a macro": "#define VENICE_WIDTH 1024",
    "a condition": "#if __STDC_VERSION__ >= 201112L\nVENICE_API void venice_f(void);\n#endif",
    "a function of macros": "#define venice_f(x) venice_g(x)",
    "a struct": "struct venice_size { int32_t width; int32_t height; };",
    "a struct of a typedef": "typedef struct venice_size { int32_t width; } venice_size;",
    "a union": "typedef union venice_value { int32_t i; double d; } venice_value;",
    "a bitfield": "struct venice_flags { int32_t a : 1; };",
    "a struct by value": "VENICE_API void venice_f(venice_job job);",
    "a struct as the result": "VENICE_API venice_job venice_f(void);",
    "variable arguments": "VENICE_API void venice_f(const char *format, ...);",
    "an array": "VENICE_API void venice_f(int32_t values[4]);",
    "a parameter without a name": "VENICE_API void venice_f(int32_t);",
    "an int": "VENICE_API int venice_f(void);",
    "a long": "VENICE_API void venice_f(long value);",
    "a bool": "VENICE_API bool venice_f(void);",
    "a text that may be written": "VENICE_API char *venice_f(void);",
    "a handle that is not declared": "VENICE_API void venice_f(venice_thing *thing);",
    "an enum as a type": "enum venice_kind { VENICE_A = 0 };",
    "data": "extern const int32_t venice_limit;",
    "an inline function": "static inline int32_t venice_f(void) { return 1; }",
    "a callback that returns": "typedef int32_t (*venice_call)(void *user_data);",
    "a constant without a number": "enum {\n/** 0: fine. */\nVENICE_A\n};",
    "a constant with another's number": "enum {\n/** 0: fine. */\nVENICE_A = 0,\n/** 0: fine. */\nVENICE_B = VENICE_A\n};",
    "a number that is too large": "enum {\n/** 4294967296: fine. */\nVENICE_A = 4294967296\n};",
    "a number that its comment does not say": "enum {\n/** Fine. */\nVENICE_A = 0\n};",
    "a number that its comment says wrong": "enum {\n/** 1: fine. */\nVENICE_A = 0\n};",
    "a constant without a comment": "enum {\nVENICE_A = 0\n};",
}


def constants_of(headers: list[Header]) -> dict[str, int]:
    return {name: number for header in headers for name, number in header.constants.items()}


def read_constants(path: Path) -> dict[str, int]:
    return {name: int(number) for name, number in (line.split() for line in path.read_text(encoding="utf-8").splitlines())}


def main() -> int:
    include, baseline = Path(sys.argv[1]), Path(sys.argv[2])
    headers = read([path.read_text(encoding="utf-8") for path in sorted(include.glob("venice/*.h"))])
    constants = constants_of(headers)
    if "--write" in sys.argv:
        baseline.write_text("".join(f"{name} {number}\n" for name, number in sorted(constants.items())), encoding="utf-8")
        return 0
    promised = read_constants(baseline)
    checks = {
        "the headers hold functions and constants": [] if constants and any(header.functions for header in headers) else ["none found"],
        "nothing is needed that a binding cannot have": [problem for header in headers for problem in header.problems],
        "all promised constants have their numbers": [
            f"{name} was {number}, is {constants.get(name, 'gone')}" for name, number in promised.items() if constants.get(name) != number
        ],
        "all constants are in the list, which update-baseline renews": sorted(set(constants) - set(promised)),
        "there are promised constants": [] if promised else [f"{baseline} is empty"],
        "good headers are found good": [f"{problem}: {text}" for text in GOOD for problem in problems_of([HANDLES, text + "\n"])],
    } | {f"{what} is found": [] if problems_of([HANDLES, text + "\n"]) else [text] for what, text in BAD.items()}
    failed = 0
    print(f"1..{len(checks)}")
    for number, (name, wrong) in enumerate(checks.items(), 1):
        failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {number} - {name}")
        for line in wrong:
            print("#", line.replace("\n", " "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
