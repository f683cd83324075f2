#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Usage: filter.py HEADER

Doxygen's input filter. The headers say once, in venice.h, what holds for all functions: who owns what, what `error` is, what the short names of
the statuses mean. Here that is put where it belongs in the reference, so that the headers stay short and every function is still complete.
What is not by convention is not made up here: if a header does not say it, Doxygen complains.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

# What a parameter of this name always is. Handles are added by their type.
CONVENTIONS = {
    "error": "receives NULL, or what went wrong; free it with venice_error_free(). May be NULL.",
    "out": "receives what is made, NULL on failure. It is yours to free.",
    "index": "which one, from 0",
    "user_data": "what was handed to venice_client_set_notify()",
}

COMMENT_AND_FUNCTION = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\n(VENICE_API ([^;()]*?)\b(venice_\w+)\(([^)]*)\);|typedef void \(\*(\w+)\)\(([^)]*)\);)", re.DOTALL)


def with_links_to_statuses(text: str, folder: Path) -> str:
    """After @return the statuses stand by their short names."""
    names = re.findall(r"VENICE_ERROR_(\w+) =", (folder / "status.h").read_text(encoding="utf-8"))
    names.remove("HTTP")  # which nearly always means the protocol
    short_name = re.compile(rf"(?<![\w#\"])({'|'.join(sorted(names, key=len, reverse=True))})(?!\w)")
    returns = re.compile(r"@return(?:(?!\*/).)*", re.DOTALL)
    return returns.sub(lambda said: short_name.sub(r'@ref VENICE_ERROR_\1 "\1"', said[0]), text)


def brief_from_return(text: str) -> str:
    """Of a comment that says nothing but what is returned, the first clause: for the lists of functions."""
    match = re.match(r"\s*\*?\s*@return\s+(.*?)(?:;|\.(?=\s|$))", text, flags=re.DOTALL)
    if not match:
        return ""
    clause = " ".join(re.sub(r"^\s*\*\s?", "", line).strip() for line in match[1].splitlines())
    return f" * @brief {clause[0].upper()}{clause[1:]}.\n *\n"


def parameter_lines(text: str, parameters: str) -> str:
    lines = ""
    for parameter in parameters.split(","):
        match = re.fullmatch(r"\s*(.*?)(\w+)\s*", parameter, flags=re.DOTALL)
        if not match or match[0].strip() == "void":
            continue
        kind, name = match[1].strip(), match[2]
        if re.search(rf"@param\s+{name}\b|@param\s+\w+,\s*{name}\b", text):
            continue
        handle = re.fullmatch(r"(?:const )?venice_(\w+) \*", kind)
        said = CONVENTIONS.get(name) or (f"the {handle[1].replace('_', ' ')}" if handle else "")
        if said:
            lines += f" * @param {name} {said}\n"
    return lines


def completed(match: re.Match[str]) -> str:
    text, declaration = match[1], match[2]
    result, parameters = (match[3] or "void").strip(), match[5] if match[4] else match[7]
    body = text.rstrip()
    body = body.lstrip("\n")
    brief = brief_from_return(body) if re.match(r"\s*\*?\s*@return", body) else ""
    since = re.findall(r"\s*Since (\d+\.\d+)\.\s*$", body)
    body = re.sub(r"\s*Since \d+\.\d+\.\s*$", "", body)
    if not re.match(r"\s*\*", body):
        body = " *" + body
    extra = parameter_lines(text, parameters)
    as_other = re.search(r"\b[Aa]s (venice_\w+)\(\)", body)
    if result != "void" and "@return" not in body and as_other:
        extra += f" * @return what {as_other[1]}() returns\n"
    extra += "".join(f" * @since {version}\n" for version in since)
    return f"/**\n{brief}{body}\n{extra} */\n{declaration}"


def main() -> None:
    path = Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    text = COMMENT_AND_FUNCTION.sub(completed, text)
    text = with_links_to_statuses(text, path.parent)
    if path.name == "venice.h":
        text = re.sub(r"/\*\*\n \* @file venice\.h\n \* (.*)\n", r"/** @file venice.h Includes all other headers. */\n/**\n * @mainpage libvenice\n * \1\n", text, count=1)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
