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
    """A row for each topic, a column for each that others build on, and a dot where one does: arrows would cross."""
    links = needed()
    bases = [topic for topic in links if any(topic in others for others in links.values())]
    figure.set_size_inches(5.6, 0.34 * len(links) + 0.9)
    axes = figure.subplots()
    for row, others in enumerate(links.values()):
        axes.axhline(row, color="0.9", linewidth=0.8, zorder=0)
        for other in others:
            axes.plot(bases.index(other), row, "o", color=PALETTE[0], markersize=9)
        if not others:
            axes.text(
                len(bases) / 2 - 0.5, row, "you can begin here", ha="center", va="center", fontsize=9, color="0.35"
            )
    axes.set_yticks(range(len(links)), [f"{topic} {NAMES[topic]}" for topic in links])
    axes.set_xticks(range(len(bases)), bases)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set(xlabel="builds on", xlim=(-0.6, len(bases) - 0.4), ylim=(len(links) - 0.5, -0.5))
    axes.tick_params(length=0)
    for side in ("left", "bottom", "top"):
        axes.spines[side].set_visible(False)
