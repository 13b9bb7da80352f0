"""Count the rooms, floors and arrows of helpers/, and list the rooms by floor: python -m tests.house.module_graph.

A room is a package that holds no other package; a module that lies beside packages is a room of its own. An arrow goes
from one room to another that it imports. The lowest floor imports no other room; every other room lies one floor above
the highest that it imports. Rooms that import each other, directly or by others, share a floor and are named.
`--of FOLDER` counts another copy of the repository, such as an older one.
"""

import argparse
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class House:
    """Rooms by floor, from the lowest; arrows as pairs of rooms; and groups of rooms that import each other."""

    floors: tuple[tuple[str, ...], ...]
    arrows: frozenset[tuple[str, str]]
    circles: tuple[tuple[str, ...], ...]

    @property
    def rooms(self) -> int:
        """How many rooms there are."""
        return sum(map(len, self.floors))


def read_house() -> House:
    """Return the house of the `helpers` that this process would import."""
    graph = grimp.build_graph("helpers")
    packages = {module.rpartition(".")[0] for module in graph.modules}
    branching = {package.rpartition(".")[0] for package in packages}
    rooms = {module: _name_room(module, packages, branching) for module in graph.modules}
    pairs = ((rooms[a], rooms[b]) for a in rooms for b in graph.find_modules_directly_imported_by(a))
    arrows = frozenset((a, b) for a, b in pairs if a != b and not {a, b} & (packages & branching))
    return _put_on_floors({room for room in rooms.values() if room not in branching}, arrows)


def _name_room(module: str, packages: Collection[str], branching: Collection[str]) -> str:
    """Return the room of a module: itself, if its package holds other packages, else its package."""
    parent = module.rpartition(".")[0]
    return module if module in packages or parent in branching else parent


def _put_on_floors(rooms: Collection[str], arrows: frozenset[tuple[str, str]]) -> House:
    below = {room: {b for a, b in arrows if a == room} for room in rooms}

    @cache
    def list_reached(room: str) -> frozenset[str]:
        reached, todo = set(), list(below[room])
        while todo:
            if (one := todo.pop()) not in reached:
                reached.add(one)
                todo += below.get(one, ())
        return frozenset(reached)

    circles = {
        room: tuple(sorted({room} | {b for b in list_reached(room) if room in list_reached(b)})) for room in rooms
    }

    @cache
    def find_floor(circle: tuple[str, ...]) -> int:
        under = {circles[b] for room in circle for b in below[room]} - {circle}
        return 1 + max(map(find_floor, under), default=-1)

    floors: list[list[str]] = []
    for room in sorted(rooms):
        floor = find_floor(circles[room])
        floors += [[] for _ in range(floor + 1 - len(floors))]
        floors[floor].append(room)
    return House(tuple(map(tuple, floors)), arrows, tuple({circle for circle in circles.values() if len(circle) > 1}))


def main() -> None:
    """Print the house, the highest floor first."""
    parser = argparse.ArgumentParser(prog="python -m tests.house.module_graph", description=__doc__.split("\n")[0])
    parser.add_argument("--of", type=Path, default=ROOT, metavar="FOLDER", help="a copy of the repository")
    sys.path.insert(0, str(parser.parse_args().of.resolve()))
    house = read_house()
    for number, rooms in reversed(list(enumerate(house.floors, 1))):
        print(f"{number:2}  " + "  ".join(room.removeprefix("helpers.") for room in rooms))
    for circle in house.circles:
        print("import each other: " + ", ".join(circle))
    print(f"{house.rooms} rooms, {len(house.floors)} floors, {len(house.arrows)} arrows")


if __name__ == "__main__":
    main()
