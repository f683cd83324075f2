# SPDX-License-Identifier: MIT
"""libvenice for Python: a thin layer over its C ABI with ctypes.

The library is found in the folder that VENICE_BUILD_DIR names (default: build/gcc), under capi/.
"""

from __future__ import annotations

import ctypes
import enum
import json
import os
from collections.abc import Callable, Iterator
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint8, c_void_p
from pathlib import Path
from typing import Any

BUILD_DIR = Path(os.environ.get("VENICE_BUILD_DIR") or Path(__file__).resolve().parents[2] / "build" / "gcc")
LIBRARY = BUILD_DIR / "capi" / "libvenice.so"

_library = ctypes.CDLL(str(LIBRARY))
_Notify = ctypes.CFUNCTYPE(None, c_void_p)


class Status(enum.IntEnum):
    OK = 0
    INVALID_ARGUMENT = 1
    UNKNOWN_PARAMETER = 2
    WRONG_TYPE = 3
    OUT_OF_RANGE = 4
    INVALID_TEXT = 5
    INVALID_JSON = 6
    INVALID_REQUEST = 7
    NOT_READY = 8
    BUSY = 9
    FORKED = 10
    INTERNAL = 21
    CANCELLED = 22
    FILE = 23
    RESOLVE = 30
    CONNECT = 31
    TLS = 32
    PROXY = 33
    NETWORK = 34
    TIMEOUT = 35
    INCOMPLETE_RESPONSE = 50
    MALFORMED_RESPONSE = 51
    RESPONSE_TOO_LARGE = 52
    REDIRECT = 53
    HTTP = 399
    BAD_REQUEST = 400
    UNAUTHORIZED = 401
    PAYMENT_REQUIRED = 402
    FORBIDDEN = 403
    NOT_FOUND = 404
    REQUEST_TOO_LARGE = 413
    UNSUPPORTED_MEDIA_TYPE = 415
    CONTENT_REFUSED = 422
    RATE_LIMITED = 429
    SERVER = 500
    BAD_GATEWAY = 502
    UNAVAILABLE = 503
    GATEWAY_TIMEOUT = 504


class State(enum.IntEnum):
    QUEUED = 0
    RUNNING = 1
    SUCCEEDED = 2
    FAILED = 3
    CANCELLED = 4


class Phase(enum.IntEnum):
    QUEUED = 0
    CONNECTING = 1
    SENDING = 2
    WAITING = 3
    RECEIVING = 4
    DECODING = 5
    ENDED = 6
    WAITING_TO_RETRY = 7


class Event(enum.IntEnum):
    PROGRESS = 1
    ENDED = 2
    IMAGE = 3


class Sizing(enum.IntEnum):
    PIXEL = 1
    RATIO = 2
    TIER = 3
    QUALITY_TIER = 4


