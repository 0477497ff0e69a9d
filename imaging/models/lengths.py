"""How long the standard's and our own identifiers are."""

UID_LENGTH = 64
"""PS3.5 section 9.1."""

SHA256_HEX_LENGTH = 64

AE_TITLE_LENGTH = 16
"""PS3.5 section 6.2, VR AE."""
