"""One byte string per value, so that equal values have equal hashes."""

import json


def canonical_bytes(value: object) -> bytes:
    """The value as UTF-8 JSON: sorted keys, no blanks, in the spirit of RFC 8785.

    Raises
    ------
    ValueError
        A number is NaN or infinite, which JSON cannot hold.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()
