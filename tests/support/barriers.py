"""What keeps some people from reading a page, as axe-core finds it: colours too alike, pictures without a text, ..."""

from collections.abc import Collection

from tests.support.browser import Visit

GRAVE = ("serious", "critical")


def find_barriers(shown: Visit, *, theirs: Collection[str] = ()) -> list[str]:
    """Return axe's serious and critical findings in a page, a line each; `theirs` are rules that are not ours to keep.

    axe-core comes with its package: nothing is fetched.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {"rules": {name: {"enabled": False} for name in theirs}}
    violations = Axe().run(shown.page, options=options).response["violations"]
    grave = [one for one in violations if one["impact"] in GRAVE]
    places = [(one["id"], node["html"][:100]) for one in grave for node in one["nodes"]]
    return [f"{rule}: {place}" for rule, place in places]
