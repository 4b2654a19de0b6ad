import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from grid36.machine.page_parts import MANIFEST, WrongPartError, unpack


def packed(folder: Path, **digests: str) -> Path:
    """A jar with two scripts, and a manifest that names them."""
    with ZipFile(folder / "some-1.jar", "w") as jar:
        jar.writestr("dist/a.js", "first")
        jar.writestr("dist/b.js", "second")
    files = {f"{name}.js": {"from": f"dist/{name}.js", "sha256": digest} for name, digest in digests.items()}
    (folder / MANIFEST).write_text(json.dumps({"some": {"jar": "some-1.jar", "files": files}}), encoding="utf-8")
    return folder


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_files_are_taken_from_the_jar(tmp_path: Path) -> None:
    packed(tmp_path, a=digest("first"), b=digest("second"))
    assert unpack(tmp_path, tmp_path) == ["a.js", "b.js"]
    assert (tmp_path / "b.js").read_text(encoding="utf-8") == "second"


def test_another_content_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    packed(tmp_path, a=digest("first"), b=digest("another"))
    with pytest.raises(WrongPartError) as refused:
        unpack(tmp_path, tmp_path)
    assert refused.value.facts == {"name": "b.js", "jar": "some-1.jar"}
    assert not (tmp_path / "a.js").exists()
