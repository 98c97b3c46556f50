"""All attacks, subject by subject."""

from collections.abc import Mapping

from tests.attacks import bombs, cheating, ending, forging, stealing, tampering
from tests.attacks.attack import Attack

__all__ = ["ATTACKS", "SUBJECTS"]

SUBJECTS: Mapping[str, tuple[Attack, ...]] = {
    module.__name__.rpartition(".")[2]: module.ATTACKS
    for module in (ending, forging, stealing, cheating, bombs, tampering)
}
ATTACKS = tuple(attack for attacks in SUBJECTS.values() for attack in attacks)
