"""What DCMTK and dicom3tools say of a file."""

import subprocess
from pathlib import Path


def require_sound(content: bytes, folder: Path) -> str:
    """Fail where one of the two finds an error; the listing of `dsrdump` comes back.

    dciodvfy warns of every coding scheme it does not know, and of a name without a caret.
    """
    file = folder / "document.dcm"
    file.write_bytes(content)
    listed = subprocess.run(
        ["dsrdump", "+Pu", str(file)], capture_output=True, text=True, check=False
    )
    assert listed.returncode == 0, listed.stderr
    assert "E: " not in listed.stderr
    assert "F: " not in listed.stderr
    checked = subprocess.run(["dciodvfy", str(file)], capture_output=True, text=True, check=False)
    said = checked.stdout + checked.stderr
    assert checked.returncode == 0, said
    assert "Error" not in said, said
    return listed.stdout
