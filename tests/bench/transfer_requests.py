# SPDX-License-Identifier: MIT
"""The same as transfer_urllib.py with the library requests."""

import sys
import time
from base64 import b64decode

import requests
from transfer_peer import BODY, HEADERS, report

start, cpu = time.perf_counter(), time.process_time()
answer = requests.post(sys.argv[1] + "/image/generate", data=BODY, headers=HEADERS)
answer.raise_for_status()
images = [b64decode(image) for image in answer.json()["images"]]
report(start, cpu, images)
