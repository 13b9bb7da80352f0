"""What became of an attack, and whether that is what must become of it."""

from dataclasses import dataclass

from tests.hostile.attacks import Attack

REPELLED, FAILED = "repelled", "FAILED"


@dataclass(frozen=True)
class Outcome:
    """One attack in one configuration. `faults` are phrases: what leaked, changed, stayed, escaped, or was hurt."""

    configuration: str
    attack: Attack
    status: str
    points: float
    faults: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def wrong(self) -> list[str]:
        """Return what is wrong about status and points."""
        attack, found = self.attack, []
        if self.status not in attack.statuses:
            found.append(f"is {self.status}")
        if attack.points is not None and self.points != attack.points:
            found.append(f"has {self.points:g} points")
        if self.points > attack.most_points:
            found.append(f"earned {self.points:g} points")
        return found

    @property
    def result(self) -> str:
        """Return REPELLED, or FAILED for an attack that earned more than it may, or that has faults."""
        return FAILED if self.faults or self.wrong else REPELLED

    @property
    def row(self) -> dict:
        """Return the attack's row of the table, with what is wrong and how long it took."""
        return {
            "configuration": self.configuration,
            "attack": self.attack.name,
            "expected": self.attack.expected,
            "outcome": "; ".join([f"{self.status}, {self.points:g}", *self.faults]),
            "result": self.result,
            "faults": list(self.faults),
            "wrong": self.wrong,
            "seconds": self.seconds,
        }
