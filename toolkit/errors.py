"""Every error a user can act on. ``str(error)`` is the whole message: what, where, what to do."""


class ToolkitError(Exception):
    """An error the user can act on; the command line prints it and exits with status 2."""


class FileError(ToolkitError):
    """A file that cannot be read or written: missing, empty, binary, no space left."""


class DispatchError(ToolkitError):
    """A text that cannot be taken as a dispatch, or not as one in the language named."""


class GlossaryError(ToolkitError):
    """A glossary file that cannot be read as one."""


class CorpusError(ToolkitError):
    """A corpus whose manifest and files disagree."""


class AlignmentError(ToolkitError):
    """Versions that cannot be aligned, or a file that is not an alignment."""


class ModelError(ToolkitError):
    """A translation model or encoder that is missing, incomplete or does not load."""


class ScoreError(ToolkitError):
    """Hypothesis and reference that cannot be compared."""
