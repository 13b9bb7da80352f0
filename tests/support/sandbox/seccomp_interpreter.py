"""Run a seccomp program as the kernel would."""

from helpers.grading.sandbox.linux.seccomp import write_filter
from helpers.grading.sandbox.linux.syscalls import MACHINES, number_calls

ALLOWED, KILLED = "allowed", "killed"


def run_filter(program: list, number: int, arguments: tuple, architecture: int) -> str | int:
    """Interpret a filter; return "allowed", "killed", or the errno."""
    words = {0: number, 4: architecture} | {16 + 8 * place: value & 0xFFFFFFFF for place, value in enumerate(arguments)}
    place, value = 0, 0
    while True:
        code, yes, no, constant = program[place]
        place += 1
        if code == 0x20:
            value = words.get(constant, 0)
        elif code == 0x54:
            value &= constant
        elif code == 0x06:
            break
        else:
            holds = {0x15: value == constant, 0x25: value > constant, 0x45: bool(value & constant)}[code]
            place += yes if holds else no
    return {0x7FFF0000: ALLOWED, 0x80000000: KILLED}.get(constant, constant & 0xFFFF)


class Filter:
    """A filter on a machine."""

    def __init__(self, machine: str, rules: list) -> None:
        self.program, self.numbers = write_filter(rules), number_calls()
        self.architecture = MACHINES[machine][1]

    def __call__(self, name: str, *arguments: int) -> str | int:
        return run_filter(self.program, self.numbers[name], arguments, self.architecture)
