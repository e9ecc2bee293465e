"""What a new school starts with (PU-1, PU-2): (group, icon, points, English, Welsh).

The INSPIRE words are invented to stand in until the school writes its own.
"""

from points.enums import BehaviourGroup, Icon

BEHAVIOURS = [
    (BehaviourGroup.LEARNING, Icon.LISTENING, 1, "Good listening", "Gwrando da"),
    (BehaviourGroup.LEARNING, Icon.READY, 1, "Ready to learn", "Barod i ddysgu"),
    (BehaviourGroup.LEARNING, Icon.EFFORT, 1, "Effort", "Ymdrech"),
    (BehaviourGroup.LEARNING, Icon.ACHIEVEMENT, 1, "Achievement", "Cyflawniad"),
    (BehaviourGroup.LEARNING, Icon.TOGETHER, 1, "Working together", "Cydweithio"),
    (BehaviourGroup.KINDNESS, Icon.SHARING, 1, "Sharing", "Rhannu"),
    (BehaviourGroup.KINDNESS, Icon.HELPING, 1, "Helping others", "Helpu eraill"),
    (BehaviourGroup.INSPIRE, Icon.INSPIRE, 1, "Imagine", "Dychmygu"),
    (BehaviourGroup.INSPIRE, Icon.INSPIRE, 1, "Nurture", "Meithrin"),
    (BehaviourGroup.INSPIRE, Icon.INSPIRE, 1, "Support", "Cefnogi"),
    (BehaviourGroup.INSPIRE, Icon.INSPIRE, 1, "Persevere", "Dyfalbarhau"),
    (BehaviourGroup.INSPIRE, Icon.INSPIRE, 1, "Include", "Cynnwys"),
    (BehaviourGroup.INSPIRE, Icon.INSPIRE, 1, "Respect", "Parchu"),
    (BehaviourGroup.INSPIRE, Icon.INSPIRE, 1, "Enjoy", "Mwynhau"),
    (BehaviourGroup.HOME, Icon.HOMEWORK, 2, "Home learning task", "Tasg dysgu gartref"),
    (BehaviourGroup.HOME, Icon.BOOK, 1, "Reading at home", "Darllen gartref"),
    (BehaviourGroup.CYMRAEG, Icon.CHAT, 1, "Speaking Welsh", "Siarad Cymraeg"),
]
