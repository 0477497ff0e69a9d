"""The head of each history chain, kept in a file outside the database.

A chain alone cannot tell that its newest events were cut off. The checkpoint can: it remembers how
far the chain had come. Copy the folder to another machine for proof against whoever controls this
one.
"""

import fcntl
import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


class CheckpointError(Exception):
    """A checkpoint file cannot be read or was not written with this history key."""


@dataclass(frozen=True)
class Checkpoint:
    chain: str
    sequence: int
    head_hash: str


def folder() -> Path:
    return Path(settings.CRESCENT_DATA) / "checkpoints"


def advance(*, chain: str, sequence: int, head_hash: str) -> None:
    """Remember the head, unless a later one is known already."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder() / f"{chain}.json"
    with (folder() / f"{chain}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            known = _read(path) if path.exists() else None
        except CheckpointError:
            return  # A damaged checkpoint is evidence: `verify_history` names it.
        if known and known.sequence >= sequence:
            return
        checkpoint = Checkpoint(chain=chain, sequence=sequence, head_hash=head_hash)
        fresh = path.with_suffix(".new")
        with fresh.open("w") as file:
            file.write(json.dumps(asdict(checkpoint) | {"mac": _mac(checkpoint)}) + "\n")
            file.flush()
            # A power cut must not leave an empty checkpoint, which would read as damage.
            os.fsync(file.fileno())
        os.replace(fresh, path)


def read_all(*, location: Path | None = None) -> dict[str, Checkpoint]:
    """Checkpoints by chain, from the data folder or from a copy kept elsewhere.

    Raises
    ------
    CheckpointError
        A file is damaged, or was made with another key.
    """
    found = (_read(path) for path in sorted((location or folder()).glob("*.json")))
    return {checkpoint.chain: checkpoint for checkpoint in found}


def _read(path: Path) -> Checkpoint:
    try:
        content = json.loads(path.read_text())
        mac = content.pop("mac")
        checkpoint = Checkpoint(**content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"Checkpoint {path.name} is damaged. Compare with a copy kept elsewhere."
        ) from error
    if not hmac.compare_digest(mac, _mac(checkpoint)):
        raise CheckpointError(
            f"Checkpoint {path.name} was changed, or made with another CRESCENT_HISTORY_KEY."
        )
    return checkpoint


def _mac(checkpoint: Checkpoint) -> str:
    text = f"{checkpoint.chain}|{checkpoint.sequence}|{checkpoint.head_hash}"
    return hmac.new(
        settings.CRESCENT_HISTORY_KEY.encode(), text.encode(), hashlib.sha256
    ).hexdigest()
