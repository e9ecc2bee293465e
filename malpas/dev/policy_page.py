"""Write docs/policy.md from docs/policy.yaml: `make policy-page`."""

from typing import Any

import yaml

from malpas.dev.folders import ROOT

DATA = ROOT / "docs" / "policy.yaml"
PAGE = ROOT / "docs" / "policy.md"
PARTS = {
    "PU": "Pupils",
    "TE": "Teachers and support staff",
    "PA": "Parents and carers",
    "AU": "Acceptable use",
    "DO": "The document itself",
}
INTRODUCTION = """\
<!-- Written by `make policy-page` from policy.yaml. Change that file, not this one. -->
# The policy, clause by clause

The portal carries out one written agreement: the home–school communication policy of the school. Each clause below
shows the school's rule, what the portal does so that nobody has to remember it, the code that does it, the tests that
fail without it, and what is missing.

A clause is *whole*, *in part* (something is missing) or *not yet* (no test proves it).
"""

Clause = dict[str, Any]


def state(clause: Clause) -> str:
    """Return how far a clause is carried out: whole, in part or not yet."""
    if not clause.get("tests"):
        return "not yet"
    return "in part" if clause.get("missing") else "whole"


def quoted(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def section(name: str, clause: Clause) -> str:
    """Return one clause as Markdown, its text first."""
    lines = [f"### {name}", "", f"> {clause['rule']}", "", clause["software"], ""]
    if clause.get("code"):
        lines += ["Code:", "", *(f"- {each['does']}: {quoted(each['files'])}" for each in clause["code"]), ""]
    if clause.get("tests"):
        lines += ["Tests:", "", *(f"- `{test}`" for test in clause["tests"]), ""]
    if clause.get("missing"):
        lines += [f"**Missing:** {clause['missing']}", ""]
    return "\n".join(lines)


def overview(clauses: dict[str, Clause]) -> str:
    """Return a table of all clauses with a link, the rule and its state."""
    rows = [
        f"| [{name}](#{name.lower()}) | {clause['rule']} | {state(clause)} |"
        for name, clause in clauses.items()
    ]
    return "\n".join(["| clause | the school's rule | carried out |", "| --- | --- | --- |", *rows, ""])


def page(data: dict[str, Any]) -> str:
    """Return the whole page for the data of policy.yaml."""
    clauses = data["clauses"]
    pieces = [INTRODUCTION, overview(clauses)]
    for part, title in PARTS.items():
        pieces.append(f"## {title}\n")
        pieces += [section(name, clause) for name, clause in clauses.items() if name.startswith(f"{part}-")]
    silent = [
        f"- {each['situation']} {'Done.' if each['done'] else '**Not yet.**'}" for each in data["silent"]
    ]
    pieces.append("\n".join(["## Where the policy is silent", "", *silent, ""]))
    return "\n".join(pieces)


def read() -> dict[str, Any]:
    """Return the data of policy.yaml; its shape is written at its head."""
    data: dict[str, Any] = yaml.safe_load(DATA.read_text())
    return data


if __name__ == "__main__":
    PAGE.write_text(page(read()))
