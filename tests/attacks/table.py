"""The table of attacks and places: what was contained, by what, and what was not."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from grader.sandbox import Sandbox
from grader.sandbox.level import at_least
from tests.attacks.attack import HARMS, Attack
from tests.attacks.catalogue import ATTACKS
from tests.attacks.played import Result, attacked, fits
from tests.attacks.scene import Scene
from tests.attacks.worlds import WORLDS, run

__all__ = ["main", "played"]

_AT_ONCE = 4
# (contained, promised, what held it or what it did) of an attack in a place.
Cell = tuple[bool, bool, str]


def main(words: Sequence[str]) -> int:
    """Play the named attacks, or all, everywhere, and print the table; `--here LEVEL`: at one level, as JSON."""
    if words[:1] == ["--here"]:
        level, *names = words[1:]
        print(json.dumps({level: here(level, _named(names))}))
        return 0
    unknown = set(words) - {attack.name for attack in ATTACKS}
    if unknown:
        print(f"no attack is called {unknown.pop()}", file=sys.stderr)
        return 2
    places = {f"{world.name} {level}": cells for world, level, cells in _everywhere(words)}
    print(_table(places))
    broken = [name for cells in places.values() for name, (held, promised, _) in cells.items() if promised and not held]
    return 1 if broken else 0


def _named(names: Sequence[str]) -> list[Attack]:
    return [attack for attack in ATTACKS if not names or attack.name in names]


def _everywhere(names: Sequence[str]) -> Iterator[tuple]:
    for world in WORLDS:
        for level in world.levels:
            print(f"{world.name}, {level} ...", file=sys.stderr, flush=True)
            said = run(world, [sys.executable, "-m", "tests.attacks", "--here", level, *names])
            if said is None:
                print(f"{world.name} cannot be made here", file=sys.stderr)
                break
            ((reached, cells),) = said.items()
            if cells:
                yield world, reached, cells


def here(most: str, attacks: Sequence[Attack]) -> Mapping[str, Cell]:
    """Play attacks at the level `most`; nothing where it cannot be reached."""
    with Sandbox(most=most) as sandbox:
        level = sandbox.isolation
        if level != most:
            return {}
        results = played(sandbox, [attack for attack in attacks if fits(attack, level)])
    return {
        result.attack.name: (
            result.contained,
            at_least(level, result.attack.since),
            result.held if result.contained else ", ".join(result.harms),
        )
        for result in results
    }


def played(sandbox: Sandbox, attacks: Sequence[Attack]) -> list[Result]:
    """Play attacks, several at a time where none of them can hurt another."""
    at_once = _AT_ONCE if at_least(sandbox.isolation, "seccomp") else 1
    with Scene() as scene, ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda attack: attacked(scene, sandbox, attack), attacks))


def _table(places: Mapping[str, Mapping[str, Cell]]) -> str:
    columns = {place: chr(ord("A") + number) for number, place in enumerate(places)}
    lines = [f"{letter}  {place}" for place, letter in columns.items()]
    lines += ["", f"{'':50} {' '.join(columns.values())}  caught by"]
    for attack in ATTACKS:
        cells = [cells.get(attack.name) for cells in places.values()]
        if any(cells):
            held = Counter(cell[2] for cell in cells if cell and cell[0]).most_common(1)
            shown = f"{attack.by} ({held[0][0]})" if held else attack.by
            lines.append(f"{attack.name:50} {' '.join(map(_mark, cells))}  {shown}")
    lines += ["", ".  contained    x  not stopped here    X  not stopped where it should be    blank  not played", ""]
    for place, cells in places.items():
        contained = sum(held for held, _, _ in cells.values())
        promised = [held for held, promise, _ in cells.values() if promise]
        lines.append(
            f"{place:40} {contained} of {len(cells)} contained; of those promised {sum(promised)} of {len(promised)}"
        )
        lines += [f"    {name}: {what}" for name, (held, _, what) in cells.items() if not held]
    lines += ["", *(f"{harm}: {meaning}" for harm, meaning in HARMS.items())]
    return "\n".join(lines)


def _mark(cell: Cell | None) -> str:
    if cell is None:
        return " "
    return "." if cell[0] else "X" if cell[1] else "x"
