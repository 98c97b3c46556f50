"""`python -m tests.pictures [FOLDER]`: draw the pictures of all lessons anew, or look at them as PNG in a folder."""

import sys
from pathlib import Path

from tests.pictures import drawings, png, svg

for file, draw in drawings():
    if len(sys.argv) > 1:
        file = Path(sys.argv[1]) / f"{file.parent.name}_{file.stem}.png"
        file.write_bytes(png(draw))
    else:
        file.write_text(svg(draw), encoding="utf-8", newline="\n")
    print(file)
