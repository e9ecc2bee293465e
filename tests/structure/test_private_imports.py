"""What allauth keeps to itself is imported in one module."""

import ast
from pathlib import Path

import pytest

from tests.own_code import PACKAGES, modules

ROOT = Path(__file__).resolve().parents[2]
THE_MODULE = "accounts/allauth_internals.py"


def is_private(module: str) -> bool:
    parts = module.split(".")
    return parts[0] == "allauth" and any(part == "internal" or part.startswith("_") for part in parts)


def private_imports(source: str) -> list[str]:
    """Return the private modules and names of allauth that the source imports or names as text."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value]
    return [name for name in found if is_private(name)]


def test_one_module_imports_the_internals_of_allauth():
    files = modules((*PACKAGES, "tests", "benchmarks"))
    found = {str(path.relative_to(ROOT)): private_imports(path.read_text()) for path in files}
    here = str(Path(__file__).relative_to(ROOT))  # its examples
    assert {path for path, names in found.items() if names} - {here} == {THE_MODULE}


@pytest.mark.parametrize(
    "line",
    [
        "from allauth.mfa.internal.flows.add import validate_can_add_authenticator",
        "from allauth.mfa.webauthn import internal",
        "import allauth.account.internal.stagekit",
        "from allauth.socialaccount.adapter import _build_apps_from_settings",
        'PATCHED = "allauth.account.internal.flows.login.time"',
    ],
)
def test_a_private_import_is_found(line):
    assert len(private_imports(line)) == 1


def test_a_public_import_is_no_finding():
    assert private_imports("from allauth.account.authentication import get_authentication_records") == []
