#!/usr/bin/env python3
"""
From a bare checkout to a running command: `python3 malpas/dev/bootstrap.py VERB [ARGUMENTS]`.

Standard library only, and readable to an old Python, which is told so in a sentence. It makes `.venv`, installs
the hashed requirements when they or the Python have changed (with uv, or with pip when uv fails), and goes on
as `python -m …` inside.
"""

import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UV = os.path.join("malpas", "dev", "uv.txt")
# verb: the requirements it needs, the module that carries it out, and that module's first arguments
VERBS = {
    "run": ("requirements.txt", "malpas.dev.run", []),
    "manage": ("requirements.txt", "malpas.dev.servers.command", ["--portal", "--", "python", "manage.py"]),
    "test": ("requirements-dev.txt", "malpas.dev.test", []),
    "check": ("requirements-dev.txt", "malpas.dev.check", []),
    "with-servers": ("requirements-dev.txt", "malpas.dev.servers.command", ["--"]),
    "tool": ("requirements-dev.txt", "malpas.dev.tool", []),
    "messages": ("requirements-dev.txt", "malpas.dev.catalogues", ["--extract"]),
    "install": ("requirements-dev.txt", "", []),
}


def say(sentence):
    print("[malpas] " + sentence, flush=True)


def too_old(version):
    """Return the sentence for a Python that is too old, or None."""
    if tuple(version[:2]) >= OLDEST:
        return None
    return "Python {}.{} or newer is needed, and this is {}.{}. Set PYTHON to a newer one: make run PYTHON=python3.12".format(
        *(OLDEST + tuple(version[:2]))
    )


def go_on_with_newer_python():
    """Replace this process by the newest Python on the PATH, when this one is too old."""
    sentence = too_old(sys.version_info)
    if not sentence:
        return
    found = next((path for path in map(shutil.which, NEWER) if path), None)
    if not found:
        sys.exit(sentence)
    os.execv(found, [found] + sys.argv)


class Environment:
    """The virtual environment at `folder` and what is installed in it."""

    def __init__(self, folder, root=ROOT):
        self.folder = folder
        self.root = root
        self.python = os.path.join(folder, "bin", "python")

    def version(self):
        """Return the version of its Python, or an empty text when that does not run."""
        try:
            done = subprocess.run(
                [self.python, "-c", "import sys; print(sys.version)"], stdout=subprocess.PIPE, check=False
            )
        except OSError:
            return ""
        return done.stdout.decode() if done.returncode == 0 else ""

    def stamp(self, requirements):
        """Return what must stand in the stamp file for these requirements to count as installed."""
        with open(os.path.join(self.root, requirements), "rb") as file:
            return hashlib.sha256(file.read() + self.version().encode()).hexdigest()

    def stamp_file(self, requirements):
        return os.path.join(self.folder, ".installed-" + requirements)

    def is_ready(self, requirements):
        try:
            with open(self.stamp_file(requirements)) as file:
                return file.read() == self.stamp(requirements)
        except OSError:
            return False

    def make(self):
        """Make the environment unless it is there and its Python runs."""
        if self.version():
            return
        say("Making the environment in " + os.path.relpath(self.folder, self.root))
        try:
            import ensurepip  # noqa: F401
            import venv
        except ImportError:
            sys.exit(
                "This Python comes without `venv`. On Debian or Ubuntu: apt install python{}.{}-venv".format(
                    *sys.version_info[:2]
                )
            )
        venv.create(self.folder, with_pip=True, symlinks=True, clear=os.path.exists(self.folder))

    def install(self, requirements):
        """Install the hashed requirements, by uv or else by pip, and write the stamp."""
        say("Installing " + requirements)
        if not self.by_uv(requirements):
            say("uv could not do it: installing with pip instead")
            self.by_pip(requirements)
        with open(self.stamp_file(requirements), "w") as file:
            file.write(self.stamp(requirements))

    def by_uv(self, requirements):
        """Return whether uv, itself installed here first, could install them."""
        uv = os.path.join(self.folder, "bin", "uv")
        if not os.path.exists(uv) and self.pip("-r", UV):
            return False
        command = [
            uv,
            "pip",
            "install",
            "-q",
            "--python",
            self.python,
            "--require-hashes",
            "-r",
            requirements,
        ]
        environ = dict(os.environ, UV_SYSTEM_CERTS="1")
        try:
            return subprocess.call(command, cwd=self.root, env=environ) == 0
        except OSError:
            return False

    def by_pip(self, requirements):
        if self.pip("-r", requirements):
            sys.exit("The packages in " + requirements + " could not be installed; pip says why above.")

    def pip(self, *arguments):
        quiet = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        return subprocess.call([self.python] + quiet + list(arguments), cwd=self.root)


def prepare(requirements):
    """Bring the environment up to date, one start at a time, and return it."""
    import fcntl

    environment = Environment(os.path.join(ROOT, ".venv"))
    if environment.is_ready(requirements):
        return environment
    os.makedirs(os.path.join(ROOT, ".local"), exist_ok=True)
    with open(os.path.join(ROOT, ".local", "install.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not environment.is_ready(requirements):
            environment.make()
            environment.install(requirements)
    return environment


def main(arguments):
    verb = arguments[0] if arguments else ""
    if verb not in VERBS:
        sys.exit("Say what to do: " + ", ".join(VERBS))
    go_on_with_newer_python()
    requirements, module, first = VERBS[verb]
    environment = prepare(requirements)
    if module:
        os.chdir(ROOT)
        command = [environment.python, "-m", module] + first + arguments[1:]
        os.execv(environment.python, command)


if __name__ == "__main__":
    main(sys.argv[1:])
