"""The map of the course: topics, and which earlier ones their exercises build on."""

from pathlib import Path

from matplotlib.figure import Figure

from grader.library import Library
from grader.paths import topics_needed
from tests.pictures import PALETTE

ROOT = Path(__file__).parent.parent.parent
NAMES = {
    "00": "notation",
    "01": "statistics",
    "02": "calculus",
    "03": "linear algebra",
    "04": "backpropagation",
    "05": "losses, optimisers",
    "06": "classic learning",
    "07": "clusters, PCA, t-SNE",
    "08": "calibration",
    "09": "systems",
    "10": "graphical models",
    "11": "building blocks",
    "12": "fairness",
    "13": "capstones",
}


def needed() -> dict[str, list[str]]:
    """For every topic, by its number, the earlier ones that lead there and that no other of them leads to."""
    library = Library(ROOT)
    topics = {name: place.topic.split("_")[0] for name, place in library.places.items()}
    direct = topics_needed({name: library.exercise(name).needs for name in library.places}, topics)
    earlier = {topic: [other for other in others if other < topic] for topic, others in direct.items()}

    def behind(topic: str) -> set[str]:
        return {far for near in earlier[topic] for far in (near, *behind(near))}

    return {
        topic: [other for other in others if not any(other in behind(third) for third in others)]
        for topic, others in earlier.items()
    }


def course_map(figure: Figure) -> None:
    """Boxes from left to right, each to the right of what it builds on, and arrows."""
    links = needed()
    column: dict[str, int] = {}
    for topic in links:
        column[topic] = max((column[other] + 1 for other in links[topic]), default=0)
    rows = {c: [topic for topic in links if column[topic] == c] for c in sorted(set(column.values()))}
    place = {
        topic: (2.6 * c, -1.0 * (row - (len(topics) - 1) / 2))
        for c, topics in rows.items()
        for row, topic in enumerate(topics)
    }
    figure.set_size_inches(9.0, 0.8 * max(map(len, rows.values())) + 0.4)
    axes = figure.subplots()
    for topic, (x, y) in place.items():
        box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": PALETTE[0]}
        axes.text(x, y, f"{topic} {NAMES[topic]}", ha="center", va="center", bbox=box, fontsize=9, zorder=3)
        for other in links[topic]:
            arrow = {"arrowstyle": "->", "color": "0.45", "shrinkA": 34, "shrinkB": 34, "linewidth": 1.2}
            axes.annotate("", (x, y), place[other], arrowprops=arrow, zorder=1)
    xs, ys = zip(*place.values(), strict=True)
    axes.set(xlim=(min(xs) - 1.3, max(xs) + 1.3), ylim=(min(ys) - 0.6, max(ys) + 0.6))
    axes.axis("off")
