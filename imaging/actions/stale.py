"""A decision that somebody else overtook."""


class StaleBatchError(Exception):
    """Another process stored the same images meanwhile: decide anew what each file is."""
