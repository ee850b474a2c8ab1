"""Write the add-ins: ``python -m addin.making``, from the root of the project."""

from __future__ import annotations

import argparse
from pathlib import Path

from addin.making import FOLDER, files


def main() -> None:
    """Write every add-in into a folder and say how large it is."""
    parser = argparse.ArgumentParser(description="jixiao.xlam and jixiao.oxt from the texts of addin/")
    parser.add_argument("-o", "--output", type=Path, default=FOLDER, help="the folder to write into")
    out: Path = parser.parse_args().output
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (out / name).write_bytes(data)
        print(f"{out / name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
