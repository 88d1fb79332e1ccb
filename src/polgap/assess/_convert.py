"""Two currencies, one converter: officers on duty and officers on strength.

Need arises on duty (posts, crews, platoons); provision comes on strength. They are different
types, so that adding one to the other is an error the type checker finds.
"""

from __future__ import annotations

from typing import NewType

import numpy as np

from polgap.domain.cubes import FloatArray

OnDuty = NewType("OnDuty", FloatArray)
"""Officers at work at one moment."""
OnStrength = NewType("OnStrength", FloatArray)
"""Officers on the books of a unit, those on leave, in training or asleep included."""

HOURS_PER_WEEK = 168.0


def relief_factor(weekly_hours: FloatArray, absence_share: FloatArray) -> FloatArray:
    """Return officers on strength per officer on duty around the clock.

    Parameters
    ----------
    weekly_hours : array, any shape, hours
        Hours that an officer works in a week without absence.
    absence_share : array, same shape, share
        Leave, training, sickness and court. It is held here once: provision never takes leave
        off again.

    Examples
    --------
    >>> relief_factor(np.array([48.0, 48.0, 40.0]), np.array([0.18, 0.33, 0.25])).round(1).tolist()
    [4.3, 5.2, 5.6]
    """
    return np.asarray(HOURS_PER_WEEK / (np.asarray(weekly_hours) * (1.0 - absence_share)))


def on_strength(on_duty: OnDuty, relief: FloatArray) -> OnStrength:
    """Return the officers on strength that keep `on_duty` officers at work.

    Parameters
    ----------
    on_duty : OnDuty, shape (..., draw)
    relief : array, shape (draw,), officers on strength per officer on duty
    """
    return OnStrength(on_duty * relief)
