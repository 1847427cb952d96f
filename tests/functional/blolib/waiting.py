"""Waiting for a condition: the one place where time passes."""

import threading
import time

# Sanitizers make everything several times slower, and two of these tests share a small machine.
DEADLINE_S = 60


def until(condition, what, deadline_s=DEADLINE_S):
    """The first true value of condition(); fails, saying `what`, when the deadline passes."""
    end = time.monotonic() + deadline_s
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise AssertionError(f"not within {deadline_s} s: {what}")
        pause.wait(0.02)
