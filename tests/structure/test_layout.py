"""The shape of the tree: packages that re-export nothing, folders of a size, and no circle of imports."""

import ast
from collections.abc import Iterable
from pathlib import Path

import grimp
import pytest

from tests.own_code import APPS, PACKAGES

ROOT = Path(__file__).resolve().parents[2]
MOST_MODULES = 16


def folders(names: Iterable[str] = PACKAGES) -> dict[str, int]:
    """Return for each folder of code how many modules it holds, without its `__init__`."""
    found: dict[str, int] = {}
    for name in names:
        for path in (ROOT / name).rglob("*.py"):
            if path.name != "__init__.py" and "__pycache__" not in path.parts:
                folder = str(path.parent.relative_to(ROOT))
                found[folder] = found.get(folder, 0) + 1
    return found


def test_no_folder_holds_more_modules_than_one_can_look_over():
    sizes = folders()
    assert len(sizes) > 40
    assert {name: size for name, size in sizes.items() if size > MOST_MODULES} == {}


def re_exports(source: str) -> list[str]:
    """Return the names that a package offers although another module defines them.

    Loading modules for Django (`from app.models import people`) offers no name but theirs.
    """
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [alias.name for alias in node.names if not _is_module(node.module, alias.name)]
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            names.append("__all__")
    return names


def _is_module(package: str, name: str) -> bool:
    path = ROOT / package.replace(".", "/") / name
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_a_package_re_exports_nothing():
    found = {
        str(path.relative_to(ROOT)): re_exports(path.read_text())
        for name in PACKAGES
        for path in (ROOT / name).rglob("__init__.py")
    }
    assert len(found) > 60
    assert {path: names for path, names in found.items() if names} == {}


def test_a_re_export_is_found():
    assert re_exports("from accounts.models.people import User") == ["User"]
    assert re_exports('__all__ = ["User"]') == ["__all__"]
    assert re_exports("from accounts.models import people, school") == []


def circles(graph: grimp.ImportGraph, package: str) -> list[set[str]]:
    """Return the groups of modules of a package that import each other in a circle."""
    modules = {name for name in graph.modules if name.startswith(f"{package}.") and ".migrations" not in name}
    imports = {name: graph.find_modules_directly_imported_by(name) & modules for name in modules}
    reach = {name: _reached(name, imports) for name in modules}
    groups = [{other for other in reach[name] if name in reach[other]} for name in modules]
    return [group for group in groups if group]


def _reached(start: str, imports: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for name in imports[waiting.pop()] - found:
            found.add(name)
            waiting.append(name)
    return found


def test_no_modules_import_each_other_in_a_circle():
    """Imports for types alone count, too."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=False, cache_dir=None)
    assert {name: circles(graph, name) for name in PACKAGES if circles(graph, name)} == {}


@pytest.mark.parametrize("first, second", [("accounts.enums", "accounts.clock")])
def test_a_circle_is_found(first, second):
    graph = grimp.ImportGraph()
    for name in ("accounts", first, second):
        graph.add_module(name)
    graph.add_import(importer=first, imported=second)
    assert circles(graph, "accounts") == []
    graph.add_import(importer=second, imported=first)
    assert {first, second} in circles(graph, "accounts")


def test_each_app_starts_with_one_migration():
    """Until the first release: the tables, and after them the data that a new portal begins with."""
    names = {app: sorted(path.stem for path in (ROOT / app / "migrations").glob("0*.py")) for app in APPS}
    assert {app: found[0] for app, found in names.items()} == dict.fromkeys(APPS, "0001_initial")
    more = {name for found in names.values() for name in found[1:]}
    assert all(name.startswith("0002_starting_") for name in more), more
