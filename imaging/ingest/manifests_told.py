"""Manifests that a reading process has told: the slices of a series share one, so it is said once.

Both ends of the pipe keep one of these and forget at the same moment.
"""

from collections.abc import Mapping
from typing import Any

from imaging.dicom.manifest import content_sha256

MOST = 64


class ManifestsTold:
    """Contents by hash, since the process was started."""

    def __init__(self) -> None:
        self._contents: dict[str, Mapping[str, Any]] = {}

    def shortened(self, prepared: dict[str, Any]) -> dict[str, Any]:
        """In the process: the answer without a manifest that was told before."""
        sha256 = prepared["manifest_sha256"]
        if sha256 in self._contents:
            return {**prepared, "manifest": None}
        self._keep(sha256, {})
        return prepared

    def completed(self, answer: Any) -> Any:
        """In its parent: the answer with its manifest; it is not believed that the hash fits.

        What is no prepared file, or makes no sense, is left as it is.
        """
        if not isinstance(answer, dict) or "manifest_sha256" not in answer:
            return answer
        sha256, manifest = answer["manifest_sha256"], answer.get("manifest")
        if manifest is not None:
            if content_sha256(manifest) != sha256:
                return None
            self._keep(sha256, manifest)
        elif sha256 not in self._contents:
            return None
        return {**answer, "manifest": self._contents[sha256]}

    def _keep(self, sha256: str, content: Mapping[str, Any]) -> None:
        if len(self._contents) >= MOST:
            self._contents.clear()
        self._contents[sha256] = content
