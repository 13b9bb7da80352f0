"""Hostile submissions that no sandbox is needed for: changed notebooks, odd files, tricks of the checks."""

import pytest

from tests.hostile.cases import expect_right_end, list_cases


@pytest.mark.parametrize("configuration, attack", list_cases("anybody"))
def test_attack_ends_as_it_must(configuration, attack, request):
    expect_right_end(configuration, attack, request)
