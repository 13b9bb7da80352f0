"""The suite as test cases: one for each attack in each configuration."""

import pytest

from tests.hostile.attacks import Attack
from tests.hostile.configurations import Configuration, NotAvailable, list_configurations, run_configuration

_tried: dict[str, dict[str, dict] | Exception] = {}


def list_cases(user: str) -> list:
    """Return the cases of a kind of user."""
    return [
        pytest.param(configuration, attack, id=f"{configuration.name}-{attack.name}")
        for configuration in list_configurations().values()
        for attack in configuration.attacks
        if configuration.user == user
    ]


def expect_right_end(configuration: Configuration, attack: Attack) -> None:
    """Fail unless the attack ended as it must. The whole configuration is tried when its first case asks for it."""
    row = _try_once(configuration).get(attack.name)
    if row is None:
        pytest.fail("The suite stopped before this attack: see what it printed.")
    if row["faults"]:
        pytest.fail(f"{attack.tries} It: {'; '.join(row['faults'])}")
    assert row["wrong"] == [], attack.tries


def _try_once(configuration: Configuration) -> dict[str, dict]:
    if configuration.name not in _tried:
        try:
            rows = run_configuration(configuration)
            _tried[configuration.name] = {row["attack"]: row for row in rows}
        except Exception as error:  # kept, so that it is not tried again for every case
            _tried[configuration.name] = error
    found = _tried[configuration.name]
    if isinstance(found, NotAvailable):
        pytest.skip(f"{configuration.name}: {found}")
    if isinstance(found, Exception):
        pytest.fail(f"{configuration.name} could not be tried: {found}")
    return found
