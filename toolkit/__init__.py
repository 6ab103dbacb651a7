"""Tongwen: one official dispatch in Chinese, Russian and English."""


def __getattr__(name: str) -> str:
    # Looking a version up costs as much as starting Python: only who asks for it waits.
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("tongwen")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0+checkout"
