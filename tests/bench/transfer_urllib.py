# SPDX-License-Identifier: MIT
"""What a Python program without libvenice does, with urllib: transfer_urllib.py BASE_URL FILE. Prints what it cost."""

import json
import sys
import time
import urllib.request
from base64 import b64decode

from transfer_peer import BODY, HEADERS, report

start, cpu = time.perf_counter(), time.process_time()
request = urllib.request.Request(sys.argv[1] + "/image/generate", BODY, HEADERS)
with urllib.request.urlopen(request) as answer:
    images = [b64decode(image) for image in json.load(answer)["images"]]
report(start, cpu, images)
