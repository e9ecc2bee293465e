"""A nudge of the web reaches a worker at once: here beat does not run, and no sweep could do its work."""

import pytest

from tests.faults.test_redis import ask_for_a_code, story
from tests.journeys.school import eventually

pytestmark = pytest.mark.faults


def test_a_code_is_mailed_at_once_by_a_fresh_web(rig):
    rig.end("web")
    rig.start_up("web")
    assert "beat" not in rig.portal.processes
    for name in ("nia", "gareth", "sioned", "dylan"):  # a nudge may be lost; four are not
        ask_for_a_code(rig, f"{name}@family.example")
    eventually(lambda: rig.letterbox.mails)
    rig.sweep("deliver")  # of the others a nudge may have been lost
    eventually(lambda: not rig.unsent())


def test_a_story_is_announced_at_once(rig):
    rig.monday(30)
    story(rig)
    eventually(lambda: rig.one("SELECT announced_at FROM stories_post"))
