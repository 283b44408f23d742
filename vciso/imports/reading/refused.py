"""The one way a file is turned away."""


class ImportRefused(Exception):
    """The file can't be read; ``str()`` is a sentence with the remedy in it."""
