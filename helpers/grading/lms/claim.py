"""What the name of a file or a folder says: whose work it is, and when it came."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """Whose work something at the top of what was handed in says it is.

    `system` is the name of an LMS ("canvas"), or "" (a name that people gave); `number` is the system's own sign of the
    student; `upload` and `attempt` order a student's files; `original` is the name the student gave the file; `came`
    is the time in the name, as the system writes it.
    """

    name: str
    system: str = ""
    number: str = ""
    is_late: bool = False
    upload: int = 0
    attempt: int = 0
    original: str = ""
    came: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.system} {self.number})" if self.system else self.name
