# SPDX-License-Identifier: MIT
"""A server that is never the bottleneck: nginx, which answers POST /NAME/image/generate with a file as it is."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

# "Not allowed" is what nginx says to POST of a file: that answer is made the file itself, sent with sendfile.
LOCATION = """
    location = /{name}{path} {{ error_page 405 =200 /files/{name}; return 405; }}
    location = /files/{name} {{ internal; alias {file}; default_type {media_type}; }}"""

CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  open_file_cache max=100;
  types {{ }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    {locations}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Nginx:
    """`answers`: by name, the file and its media type. A list of models is asked for with GET, which nginx answers by itself."""

    def __init__(self, folder: Path, answers: dict[str, tuple[Path, str]]) -> None:
        self._folder = folder
        self._port = free_port()
        locations = "".join(
            LOCATION.format(name=name, path=path, file=file, media_type=media_type)
            for name, (file, media_type) in answers.items()
            for path in ["/models" if name == "models" else "/image/generate"]
        )
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(CONFIGURATION.format(folder=folder, port=self._port, locations=locations))

    def base_url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._port}/{name}"

    def __enter__(self) -> Nginx:
        self._process = subprocess.Popen(["nginx", "-p", self._folder, "-e", self._folder / "error.log", "-c", self._configuration])
        end = time.monotonic() + 30
        while not is_listening(self._port):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("nginx did not start:\n" + (self._folder / "error.log").read_text())
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
