"""Try the hostile submissions and print what became of each: python -m tests.hostile [NAME ...]

Names are those of attacks, or how they begin. The whole table is written to build/hostile.csv.
"""

import argparse
import json
import logging
import sys

from helpers.grading.sandbox.choose import choose_backend
from helpers.grading.sandbox.settings import SandboxError
from tests.hostile.arena import Arena
from tests.hostile.configurations import (
    NOT_AVAILABLE,
    UNPROTECTED,
    Configuration,
    NotAvailable,
    list_configurations,
    run_configuration,
)
from tests.hostile.outcome import REPELLED
from tests.hostile.table import TABLE, print_details, print_row

NEIGHBOUR_EVERY = 4  # attacks: an honest submission between all of them would take as long again


def main() -> int:
    """Return 0 if every attack ended as it must, else 1."""
    configurations = list_configurations()
    here = configurations | {UNPROTECTED.name: UNPROTECTED}
    parser = argparse.ArgumentParser(prog="tests.hostile", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="attacks, or how their names begin; none: all")
    parser.add_argument("--only", choices=configurations, help="one configuration")
    parser.add_argument("--here", choices=here, help="the same, in this process and as this user; prints JSON")
    parser.add_argument("--show", action="store_true", help="with --here: what each attack printed")
    options = parser.parse_args()
    if options.here:
        return run_here(here[options.here], options.names, show=options.show)
    chosen = [configurations[options.only]] if options.only else list(configurations.values())
    tried = stopped = 0
    for configuration in chosen:
        try:
            rows = run_configuration(configuration, options.names)
            tried += len(rows)
            stopped += sum(row["result"] == REPELLED for row in rows)
        except NotAvailable as reason:
            print(f"{configuration.name}: not tried, {reason}", file=sys.stderr)
    print(f"Tried: {tried}. Stopped: {stopped}. Earned more than they may, leaked or hurt: {tried - stopped}.")
    print(f"The table: {TABLE}" if not options.names else "")
    return int(stopped < tried or not tried)


def run_here(configuration: Configuration, names: list[str], *, show: bool) -> int:
    """Try the attacks in this process; print a line of JSON for each."""
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    try:
        backend = "none" if configuration is UNPROTECTED else choose_backend(configuration.backend)
    except SandboxError as error:
        print(json.dumps({NOT_AVAILABLE: str(error)}))
        return 0
    with Arena(backend, configuration.name) as arena:
        attacks = [attack for attack in configuration.attacks if attack.name.startswith(tuple(names) or "")]
        for number, attack in enumerate(attacks, start=1):
            outcome = arena.face(attack, ask_neighbour=number % NEIGHBOUR_EVERY == 0 or attack is attacks[-1])
            print(json.dumps(outcome.row), flush=True)
            print_row(outcome.row)
            if show:
                print_details(outcome, arena.last)
    return 0


if __name__ == "__main__":
    sys.exit(main())
