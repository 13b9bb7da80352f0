"""The suite as test cases: one for each attack in each configuration."""

import os

import pytest

from tests.hostile.attacks import Attack
from tests.hostile.configurations import Configuration, NotAvailable, list_configurations, run_configuration
from tests.hostile.suite import IN_BOTH

_tried: dict[str, dict[str, dict] | Exception] = {}


def list_cases(user: str) -> list:
    """Return the cases of a kind of user."""
    return [
        pytest.param(
            configuration,
            attack,
            id=f"{configuration.name}-{attack.name}",
            marks=[] if is_in_quick_tier(configuration.name, attack) else pytest.mark.thorough,
        )
        for configuration in list_configurations().values()
        for attack in configuration.attacks
        if configuration.user == user
    ]


def is_in_quick_tier(configuration: str, attack: Attack) -> bool:
    """Return whether `make test` tries it: every attack on the judge once, all others once in each backend."""
    if configuration == "judge":
        return attack.topic not in IN_BOTH
    return configuration in ("root-namespaces" if os.geteuid() == 0 else "ordinary-namespaces", "ordinary-landlock")


def expect_right_end(configuration: Configuration, attack: Attack, request: pytest.FixtureRequest) -> None:
    """Fail unless the attack ended as it must. All chosen ones are tried when the configuration's first is asked for.

    `request` is that of the test.
    """
    row = _try_once(configuration, request).get(attack.name)
    if row is None:
        pytest.fail("The suite stopped before this attack: see what it printed.")
    if row["faults"]:
        pytest.fail(f"{attack.tries} It: {'; '.join(row['faults'])}")
    assert row["wrong"] == [], attack.tries


def _try_once(configuration: Configuration, request: pytest.FixtureRequest) -> dict[str, dict]:
    if configuration.name not in _tried:
        names = _list_chosen(configuration, request.session.items)
        try:
            rows = run_configuration(configuration, names if len(names) < len(configuration.attacks) else ())
            _tried[configuration.name] = {row["attack"]: row for row in rows}
        except Exception as error:  # kept, so that it is not tried again for every case
            _tried[configuration.name] = error
    found = _tried[configuration.name]
    if isinstance(found, NotAvailable):
        pytest.skip(f"{configuration.name}: {found}")
    if isinstance(found, Exception):
        pytest.fail(f"{configuration.name} could not be tried: {found}")
    return found


def _list_chosen(configuration: Configuration, items: list[pytest.Item]) -> list[str]:
    """Return the names of the configuration's attacks among the tests that are to run."""
    cases = [item.callspec.params for item in items if hasattr(item, "callspec")]
    chosen = [case["attack"] for case in cases if getattr(case.get("configuration"), "name", "") == configuration.name]
    return [attack.name for attack in chosen]
