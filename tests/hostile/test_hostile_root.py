"""Hostile submissions, graded as root."""

import pytest

from tests.hostile.cases import expect_right_end, list_cases


@pytest.mark.parametrize("configuration, attack", list_cases("root"))
def test_attack_ends_as_it_must(configuration, attack, request):
    expect_right_end(configuration, attack, request)
