"""All sabotages, in the order in which they are played."""

from collections.abc import Sequence

from tests.sabotage import gradients, handing, judging, keys, workers
from tests.sabotage.form import Sabotage

__all__ = ["SABOTAGES"]

SABOTAGES: Sequence[Sabotage] = (
    *judging.SABOTAGES,
    *keys.SABOTAGES,
    *gradients.SABOTAGES,
    *workers.SABOTAGES,
    *handing.SABOTAGES,
)
