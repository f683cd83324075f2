# SPDX-License-Identifier: MIT
"""Checks values against the schemas of an OpenAPI document: only what the generate request's schema uses, and a complaint about anything else."""

from __future__ import annotations

from typing import Any

IGNORED = {"description", "example", "default", "deprecated", "format"}
TYPES: dict[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}


def complaints(schema: dict[str, Any], value: Any, path: str = "") -> list[str]:
    """What is wrong with the value; empty if nothing."""
    if "anyOf" in schema:
        options = [complaints(option, value, path) for option in schema["anyOf"]]
        return [] if any(not option for option in options) else options[0]
    kind = schema.get("type")
    if kind is None:
        return []
    if not isinstance(value, TYPES[kind]) or (kind != "boolean" and isinstance(value, bool)):
        return [f"{path}: {value!r} is no {kind}"]
    found = []
    for rule, limit in schema.items():
        wrong = {
            "type": lambda: False,
            "enum": lambda: value not in limit,
            "minimum": lambda: value <= limit if schema.get("exclusiveMinimum") is True else value < limit,
            "maximum": lambda: value >= limit if schema.get("exclusiveMaximum") is True else value > limit,
            "exclusiveMinimum": lambda: False,
            "exclusiveMaximum": lambda: False,
            "minLength": lambda: len(value) < limit,
            "maxLength": lambda: len(value) > limit,
            "required": lambda: any(name not in value for name in limit),
            "additionalProperties": lambda: limit is False and any(name not in schema["properties"] for name in value),
            "properties": lambda: False,
            "items": lambda: False,
        }
        if rule not in IGNORED and wrong[rule]():
            found.append(f"{path}: {value!r} breaks {rule} {limit!r}")
    if kind == "object":
        for name, inner in schema.get("properties", {}).items():
            found += complaints(inner, value[name], f"{path}/{name}") if name in value else []
    if kind == "array":
        for position, item in enumerate(value):
            found += complaints(schema["items"], item, f"{path}/{position}")
    return found
