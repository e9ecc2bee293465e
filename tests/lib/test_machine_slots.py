"""Slots limit costly work on one machine over all its processes (A47)."""

import subprocess
import sys
from contextlib import ExitStack

import pytest
from django.conf import settings

from malpas.lib.machine_slots import Busy, machine_slot

HOLDER = """
import sys
from pathlib import Path
from malpas.lib.machine_slots import machine_slot
with machine_slot(Path(sys.argv[1]), at_once=1, waiting=1, seconds=0):
    print("holds", flush=True)
    sys.stdin.read()
"""


def slot(folder, seconds=0.0):
    return machine_slot(folder, at_once=1, waiting=1, seconds=seconds)


def test_one_more_than_the_slots_is_refused_at_once(tmp_path):
    with ExitStack() as stack:
        for _number in range(2):
            stack.enter_context(machine_slot(tmp_path, at_once=2, waiting=1, seconds=0))
        with pytest.raises(Busy), machine_slot(tmp_path, at_once=2, waiting=1, seconds=0):
            pass
    with slot(tmp_path):
        pass


def test_a_waiting_process_gets_a_slot_and_releases_it(tmp_path):
    with pytest.raises(ZeroDivisionError), slot(tmp_path):
        raise ZeroDivisionError
    with slot(tmp_path), pytest.raises(Busy), slot(tmp_path, seconds=0.1):
        pass
    with slot(tmp_path):
        pass


def test_a_killed_process_releases_its_slot(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR
    ) as holder:
        assert holder.stdout.readline() == b"holds\n"
        with pytest.raises(Busy), slot(tmp_path):
            pass
        holder.kill()
        holder.wait()
        with slot(tmp_path):
            pass


def test_an_unusable_folder_admits_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Busy), slot(tmp_path / "file"):
        pass
