"""Tongwen: one official dispatch in Chinese, Russian and English."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("tongwen")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0+checkout"
