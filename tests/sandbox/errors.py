# SPDX-License-Identifier: MIT
"""Error answers.

The API has no single error format: which of its five shapes an answer has depends on the layer that
refused the request.  Each shape is produced at least once here, so that a client meets all of them:

* ``{"error": "text"}``
* ``{"error": "text", "details": tree or string, "issues": [{code, path, message}]}``
* ``{"error": {"message", "type", "param", "code"}}``
* ``{"error": "text", "code": "CODE"}``
* ``{"error": "text", "request_id": "id"}``
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any, Sequence


class ApiError(Exception):
    """A refused request: status, body and further headers of the answer."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers or {}


def issue(code: str, path: Sequence[str | int], message: str, **more: Any) -> dict[str, Any]:
    """One entry of ``issues``; path leads to the wrong value."""
    return {"code": code, **more, "path": list(path), "message": message}


def details_tree(issues: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The same messages as a tree that has the form of the request, with ``_errors`` at each place."""
    root: dict[str, Any] = {"_errors": []}
    for entry in issues:
        node = root
        for step in entry["path"]:
            node = node.setdefault(str(step), {"_errors": []})
        node["_errors"].append(entry["message"])
    return root


def invalid_fields(issues: Sequence[dict[str, Any]]) -> ApiError:
    """400 for values that the schema or the model does not allow."""
    return ApiError(
        400,
        {"error": "Invalid request parameters", "details": details_tree(issues), "issues": list(issues)},
    )


def invalid_text(error: str, details: str) -> ApiError:
    """400 whose ``details`` is a plain string."""
    return ApiError(400, {"error": error, "details": details})


def malformed_json(reason: str) -> ApiError:
    return invalid_text("Invalid request body", f"The body is not valid JSON: {reason}")


def unknown_key() -> ApiError:
    return ApiError(401, {"error": "Authentication failed"})


def inactive_key() -> ApiError:
    return ApiError(401, {"error": "Authentication failed: the API key is inactive or has expired"})


def needs_plan(model: str) -> ApiError:
    return ApiError(401, {"error": f"The model {model} is only available to Pro users"})


def needs_admin_key() -> ApiError:
    # Seen from the real service: an inference key may not ask for billing data.  It is not a wrong key.
    return ApiError(401, {"error": "Admin API key required"})


def no_key(url: str) -> ApiError:
    """402, not 401: without any key the API offers payment by wallet (protocol x402, version 2).
    The addresses here are placeholders; nobody can pay to them."""
    offer: dict[str, Any] = {
        "x402Version": 2,
        "error": "Payment required",
        "resource": {"url": url, "description": "Venice API (sandbox)", "mimeType": "application/json"},
        "accepts": [
            {
                "scheme": "exact",
                "network": "sandbox",
                "asset": "sandbox-token",
                "amount": "10000000",
                "payTo": "sandbox-wallet",
                "maxTimeoutSeconds": 300,
                "extra": {"name": "Sandbox Coin", "version": "1"},
            }
        ],
    }
    header = base64.b64encode(json.dumps(offer).encode()).decode()
    body = dict(offer)
    body["authOptions"] = {
        "apiKey": {
            "header": "Authorization: Bearer YOUR_API_KEY",
            "getKey": "https://venice.ai/settings/api",
            "docs": "https://docs.venice.ai/api-reference",
        },
        "x402Wallet": {
            "header": "SIGN-IN-WITH-X",
            "legacyHeader": "X-Sign-In-With-X",
            "topUp": "POST /api/v1/x402/top-up",
            "docs": "https://docs.venice.ai/api-reference/endpoint/x402/top-up",
        },
    }
    return ApiError(402, body, {"PAYMENT-REQUIRED": header})


def balance_too_low() -> ApiError:
    return ApiError(
        402,
        {
            "error": "Insufficient USD or Diem balance to complete request. Visit https://venice.ai/settings/api to add credits.",
            "code": "INSUFFICIENT_BALANCE",
        },
    )


def spending_limit() -> ApiError:
    return ApiError(402, {"error": "API key spending limit exceeded", "code": "SPEND_LIMIT_EXCEEDED"})


def forbidden(model: str) -> ApiError:
    return ApiError(403, {"error": f"This API key may not use the model {model}"})


def unknown_model(model: str) -> ApiError:
    return ApiError(404, {"error": f"Specified model not found: {model}"})


def retired_model(model: str, replacement: str | None) -> ApiError:
    text = f"The model {model} has been retired."
    if replacement:
        text += f" Please use {replacement} instead."
    return ApiError(404, {"error": text})


def unknown_route() -> ApiError:
    return ApiError(404, {"error": "Not found"})


def wrong_method(allowed: str) -> ApiError:
    return ApiError(405, {"error": "Method not allowed"}, {"Allow": allowed})


def too_large(limit: int) -> ApiError:
    return ApiError(
        413,
        {
            "error": {
                "message": f"Request body is larger than {limit} bytes",
                "type": "invalid_request_error",
                "param": None,
                "code": "payload_too_large",
            }
        },
    )


def wrong_content_type() -> ApiError:
    return ApiError(415, {"error": "Invalid request content-type: application/json expected"})


def rate_limited(retry_after: int) -> ApiError:
    return ApiError(429, {"error": "Rate limit exceeded"}, {"Retry-After": str(retry_after)})


def key_locked(retry_after: int) -> ApiError:
    # More than a number of failed requests in 30 seconds lock a key for 30 seconds.
    return ApiError(
        429,
        {"error": "Too many failed requests. This API key is locked for a short time.", "code": "TOO_MANY_FAILED_REQUESTS"},
        {"Retry-After": str(retry_after)},
    )


def inference_failed() -> ApiError:
    return ApiError(500, {"error": "Inference processing failed", "request_id": uuid.uuid4().hex})


def model_offline(model: str) -> ApiError:
    return ApiError(503, {"error": f"The model {model} is currently offline. Please try again later.", "code": "MODEL_OFFLINE"})