def _query(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function that cannot fail."""
    function = getattr(_library, name)
    function.restype = result
    function.argtypes = arguments
    return function


def _call(name: str, *arguments: Any) -> Callable[..., None]:
    """A function that returns a status and takes an error as its last argument: raises VeniceError."""
    function = getattr(_library, name)
    function.restype = c_int32
    function.argtypes = [*arguments, POINTER(c_void_p)]

    def call(*values: Any) -> None:
        error = c_void_p()
        if function(*values, byref(error)) != Status.OK:
            raise VeniceError(error)

    return call


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def _bytes(value: str | bytes | None) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


class VeniceError(Exception):
    """Everything that a venice_error tells."""

    _free = _query("venice_error_free", None, c_void_p)
    _status = _query("venice_error_status", c_int32, c_void_p)
    _message = _query("venice_error_message", c_char_p, c_void_p)
    _http_status = _query("venice_error_http_status", c_int32, c_void_p)
    _server_message = _query("venice_error_server_message", c_char_p, c_void_p)
    _server_code = _query("venice_error_server_code", c_char_p, c_void_p)
    _request_id = _query("venice_error_request_id", c_char_p, c_void_p)
    _retry_after_ms = _query("venice_error_retry_after_ms", c_int64, c_void_p)
    _may_be_charged = _query("venice_error_may_be_charged", c_int32, c_void_p)
    _problem_count = _query("venice_error_problem_count", c_size_t, c_void_p)
    _problem_field = _query("venice_error_problem_field", c_char_p, c_void_p, c_size_t)
    _problem_message = _query("venice_error_problem_message", c_char_p, c_void_p, c_size_t)
    _problem_code = _query("venice_error_problem_code", c_char_p, c_void_p, c_size_t)

    def __init__(self, error: c_void_p) -> None:
        kind = type(self)
        self.status = Status(kind._status(error))
        self.message = kind._message(error).decode()
        self.http_status: int = kind._http_status(error)
        self.server_message = _text(kind._server_message(error))
        self.server_code = _text(kind._server_code(error))
        self.request_id = _text(kind._request_id(error))
        self.retry_after_ms: int = kind._retry_after_ms(error)
        self.may_be_charged = bool(kind._may_be_charged(error))
        count = kind._problem_count(error)
        self.problems = [(kind._problem_field(error, i).decode(), kind._problem_message(error, i).decode()) for i in range(count)]
        self.problem_codes = [(kind._problem_field(error, i).decode(), kind._problem_code(error, i).decode()) for i in range(count)]
        kind._free(error)
        super().__init__(self.status.name, self.message)

    def all_texts(self) -> str:
        return repr((self.message, self.server_message, self.server_code, self.request_id, self.problems))


class _Handle:
    """Owns a handle; frees it with the function of its class."""

    _free: Callable[[c_void_p], Any]

    def __init__(self, handle: c_void_p) -> None:
        self.handle: c_void_p | None = handle

    def free(self) -> Any:
        handle, self.handle = self.handle, None
        return type(self)._free(handle) if handle else None

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.free()

    def __del__(self) -> None:
        self.free()


class Request(_Handle):
    _new = _call("venice_request_new", POINTER(c_void_p))
    _free = _query("venice_request_free", None, c_void_p)
    _set_string = _call("venice_request_set_string", c_void_p, c_char_p, c_char_p)
    _set_int = _call("venice_request_set_int", c_void_p, c_char_p, c_int64)
    _set_double = _call("venice_request_set_double", c_void_p, c_char_p, c_double)
    _set_bool = _call("venice_request_set_bool", c_void_p, c_char_p, c_int32)
    _set_json = _call("venice_request_set_json", c_void_p, c_char_p, c_char_p)
    _check = _call("venice_request_check", c_void_p, c_void_p)
    _new_from_json = _call("venice_request_new_from_json", c_char_p, POINTER(c_void_p))
    _json = _call("venice_request_json", c_void_p, POINTER(c_char_p))
    _body = _call("venice_request_body", c_void_p, POINTER(c_char_p))
    _use_model = _call("venice_request_use_model", c_void_p, c_void_p)
    _add_style_reference = _call("venice_request_add_style_reference", c_void_p, c_char_p, c_size_t, c_double)
    _add_style_reference_file = _call("venice_request_add_style_reference_file", c_void_p, c_char_p, c_double)
    _fit_size = _call("venice_request_fit_size", c_void_p, c_void_p, c_int32, c_int32, c_int32)
    _plan = _call("venice_request_plan", c_void_p, POINTER(c_void_p))
    _plan_free = _query("venice_plan_free", None, c_void_p)
    _plan_body = _query("venice_plan_body", c_char_p, c_void_p)
    _left_out_count = _query("venice_plan_left_out_count", c_size_t, c_void_p)
    _left_out_field = _query("venice_plan_left_out_field", c_char_p, c_void_p, c_size_t)
    _left_out_code = _query("venice_plan_left_out_code", c_char_p, c_void_p, c_size_t)
    _left_out_reason = _query("venice_plan_left_out_reason", c_char_p, c_void_p, c_size_t)

    def __init__(self, **fields: Any) -> None:
        handle = c_void_p()
        Request._new(byref(handle))
        super().__init__(handle)
        for name, value in fields.items():
            self[name] = value

    def __setitem__(self, name: str, value: Any) -> None:
        setter, converted = {
            bool: (Request._set_bool, value),
            int: (Request._set_int, value),
            float: (Request._set_double, value),
            str: (Request._set_string, _bytes(value) if isinstance(value, str) else None),
        }.get(type(value), (Request._set_json, json.dumps(value).encode()))
        setter(self.handle, name.encode(), converted)

    def check(self, model: Model | None = None) -> None:
        Request._check(self.handle, model.handle if model else None)

    @classmethod
    def from_json(cls, text: str) -> Request:
        request, handle = cls(), c_void_p()
        Request._new_from_json(text.encode(), byref(handle))
        request.free()
        request.handle = handle
        return request

    def _lent(self, function: Callable[..., None]) -> str:
        text = c_char_p()
        function(self.handle, byref(text))
        assert text.value is not None
        return text.value.decode()

    @property
    def json(self) -> Any:
        return json.loads(self._lent(Request._json))

    @property
    def body(self) -> Any:
        return json.loads(self._lent(Request._body))

    def use_model(self, model: Model | None) -> None:
        Request._use_model(self.handle, model.handle if model else None)

    def plan(self) -> tuple[Any, dict[str, tuple[str, str]]]:
        """The body, and code and reason for each field that is left out."""
        plan = c_void_p()
        Request._plan(self.handle, byref(plan))
        try:
            count = Request._left_out_count(plan)
            return json.loads(Request._plan_body(plan)), {
                Request._left_out_field(plan, i).decode(): (Request._left_out_code(plan, i).decode(), Request._left_out_reason(plan, i).decode())
                for i in range(count)
            }
        finally:
            Request._plan_free(plan)

    def add_style_reference(self, image: bytes | Path, strength: float = 0) -> None:
        if isinstance(image, Path):
            Request._add_style_reference_file(self.handle, os.fsencode(image), strength)
        else:
            Request._add_style_reference(self.handle, image, len(image), strength)

    def fit_size(self, model: Model, width: int, height: int, *, sufficient: bool = False) -> None:
        Request._fit_size(self.handle, model.handle, width, height, int(sufficient))


class Image(_Handle):
    _free = _query("venice_image_free", None, c_void_p)
    _data = _query("venice_image_data", POINTER(c_uint8), c_void_p)
    _size = _query("venice_image_size", c_size_t, c_void_p)
    _media_type = _query("venice_image_media_type", c_char_p, c_void_p)
    _width = _query("venice_image_width", c_int32, c_void_p)
    _height = _query("venice_image_height", c_int32, c_void_p)
    _seed = _query("venice_image_seed", c_int32, c_void_p, POINTER(c_int64))
    _save = _call("venice_image_save", c_void_p, c_char_p)

    @property
    def address(self) -> int:
        return ctypes.cast(Image._data(self.handle), c_void_p).value or 0

    @property
    def data(self) -> bytes:
        return ctypes.string_at(Image._data(self.handle), Image._size(self.handle))

    @property
    def media_type(self) -> str:
        return Image._media_type(self.handle).decode()

    @property
    def size(self) -> tuple[int, int]:
        return Image._width(self.handle), Image._height(self.handle)

    @property
    def seed(self) -> int | None:
        seed = c_int64()
        return seed.value if Image._seed(self.handle, byref(seed)) else None

    def save(self, path: str | os.PathLike[str]) -> None:
        Image._save(self.handle, os.fsencode(path))


class ImageStream(_Handle):
    _free = _query("venice_image_stream_free", None, c_void_p)
    _data = _query("venice_image_stream_data", POINTER(c_uint8), c_void_p)
    _size = _query("venice_image_stream_size", c_size_t, c_void_p)
    _is_complete = _query("venice_image_stream_is_complete", c_int32, c_void_p)

    @property
    def address(self) -> int:
        return ctypes.cast(ImageStream._data(self.handle), c_void_p).value or 0

    @property
    def data(self) -> bytes:
        """What has arrived."""
        return ctypes.string_at(self.address, ImageStream._size(self.handle))

    @property
    def is_complete(self) -> bool:
        return bool(ImageStream._is_complete(self.handle))


class Result(_Handle):
    _free = _query("venice_result_free", None, c_void_p)
    _image_count = _query("venice_result_image_count", c_size_t, c_void_p)
    _image = _call("venice_result_image", c_void_p, c_size_t, POINTER(c_void_p))
    _id = _query("venice_result_id", c_char_p, c_void_p)
    _is_blurred = _query("venice_result_is_blurred", c_int32, c_void_p)
    _is_content_violation = _query("venice_result_is_content_violation", c_int32, c_void_p)
    _timing_ms = _query("venice_result_timing_ms", c_double, c_void_p, c_char_p)
    _enhanced_prompt = _query("venice_result_enhanced_prompt", c_char_p, c_void_p)
    _deprecation_warning = _query("venice_result_deprecation_warning", c_char_p, c_void_p)
    _deprecation_date = _query("venice_result_deprecation_date", c_char_p, c_void_p)
    _is_deprecated = _query("venice_result_is_deprecated", c_int32, c_void_p)
    _deprecation_replacement = _query("venice_result_deprecation_replacement", c_char_p, c_void_p)
    _balance_usd = _query("venice_result_balance_usd", c_double, c_void_p)
    _balance_diem = _query("venice_result_balance_diem", c_double, c_void_p)
    _rate_limit = _query("venice_result_rate_limit", c_int64, c_void_p)
    _rate_limit_remaining = _query("venice_result_rate_limit_remaining", c_int64, c_void_p)
    _rate_limit_reset_ms = _query("venice_result_rate_limit_reset_ms", c_int64, c_void_p)
    _header_count = _query("venice_result_header_count", c_size_t, c_void_p)
    _header_name_at = _query("venice_result_header_name_at", c_char_p, c_void_p, c_size_t)
    _header_value_at = _query("venice_result_header_value_at", c_char_p, c_void_p, c_size_t)
    _request_json = _query("venice_result_request_json", c_char_p, c_void_p)
    _header = _query("venice_result_header", c_char_p, c_void_p, c_char_p)

    def __len__(self) -> int:
        return int(Result._image_count(self.handle))

    def __getitem__(self, index: int) -> Image:
        image = c_void_p()
        Result._image(self.handle, index, byref(image))
        return Image(image)

    def __iter__(self) -> Iterator[Image]:
        return (self[index] for index in range(len(self)))

    @property
    def id(self) -> str | None:
        return _text(Result._id(self.handle))

    @property
    def is_blurred(self) -> bool:
        return bool(Result._is_blurred(self.handle))

    @property
    def is_content_violation(self) -> bool:
        return bool(Result._is_content_violation(self.handle))

    def timing_ms(self, stage: str) -> float:
        return float(Result._timing_ms(self.handle, stage.encode()))

    @property
    def enhanced_prompt(self) -> str | None:
        return _text(Result._enhanced_prompt(self.handle))

    @property
    def deprecation_warning(self) -> str | None:
        return _text(Result._deprecation_warning(self.handle))

    @property
    def balance_usd(self) -> float:
        return float(Result._balance_usd(self.handle))

    @property
    def deprecation(self) -> tuple[bool, str | None, str | None]:
        """Whether the model is deprecated, when it goes, what to use instead."""
        date, replacement = Result._deprecation_date(self.handle), Result._deprecation_replacement(self.handle)
        return bool(Result._is_deprecated(self.handle)), _text(date), _text(replacement)

    @property
    def balance_diem(self) -> float:
        return float(Result._balance_diem(self.handle))

    @property
    def rate_limit(self) -> tuple[int, int, int]:
        """Limit, remaining, end of the period in Unix milliseconds."""
        return Result._rate_limit(self.handle), Result._rate_limit_remaining(self.handle), Result._rate_limit_reset_ms(self.handle)

    @property
    def headers(self) -> list[tuple[str | None, str | None]]:
        name, value = Result._header_name_at, Result._header_value_at
        return [(_text(name(self.handle, i)), _text(value(self.handle, i))) for i in range(Result._header_count(self.handle))]

    @property
    def request(self) -> Any:
        text = Result._request_json(self.handle)
        return None if text is None else json.loads(text)

    def header(self, name: str) -> str | None:
        return _text(Result._header(self.handle, name.encode()))


class Model(_Handle):
    _free = _query("venice_model_free", None, c_void_p)
    _id = _query("venice_model_id", c_char_p, c_void_p)
    _name = _query("venice_model_name", c_char_p, c_void_p)
    _privacy = _query("venice_model_privacy", c_char_p, c_void_p)
    _is_usable = _query("venice_model_is_usable", c_int32, c_void_p)
    _is_offline = _query("venice_model_is_offline", c_int32, c_void_p)
    _has_trait = _query("venice_model_has_trait", c_int32, c_void_p, c_char_p)
    _sizing = _query("venice_model_sizing", c_int32, c_void_p)
    _size_divisor = _query("venice_model_size_divisor", c_int32, c_void_p)
    _prompt_limit = _query("venice_model_prompt_limit", c_int32, c_void_p)
    _default_steps = _query("venice_model_default_steps", c_int32, c_void_p)
    _max_steps = _query("venice_model_max_steps", c_int32, c_void_p)
    _json = _query("venice_model_json", c_char_p, c_void_p)
    _price = _query("venice_model_price", c_int32, c_void_p, c_void_p, POINTER(c_double), POINTER(c_double))
    _lists = {
        name: (
            _query(f"venice_model_{name}_count", c_size_t, c_void_p),
            _query(f"venice_model_{name}_at", c_char_p, c_void_p, c_size_t),
            _query(f"venice_model_default_{name}", c_char_p, c_void_p),
        )
        for name in ("aspect_ratio", "resolution", "quality")
    }

    @property
    def id(self) -> str:
        return Model._id(self.handle).decode()

    @property
    def name(self) -> str:
        return Model._name(self.handle).decode()

    @property
    def privacy(self) -> str:
        return Model._privacy(self.handle).decode()

    @property
    def is_usable(self) -> bool:
        return bool(Model._is_usable(self.handle))

    @property
    def is_offline(self) -> bool:
        return bool(Model._is_offline(self.handle))

    def has_trait(self, trait: str) -> bool:
        return bool(Model._has_trait(self.handle, trait.encode()))

    @property
    def sizing(self) -> Sizing:
        return Sizing(Model._sizing(self.handle))

    @property
    def size_divisor(self) -> int:
        return int(Model._size_divisor(self.handle))

    @property
    def prompt_limit(self) -> int:
        return int(Model._prompt_limit(self.handle))

    @property
    def steps(self) -> tuple[int, int]:
        return Model._default_steps(self.handle), Model._max_steps(self.handle)

    def choices(self, field: str) -> tuple[list[str], str | None]:
        """Allowed values of aspect_ratio, resolution or quality, and the default."""
        count, at, default = Model._lists[field]
        return [at(self.handle, i).decode() for i in range(count(self.handle))], _text(default(self.handle))

    _text_of = {
        name: _query(f"venice_model_{name}", c_char_p, c_void_p)
        for name in ("description", "source", "removal_date", "deprecation_date", "replacement")
    }
    _number_of = {
        name: _query(f"venice_model_{name}", c_int32, c_void_p)
        for name in ("is_beta", "is_uncensored", "is_deprecated", "max_style_references", "uses_style_strength")
    }
    _texts = {
        name: (_query(f"venice_model_{name}_count", c_size_t, c_void_p), _query(f"venice_model_{name}_at", c_char_p, c_void_p, c_size_t))
        for name in ("trait", "region")
    }
    _unused_reason = _query("venice_model_unused_reason", c_char_p, c_void_p, c_char_p)
    _image_price = _query("venice_model_image_price", c_int32, c_void_p, c_char_p, c_char_p, POINTER(c_double), POINTER(c_double))
    _output_size = _query("venice_model_output_size", c_int32, c_void_p, c_void_p, POINTER(c_int32), POINTER(c_int32))

    def text(self, name: str) -> str | None:
        return _text(Model._text_of[name](self.handle))

    def number(self, name: str) -> int:
        return int(Model._number_of[name](self.handle))

    def texts(self, name: str) -> list[str]:
        count, at = Model._texts[name]
        return [at(self.handle, i).decode() for i in range(count(self.handle))]

    def unused_reason(self, parameter: str) -> str | None:
        return _text(Model._unused_reason(self.handle, parameter.encode()))

    def image_price(self, resolution: str | None = None, quality: str | None = None) -> tuple[float, float] | None:
        usd, diem = c_double(), c_double()
        known = Model._image_price(self.handle, _bytes(resolution), _bytes(quality), byref(usd), byref(diem))
        return (usd.value, diem.value) if known else None

    def output_size(self, request: Request | None = None) -> tuple[int, int, bool] | None:
        """Width, height, and whether they are exact."""
        width, height = c_int32(), c_int32()
        known = Model._output_size(self.handle, request.handle if request else None, byref(width), byref(height))
        return (width.value, height.value, known == 1) if known else None

    @property
    def json(self) -> Any:
        return json.loads(Model._json(self.handle))

    def price(self, request: Request | None = None) -> tuple[float, float] | None:
        usd, diem = c_double(), c_double()
        known = Model._price(self.handle, request.handle if request else None, byref(usd), byref(diem))
        return (usd.value, diem.value) if known else None


class Models(_Handle):
    _free = _query("venice_models_free", None, c_void_p)
    _count = _query("venice_models_count", c_size_t, c_void_p)
    _get = _call("venice_models_get", c_void_p, c_size_t, POINTER(c_void_p))
    _find = _call("venice_models_find", c_void_p, c_char_p, POINTER(c_void_p))

    _find_trait = _call("venice_models_find_trait", c_void_p, c_char_p, POINTER(c_void_p))
    _default = _call("venice_models_default", c_void_p, POINTER(c_void_p))
    _fetched_ms = _query("venice_models_fetched_ms", c_int64, c_void_p)
    _is_stale = _query("venice_models_is_stale", c_int32, c_void_p)

    def __len__(self) -> int:
        return int(Models._count(self.handle))

    def find_trait(self, trait: str) -> Model:
        model = c_void_p()
        Models._find_trait(self.handle, trait.encode(), byref(model))
        return Model(model)

    def default(self) -> Model:
        model = c_void_p()
        Models._default(self.handle, byref(model))
        return Model(model)

    @property
    def fetched_ms(self) -> int:
        return int(Models._fetched_ms(self.handle))

    @property
    def is_stale(self) -> bool:
        return bool(Models._is_stale(self.handle))

    def __getitem__(self, index: int) -> Model:
        model = c_void_p()
        Models._get(self.handle, index, byref(model))
        return Model(model)

    def __iter__(self) -> Iterator[Model]:
        return (self[index] for index in range(len(self)))

    def find(self, id_or_trait: str) -> Model:
        model = c_void_p()
        Models._find(self.handle, id_or_trait.encode(), byref(model))
        return Model(model)


class Styles(_Handle):
    _free = _query("venice_styles_free", None, c_void_p)
    _count = _query("venice_styles_count", c_size_t, c_void_p)
    _at = _query("venice_styles_at", c_char_p, c_void_p, c_size_t)
    _fetched_ms = _query("venice_styles_fetched_ms", c_int64, c_void_p)
    _is_stale = _query("venice_styles_is_stale", c_int32, c_void_p)

    @property
    def fetched_ms(self) -> int:
        return int(Styles._fetched_ms(self.handle))

    @property
    def is_stale(self) -> bool:
        return bool(Styles._is_stale(self.handle))

    def __iter__(self) -> Iterator[str]:
        return (Styles._at(self.handle, i).decode() for i in range(Styles._count(self.handle)))


class Account(_Handle):
    _free = _query("venice_account_free", None, c_void_p)
    _balance_usd = _query("venice_account_balance_usd", c_int32, c_void_p, POINTER(c_double))
    _balance_diem = _query("venice_account_balance_diem", c_int32, c_void_p, POINTER(c_double))
    _is_access_permitted = _query("venice_account_is_access_permitted", c_int32, c_void_p)
    _tier = _query("venice_account_tier", c_char_p, c_void_p)
    _is_charged = _query("venice_account_is_charged", c_int32, c_void_p)
    _key_expiration = _query("venice_account_key_expiration", c_char_p, c_void_p)
    _next_epoch = _query("venice_account_next_epoch", c_char_p, c_void_p)
    _limit_count = _query("venice_account_limit_count", c_size_t, c_void_p)
    _limit_model = _query("venice_account_limit_model", c_char_p, c_void_p, c_size_t)
    _limit_type = _query("venice_account_limit_type", c_char_p, c_void_p, c_size_t)
    _limit_amount = _query("venice_account_limit_amount", c_double, c_void_p, c_size_t)
    _json = _query("venice_account_json", c_char_p, c_void_p)

    def balance(self, currency: str) -> float | None:
        amount = c_double()
        function = {"usd": Account._balance_usd, "diem": Account._balance_diem}[currency]
        return amount.value if function(self.handle, byref(amount)) else None

    @property
    def is_access_permitted(self) -> int:
        return int(Account._is_access_permitted(self.handle))

    @property
    def tier(self) -> tuple[str, bool]:
        return Account._tier(self.handle).decode(), bool(Account._is_charged(self.handle))

    @property
    def key_expiration(self) -> str | None:
        return _text(Account._key_expiration(self.handle))

    @property
    def next_epoch(self) -> str | None:
        return _text(Account._next_epoch(self.handle))

    @property
    def limits(self) -> list[tuple[str, str, float]]:
        count = Account._limit_count(self.handle)
        return [
            (Account._limit_model(self.handle, i).decode(), Account._limit_type(self.handle, i).decode(), Account._limit_amount(self.handle, i))
            for i in range(count)
        ]

    @property
    def json(self) -> Any:
        return json.loads(Account._json(self.handle))


class Job(_Handle):
    _free = _query("venice_job_free", None, c_void_p)
    _id = _query("venice_job_id", c_int64, c_void_p)
    _state = _query("venice_job_state", c_int32, c_void_p)
    _phase = _query("venice_job_phase", c_int32, c_void_p)
    _received_bytes = _query("venice_job_received_bytes", c_int64, c_void_p)
    _total_bytes = _query("venice_job_total_bytes", c_int64, c_void_p)
    _retry_in_ms = _query("venice_job_retry_in_ms", c_int64, c_void_p)
    _image_count = _query("venice_job_image_count", c_size_t, c_void_p)
    _image = _call("venice_job_image", c_void_p, c_size_t, POINTER(c_void_p))
    _image_stream = _call("venice_job_image_stream", c_void_p, c_size_t, POINTER(c_void_p))
    _wait = _call("venice_job_wait", c_void_p, c_int64)
    _cancel = _call("venice_job_cancel", c_void_p)
    _result = _call("venice_job_result", c_void_p, POINTER(c_void_p))
    _models = _call("venice_job_models", c_void_p, POINTER(c_void_p))
    _styles = _call("venice_job_styles", c_void_p, POINTER(c_void_p))

    @property
    def id(self) -> int:
        return int(Job._id(self.handle))

    @property
    def state(self) -> State:
        return State(Job._state(self.handle))

    @property
    def phase(self) -> Phase:
        return Phase(Job._phase(self.handle))

    @property
    def received_bytes(self) -> int:
        return int(Job._received_bytes(self.handle))

    @property
    def total_bytes(self) -> int:
        return int(Job._total_bytes(self.handle))

    @property
    def retry_in_ms(self) -> int:
        return int(Job._retry_in_ms(self.handle))

    @property
    def image_count(self) -> int:
        return int(Job._image_count(self.handle))

    def image(self, index: int) -> Image:
        return Image(self._collect(Job._image, index))

    def image_stream(self, index: int) -> ImageStream:
        return ImageStream(self._collect(Job._image_stream, index))

    def wait(self, timeout_ms: int = 120_000) -> None:
        Job._wait(self.handle, timeout_ms)

    def cancel(self) -> None:
        Job._cancel(self.handle)

    def result(self) -> Result:
        return Result(self._collect(Job._result))

    def models(self) -> Models:
        return Models(self._collect(Job._models))

    def styles(self) -> Styles:
        return Styles(self._collect(Job._styles))

    _account = _call("venice_job_account", c_void_p, POINTER(c_void_p))

    def account(self) -> Account:
        return Account(self._collect(Job._account))

    def _collect(self, function: Callable[..., None], *arguments: Any) -> c_void_p:
        out = c_void_p()
        function(self.handle, *arguments, byref(out))
        return out


class Client(_Handle):
    _new = _call("venice_client_new", POINTER(c_void_p))
    _free = _query("venice_client_free", c_int32, c_void_p)
    _set_string = _call("venice_client_set_string", c_void_p, c_char_p, c_char_p)
    _set_int = _call("venice_client_set_int", c_void_p, c_char_p, c_int64)
    _generate = _call("venice_generate", c_void_p, c_void_p, POINTER(c_void_p))
    _list_models = _call("venice_list_models", c_void_p, POINTER(c_void_p))
    _list_styles = _call("venice_list_styles", c_void_p, POINTER(c_void_p))
    _submit_generate = _call("venice_submit_generate", c_void_p, c_void_p, POINTER(c_void_p))
    _submit_models = _call("venice_submit_models", c_void_p, POINTER(c_void_p))
    _submit_styles = _call("venice_submit_styles", c_void_p, POINTER(c_void_p))
    _next_event = _call("venice_client_next_event", c_void_p, c_int64, POINTER(c_void_p))
    _event_fd = _call("venice_client_event_fd", c_void_p, POINTER(c_int32))
    _set_notify = _call("venice_client_set_notify", c_void_p, _Notify, c_void_p)
    _event_type = _query("venice_event_type", c_int32, c_void_p)
    _event_job_id = _query("venice_event_job_id", c_int64, c_void_p)
    _event_image_index = _query("venice_event_image_index", c_size_t, c_void_p)
    _event_free = _query("venice_event_free", None, c_void_p)

    def __init__(self, **options: str | int | None) -> None:
        handle = c_void_p()
        Client._new(byref(handle))
        super().__init__(handle)
        self._notify: Any = None
        self.last_image_index = 0  # of the event that was taken last
        for name, value in options.items():
            self[name] = value

    def __setitem__(self, name: str, value: str | int | None) -> None:
        setter = Client._set_int if isinstance(value, int) else Client._set_string
        setter(self.handle, name.encode(), value if isinstance(value, int) else _bytes(value))

    def free(self) -> Status | None:
        """As venice_client_free(): the handle stays if the library did not free it."""
        if not self.handle:
            return None
        status = Status(Client._free(self.handle))
        if status == Status.OK:
            self.handle = None
        return status

    def generate(self, request: Request) -> Result:
        return Result(self._make(Client._generate, request.handle))

    def list_models(self) -> Models:
        return Models(self._make(Client._list_models))

    def list_styles(self) -> Styles:
        return Styles(self._make(Client._list_styles))

    def submit(self, request: Request) -> Job:
        return Job(self._make(Client._submit_generate, request.handle))

    def submit_models(self) -> Job:
        return Job(self._make(Client._submit_models))

    def submit_styles(self) -> Job:
        return Job(self._make(Client._submit_styles))

    _cached_models = _call("venice_cached_models", c_void_p, POINTER(c_void_p))
    _cached_styles = _call("venice_cached_styles", c_void_p, POINTER(c_void_p))
    _get_account = _call("venice_get_account", c_void_p, POINTER(c_void_p))
    _submit_account = _call("venice_submit_account", c_void_p, POINTER(c_void_p))

    def cached_models(self) -> Models:
        return Models(self._make(Client._cached_models))

    def cached_styles(self) -> Styles:
        return Styles(self._make(Client._cached_styles))

    def get_account(self) -> Account:
        return Account(self._make(Client._get_account))

    def submit_account(self) -> Job:
        return Job(self._make(Client._submit_account))

    def next_event(self, timeout_ms: int = 0) -> tuple[Event, int] | None:
        """Type and job id of the next event; None if there was none in time."""
        try:
            event = self._make(Client._next_event, timeout_ms)
        except VeniceError as error:
            if error.status == Status.NOT_READY:
                return None
            raise
        try:
            self.last_image_index = int(Client._event_image_index(event))
            return Event(Client._event_type(event)), Client._event_job_id(event)
        finally:
            Client._event_free(event)

    @property
    def event_fd(self) -> int:
        fd = c_int32()
        Client._event_fd(self.handle, byref(fd))
        return fd.value

    def set_notify(self, function: Callable[[], None] | None) -> None:
        # The library may call the earlier one until this returns: so it is let go only afterwards.
        notify = _Notify() if function is None else _Notify(lambda _: function())
        Client._set_notify(self.handle, notify, None)
        self._notify = notify

    def _make(self, function: Callable[..., None], *arguments: Any) -> c_void_p:
        out = c_void_p()
        function(self.handle, *arguments, byref(out))
        return out
