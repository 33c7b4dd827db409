"""Bring the catalogues up to date with what public pages say: `python translations/gather.py`.

New texts are added without a translation, gone ones are taken out; a test fails until each has one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[1]
#: Where texts of public pages stand, and how each sort of file is read.
READ: Final = (
    ("templates/**.html", "jinja2.ext:babel_extract"),
    ("workflow/complaints/**.py", "python"),
    ("workflow/web/**.py", "python"),
)
KEYWORDS: Final = {"_": None, "lazy": None}


def said() -> Catalog:
    """Every text that is marked to be translated, without its places: they would change with every line."""
    catalogue = Catalog()
    found = extract_from_dir(ROOT, method_map=list(READ), keywords=KEYWORDS, directory_filter=_ours)
    for _file, _line, text, _comments, _context in found:
        catalogue.add(text)
    return catalogue


def _ours(folder: str) -> bool:
    return Path(folder).name not in ("node_modules", "tests", "instance", "static") and "/." not in folder


def kept(path: Path) -> Catalog:
    """A catalogue as it stands."""
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3])


def main() -> None:
    """Write every catalogue anew, by the alphabet."""
    for path in sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po")):
        catalogue = kept(path)
        catalogue.update(said(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as out:
            write_po(out, catalogue, sort_output=True, omit_header=False, width=110, ignore_obsolete=True)


if __name__ == "__main__":
    main()
