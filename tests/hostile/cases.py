"""The suite as test cases: one for each attack in each configuration."""

import pytest

from tests.hostile.attacks import Attack
from tests.hostile.configurations import Configuration, NotAvailable, list_configurations, run_configuration

_tried: dict[str, dict[str, dict] | Exception] = {}


def list_cases(user: str) -> list:
    """Return the cases of a kind of user; a known failure is a strict xfail, so that its mend is noticed."""
    return [
        pytest.param(configuration, attack, id=f"{configuration.name}-{attack.name}", marks=_mark(attack))
        for configuration in list_configurations().values()
        for attack in configuration.attacks
        if configuration.user == user
    ]


def _mark(attack: Attack) -> list:
    if not attack.known_failure:
        return []
    return [pytest.mark.xfail(reason=attack.known_failure, raises=AssertionError, strict=True)]


def expect_right_end(configuration: Configuration, attack: Attack) -> None:
    """Fail unless the attack ended as it must. The whole configuration is tried when its first case asks for it.

    Only what an attack earned can be a known failure: what it leaked, changed or left never is.
    """
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
