"""Limits of points that both the tables and the rules hold."""

from datetime import timedelta

UNDO_MINUTES = 10
UNDO_WINDOW = timedelta(minutes=UNDO_MINUTES)
GOAL_MOST = 10_000
