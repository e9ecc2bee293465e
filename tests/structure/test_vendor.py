"""Scripts of others are the files that their authors published."""

import hashlib
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "static" / "vendor"
ROW = re.compile(r"^\| (\S+\.js) \| [\d.]+ \| [^|]*`(\S+)` \| ([0-9a-f]{64}) \|$", re.MULTILINE)


def test_each_vendored_script_has_version_licence_and_checksum():
    rows = ROW.findall((FOLDER / "README.md").read_text())
    assert {script for script, _licence, _digest in rows} == {path.name for path in FOLDER.glob("*.js")}
    for script, licence, digest in rows:
        assert (FOLDER / licence).exists(), licence
        assert hashlib.sha256((FOLDER / script).read_bytes()).hexdigest() == digest, script


def test_no_vendored_script_makes_code_of_text():
    """The pages' policy forbids it: such a script would fail only when it gets there."""
    for path in FOLDER.glob("*.js"):
        assert not re.search(r"\beval\(|\bFunction\(", path.read_text()), path.name
