"""Build what pages load, from `static/src` and the npm packages, into `static/build`; standard library only.

One style sheet, one script (htmx and ours), one icon: each under a name that carries its content's hash,
each also compressed; `manifest.json` says which name is current. The result is not in version control.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "static" / "src"
PACKAGES = ROOT / "node_modules"
BUILT = ROOT / "static" / "build"
FRESH = ROOT / ".build" / "static"
STAMP = ROOT / ".build" / "assets.stamp"

#: A picture USWDS would load. We load none: `_marks.scss` draws what is needed.
PICTURE = re.compile(rb"(?<=[{;])[\w-]+:[^;{}]*url\((?!data:)[^)]*\)[^;{}]*;?")


def main() -> int:
    """Build unless what is there was made from the same sources; `--fresh` only asks whether it was."""
    fresh = STAMP.is_file() and STAMP.read_text() == _stamp()
    if fresh or "--fresh" in sys.argv:
        return 0 if fresh else 1
    sys.stdout.write("Assets: style sheet and script, from USWDS, htmx and static/src\n")
    try:
        files = {"plumbline.css": _styles(), "plumbline.js": _script(), "plumbline.svg": _icon()}
    except (OSError, subprocess.CalledProcessError) as problem:
        sys.stderr.write(f"The assets could not be built: {problem}\nTry `make clean assets`.\n")
        return 1
    _write(files)
    STAMP.write_text(_stamp())
    return 0


def _stamp() -> str:
    """A hash of everything the result depends on, and of the result's own list of names."""
    manifest = BUILT / "manifest.json"
    digest = hashlib.sha256(manifest.read_bytes() if manifest.is_file() else b"")
    for path in sorted(p for p in SOURCES.iterdir() if p.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update((ROOT / "package-lock.json").read_bytes())
    return digest.hexdigest()


def _styles() -> bytes:
    here = str(Path(sys.executable).parent)
    node = shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), here]))
    if node is None:
        raise FileNotFoundError("there is no `node` on the path")
    sass = [node, str(PACKAGES / "sass" / "sass.js"), "--no-source-map", "--style=compressed", "--quiet-deps"]
    source = [f"--load-path={PACKAGES / '@uswds' / 'uswds' / 'packages'}", str(SOURCES / "plumbline.scss")]
    made = subprocess.run([*sass, *source], capture_output=True, check=False)
    sys.stderr.write(made.stderr.decode())
    made.check_returncode()
    return PICTURE.sub(b"", made.stdout).replace(b'@charset "UTF-8";', b"").removeprefix(b"\xef\xbb\xbf")


def _script() -> bytes:
    htmx = (PACKAGES / "htmx.org" / "dist" / "htmx.min.js").read_bytes()
    ours = (SOURCES / "plumbline.js").read_text()
    return htmx + b"\n" + re.sub(r"(?m)^\s*//.*\n", "", ours).encode()


def _icon() -> bytes:
    return (SOURCES / "plumbline.svg").read_bytes()


def _write(files: dict[str, bytes]) -> None:
    """Write all of it aside, then put it in place by renaming: no page ever finds half of it."""
    shutil.rmtree(FRESH, ignore_errors=True)
    FRESH.mkdir(parents=True)
    manifest = {}
    for name, content in files.items():
        stem, suffix = name.rsplit(".", 1)
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        manifest[name] = hashed
        packed = gzip.compress(content, 9, mtime=0)
        (FRESH / hashed).write_bytes(content)
        (FRESH / f"{hashed}.gz").write_bytes(packed)
        sys.stdout.write(f"  {name}: {len(content):,} bytes, {len(packed):,} compressed\n")
    (FRESH / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    old = FRESH.with_name("static.old")
    shutil.rmtree(old, ignore_errors=True)
    if BUILT.exists():
        BUILT.rename(old)
    FRESH.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
