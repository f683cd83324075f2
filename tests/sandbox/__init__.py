# SPDX-License-Identifier: MIT
"""A loopback stand-in for the image API.  Tests import only ``sandbox.process``."""
