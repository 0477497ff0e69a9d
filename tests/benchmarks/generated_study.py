"""The study that everybody gets: one CT series of 512 x 512 slices, about 527 kB each."""

from pathlib import Path

from tests.factories.dicom_files import ct_instance

ROWS = COLUMNS = 512


def generate(folder: Path, *, slices: int) -> None:
    folder.mkdir()
    for index in range(slices):
        ct_instance(folder / f"{index:05}.dcm", index=index, rows=ROWS, columns=COLUMNS)


def parts_of(source: Path, target: Path, *, count: int) -> list[Path]:
    """The study in so many folders of links, one for each association."""
    folders = [target / f"part-{number}" for number in range(count)]
    for folder in folders:
        folder.mkdir(parents=True)
    for number, path in enumerate(sorted(source.iterdir())):
        (folders[number % count] / path.name).hardlink_to(path)
    return folders
