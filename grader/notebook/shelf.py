"""Lays all drafts of a notebook into a folder, or none of them; what is there stays as it is."""

import contextlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.notebook.draft import Draft

__all__ = ["lay"]


def lay(drafts: Sequence[Draft], folder: Path, workshop: Path) -> list[Path]:
    """Write the drafts into `folder` and return their files.

    Args:
        drafts: with a name of its own each.
        folder: is made where it is not there yet.
        workshop: a folder on the same disk, where they are written before they are put into their places.

    Raises:
        FileExistsError: one of the files is there already, perhaps since a moment ago; its name is the error's.
        OSError: the disk does not take them. Whatever is raised, nothing of this notebook is left in `folder`.
    """
    workshop.mkdir(parents=True, exist_ok=True)
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    laid: list[Path] = []
    aside = Path(tempfile.mkdtemp(dir=workshop, prefix="import-"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for draft in drafts:
            (aside / f"{draft.name}.py").write_text(draft.text, encoding="utf-8", newline="\n")
        for draft in drafts:
            target = folder / f"{draft.name}.py"
            _place(aside / target.name, target)
            laid.append(target)
    except BaseException:
        for file in laid:
            file.unlink(missing_ok=True)
        for one in made:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return laid


def _place(source: Path, target: Path) -> None:
    """Give a whole file its name, which must not be taken. A rename would overwrite; a link does not."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        with target.open("xb") as stream:
            try:
                stream.write(source.read_bytes())
                stream.flush()
            except BaseException:
                target.unlink(missing_ok=True)
                raise
