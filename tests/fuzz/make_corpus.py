#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seeds of the corpus: small inputs from which the fuzzers start. Findings are put beside them by hand, and stay.

Usage, from the repository's root: tests/fuzz/make_corpus.py
"""

from __future__ import annotations

import base64
import io
import struct
import zlib
from pathlib import Path

from PIL import Image

CORPUS = Path(__file__).resolve().parent / "corpus"


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*, width: int = 2, height: int = 2, depth: int = 8, color: int = 6, interlaced: bool = False, extra: tuple[tuple[bytes, bytes], ...] = ()) -> bytes:
    """Every pixel zero. With interlacing, of one pixel only, so that the first pass is all there is."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    row = b"\0" + bytes((width * channels * depth + 7) // 8)
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    chunks = [(b"IHDR", head), *extra, (b"IDAT", zlib.compress(row * height, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, data) for kind, data in chunks)


def exif(orientation: int, order: str = "<") -> bytes:
    """A TIFF structure with one entry."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    return head + struct.pack(order + "HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


def profile(space: bytes = b"RGB ") -> bytes:
    """A colour profile without tags: the header is all that is looked at."""
    header = bytearray(132)
    header[0:4] = struct.pack(">I", len(header))
    header[16:20], header[36:40] = space, b"acsp"
    return bytes(header)


def pillow(kind: str, mode: str = "RGB", size: tuple[int, int] = (3, 2), **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 128 if mode in ("L", "P") else None).save(file, kind, **options)
    return file.getvalue()


def animation() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGBA", (3, 2), (shade, 0, 0, 128)) for shade in (0, 200)]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    return file.getvalue()


PNG = png(width=1, height=1)
BASE64 = base64.b64encode(PNG)

GENERATE = {
    "one": b'\n{"images":["' + BASE64 + b'"]}',
    "all-members": b'\x07\x01\n{"id":"generate-1","images":["' + BASE64 + b'","AAE="],"timing":{"total":12.5},"request":{"success":true,"data":{"seed":7}}}',
    "white-space": b'\0\n \r\n{ "images" : [ "AAEC" ,\n "Zm9v" ] , "id" : "x" }\n',
    "escaped-base64": b'\x02\n{"images":["\\/\\u002f\\u002B8=","Zg\\u003d\\u003d"]}',
    "escaped-name": b'\x03\n{"im\\u0061ges":["AAEC"],"\\u0069mages":["Zm9v"]}',
    "two-lists": b'\x05\n{"images":["AAEC","AAEC"],"images":[]}',
    "nested-names": b'\x09\n{"request":{"images":["no"]},"list":["images",{"images":[1]}],"images":["AAEC"]}',
    "null-list": b'\n{"images":null,"images":["AAEC"]}',
    "no-strings": b'\n{"images":["AAEC",1,null,["AAEC"],{"images":["AAEC"]}]}',
    "wrong-base64": b'\n{"images":["AA=C","A*EC","AAE"]}',
    "long-number": b'\n{"images":["AAEC"],"n":' + b"1" * 64 + b"}",
    "escaped-nul": b'\n{"images":["\\u0000"],"id":"\\u0000"}',
    "not-utf8": b'\n{"images":["AAEC"],"id":"\xff"}',
    "truncated": b'\x01\n{"images":["AAECAwQ',
    "binary": b"\x04\n" + PNG,
    "html": b"\n<html><body>502</body></html>",
    "empty": b"\n",
}

ERROR_BODY = {
    "text": b'400\n\n{"error":"Invalid request parameters"}',
    "object": b'401\nCF-RAY: 8f\n\n{"error":{"message":"no","code":"invalid_api_key","type":"auth","param":"model"}}',
    "issues": b'400\n\n{"error":"bad","issues":[{"code":"too_big","path":["style_references",0,"strength"],"message":"Number must be less"}]}',
    "details": b'400\n\n{"error":"bad","details":{"_errors":["all"],"width":{"_errors":["Too large","Really"]},"a":{"b":{"_errors":["deep"]}}}}',
    "details-text": b'422\n\n{"error":"refused","details":"why"}',
    "retry": b'429\nRetry-After: 7\nDate: Wed, 25 Nov 2026 10:00:00 GMT\n\n{"error":"Rate limit exceeded","code":"RATE","request_id":"r1"}',
    "retry-date": b"503\nRetry-After: Wed, 25 Nov 2026 10:00:07 GMT\n\n{}",
    "html": b"502\nContent-Type: text/html\n\n<html><title>Bad gateway</title>",
    "controls": '500\n\n{"error":"a\\u001bb\\u202ec\u2028d\\ud83d\\ude00"}'.encode(),
    "wrong-types": b'402\n\n{"error":[1],"code":7,"issues":{"path":1},"details":[{}]}',
    "redirect": b"302\nLocation: https://example.org/\n\n",
    "no-status": b"\n\n",
}

FLAT = b"""{"id":"flat","type":"image","model_spec":{"name":"Flat","traits":["default"],"privacy":"private","offline":false,
"constraints":{"promptCharacterLimit":1500,"widthHeightDivisor":8,"steps":{"default":8,"max":20}},"pricing":{"generation":{"usd":0.01,"diem":0.02}}}}"""
TIERED = b"""{"id":"tiered","model_spec":{"name":"Tiered","constraints":{"aspectRatios":["1:1","16:9","auto","19.5:9"],"defaultAspectRatio":"1:1",
"resolutions":["1K","2K","4k"],"defaultResolution":"1K","qualities":["low","high"],"defaultQuality":"low","maxStyleReferences":3},
"supportsWebSearch":true,"deprecation":{"date":"2026-01-01","replacementModelId":"flat"},"regionRestrictions":["EU"],
"pricing":{"resolutions":{"1K":{"usd":0.05}},"quality":{"1K":{"low":{"usd":0.01,"diem":1},"high":{"usd":0.02}}}}}}"""

CATALOGUE = {
    "flat": b'{"object":"list","data":[' + FLAT + b"]}",
    "tiered": b'{"data":[' + TIERED + b"," + FLAT + b"]}",
    "ratios": b'{"data":[{"id":"a","model_spec":{"constraints":{"aspectRatios":["0:0","1:0","-1:2","1e9:1",":","9:16"]}}}]}',
    "resolutions": b'{"data":[{"id":"a","model_spec":{"constraints":{"aspectRatios":["1:1"],"resolutions":["0K","999999999K","K","1K"]}}}]}',
    "wrong-types": b'{"data":[1,{"id":7},{"id":"a","model_spec":[]},{"id":"b","model_spec":{"constraints":{"steps":{"max":-1},"widthHeightDivisor":0}}}]}',
    "styles": b'{"object":"list","data":["Anime","Cinematic"]}',
    "bare-styles": b'["Anime",7,""]',
    "account": b'{"data":{"accessPermitted":true,"apiTier":{"id":"paid","isCharged":true},"balances":{"USD":1.5,"DIEM":2},"keyExpiration":null,'
    b'"rateLimits":[{"apiModelId":"flat","rateLimits":[{"amount":20,"type":"RPM"}]}]}}',
    "no-data": b'{"data":null}',
}

HEADERS = {
    "usual": b"Content-Type: image/png\r\nx-venice-balance-usd: 1.5\r\nX-Venice-Balance-Diem: 2e3\r\nx-ratelimit-remaining-requests: 19\r\n"
    b"x-ratelimit-limit-requests: 20\r\nx-ratelimit-reset-requests: 1790000030\r\nDate: Wed, 25 Nov 2026 10:00:00 GMT\r\n",
    "milliseconds": b"x-ratelimit-reset-requests: 1790000030000\r\nRetry-After: 1.5\r\n",
    "dates": b"Retry-After: Sunday, 06-Nov-94 08:49:37 GMT\r\nDate: Sun Nov  6 08:49:37 1994\r\n",
    "far": b"Retry-After: 99999999999999999999\nx-ratelimit-reset-requests: 1e300\nx-venice-balance-usd: nan\nDate: Fri, 31 Dec 999999999 23:59:59 GMT\n",
    "negative": b"Retry-After: -1\nx-ratelimit-remaining-requests: -7\nx-venice-balance-usd: -inf\n",
    "nul": b"X-A\0B: c\0d\r\n\0: \0\r\nDate\0: 1\r\n",
    "not-utf8": b"X-Note: \xff\xfe\r\n\xc3: \x80\r\n",
    "no-names": b": value\r\n:\r\nno colon\r\n\r\n",
    "percent": b"x-venice-enhanced-prompt: a%20fox%C3%A9%00%zz%\r\n",
}

JPEG = pillow("JPEG")
IMAGE_INFO = {
    "png": png()[:33],
    "jpeg": JPEG[:200] if b"\xff\xc0" in JPEG[:200] else JPEG,
    "jpeg-fill": b"\xff\xd8\xff\xff\xff\xe0\x00\x02\xff\x01\xff\xc0\x00\x11\x08\x00\x02\x00\x03\x03",
    "jpeg-no-length": b"\xff\xd8\xff\xe0\x00\x00\xff\xc2\x00\x00\x08\x00\x02\x00\x03",
    "webp-lossy": pillow("WEBP"),
    "webp-lossless": pillow("WEBP", lossless=True),
    "webp-extended": pillow("WEBP", "RGBA", exif=b"Exif\0\0" + exif(6))[:40],
    "none": b"GIF89a",
}

REQUEST = {
    "plain": b'{"model":"flat","prompt":"a red fox","seed":7,"steps":8,"cfg_scale":7.5,"safe_mode":false,"format":"png","variants":1}',
    "unknown": b'{"newer":{"a":[1,1e99,{"b":null}]},"prompt":"\\u00e9 \\ud83d\\ude00 \\"","number":' + b"1" * 64 + b"}",
    "references": b'{"style_references":[{"image":"https://example.org/a.png","strength":0.5},{"image":"data:image/png;base64,' + BASE64 + b'"}]}',
    "wrong": b'{"seed":"7","steps":-1,"cfg_scale":0,"width":1e9,"format":"gif","inpaint":{},"":1}',
    "twice": b'{"seed":1,"seed":2,"prompt":null,"se\\u0065d":3}',
    "numbers": b'{"seed":-0,"width":512.0,"height":5.12e2,"cfg_scale":0.1e-5,"lora_strength":00}',
    "array": b"[]",
    "text": b"a red fox in the snow",
}

DECODE_PNG = {
    "rgba": png(),
    "rgb": png(color=2),
    "gray-1": png(color=0, depth=1, width=9),
    "gray-16": png(color=0, depth=16),
    "gray-alpha": png(color=4),
    "palette": png(color=3, depth=4, extra=((b"PLTE", bytes(6)), (b"tRNS", b"\x80"))),
    "interlaced": png(width=1, height=1, interlaced=True),
    "colorimetry": png(extra=((b"gAMA", struct.pack(">I", 45455)), (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)))),
    "srgb": png(extra=((b"sRGB", b"\0"),)),
    "profile": png(extra=((b"iCCP", b"p\0\0" + zlib.compress(profile(), 9)),)),
    "exif": png(extra=((b"eXIf", exif(6)),)),
    "transparent-color": png(color=2, extra=((b"tRNS", bytes(6)),)),
    "truncated": png()[:-20],
    "too-large": png(width=1, height=1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 20000, 20000)),
}

DECODE_JPEG = {
    "rgb": JPEG,
    "gray": pillow("JPEG", "L"),
    "cmyk": pillow("JPEG", "CMYK"),
    "progressive": pillow("JPEG", progressive=True),
    "exif": pillow("JPEG", exif=b"Exif\0\0" + exif(8, ">")),
    "profile": pillow("JPEG", icc_profile=profile()),
    "truncated": JPEG[:-9],
}

DECODE_WEBP = {
    "lossy": pillow("WEBP"),
    "lossless": pillow("WEBP", lossless=True),
    "alpha": pillow("WEBP", "RGBA"),
    "exif": pillow("WEBP", exif=b"Exif\0\0" + exif(3)),
    "profile": pillow("WEBP", icc_profile=profile()),
    "animation": animation(),
    "truncated": pillow("WEBP")[:-9],
}

def gradient(kind: str, mode: str, **options: object) -> bytes:
    """Large enough that its pixels arrive in several pieces."""
    file = io.BytesIO()
    picture = Image.radial_gradient("L").resize((24, 40))
    other = picture.rotate(90, expand=False)
    bands = {"L": (picture,), "LA": (picture, other), "RGB": (picture, other, picture), "RGBA": (picture, other, picture, other)}[mode]
    Image.merge(mode, bands).save(file, kind, **options)
    return file.getvalue()


# The bytes behind the image are the sizes of the pieces, less one.
PIECES = bytes((6, 0, 40, 3))
PROGRESSIVE = {
    "png": gradient("PNG", "RGBA") + PIECES,
    "png-gray-alpha": gradient("PNG", "LA") + PIECES,
    "png-late-exif": png(width=9, height=9)[:-12] + png_chunk(b"eXIf", exif(6)) + png_chunk(b"IEND", b"") + PIECES,
    "jpeg": gradient("JPEG", "RGB", icc_profile=profile()) + PIECES,
    "jpeg-progressive": gradient("JPEG", "RGB", progressive=True) + PIECES,
    "jpeg-restarts": gradient("JPEG", "L", restart_marker_blocks=2) + PIECES,
    "webp-lossy": gradient("WEBP", "RGB", quality=90) + PIECES,
    "webp-alpha": gradient("WEBP", "RGBA", quality=90) + PIECES,
    "webp-lossless": gradient("WEBP", "RGBA", lossless=True) + PIECES,
    "webp-late-exif": gradient("WEBP", "RGB", exif=b"Exif\0\0" + exif(6)) + PIECES,
}

EXIF = {
    "little": exif(6),
    "big": b"Exif\0\0" + exif(8, ">"),
    "upright": exif(1),
    "wrong-value": exif(9),
    "far-offset": b"II*\0\xff\xff\xff\xff",
    "many-entries": b"II*\0\x08\0\0\0\xff\xff" + exif(2)[10:],
    "as-long": exif(5)[:12] + struct.pack("<HI", 4, 1) + struct.pack("<I", 5) + bytes(4),
    "prefix-only": b"Exif\0\0",
}

SEEDS = {
    "catalogue": CATALOGUE,
    "decode_jpeg": DECODE_JPEG,
    "decode_png": DECODE_PNG,
    "decode_webp": DECODE_WEBP,
    "error_body": ERROR_BODY,
    "exif": EXIF,
    "generate": GENERATE,
    "headers": HEADERS,
    "image_info": IMAGE_INFO,
    "progressive": PROGRESSIVE,
    "request": REQUEST,
}


def main() -> None:
    for target, seeds in SEEDS.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds.items():
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
