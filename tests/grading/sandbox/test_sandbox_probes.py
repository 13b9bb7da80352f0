"""The sandbox proves itself before it is used, and refuses in plain words where it cannot."""

import json
import sys

import pytest

from helpers.grading.notebooks.paths import ROOT
from helpers.grading.sandbox import choose
from helpers.grading.sandbox.probes.must_fail import MUST_FAIL
from helpers.grading.sandbox.probes.must_work import MUST_WORK
from helpers.grading.sandbox.probes.run import TOKEN_VARIABLE, SandboxProbe
from helpers.grading.sandbox.settings import BACKENDS, SandboxError
from tests.support.sandbox.program import run_as

linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
TRIED = [("namespaces", ()), ("landlock", ()), *(("landlock", version) for version in "654321")]


def probe_as(user: str, backend: str, *version: str, command: list[str] | None = None) -> list[SandboxProbe]:
    command = [*(command or ()), sys.executable, "-m", "helpers.grading.sandbox.probes.run", backend, *version]
    done = run_as(user, command, extra={TOKEN_VARIABLE: "probe-token-17"})
    assert done.returncode == 0, done.stderr
    return [SandboxProbe(**json.loads(line)) for line in done.stdout.splitlines()]


@linux
@pytest.mark.parametrize("user", ["as_is", "ordinary"])
@pytest.mark.parametrize(("backend", "version"), TRIED)
def test_probes_come_out_right(user, backend, version):
    probes = probe_as(user, backend, *version)
    assert [probe for probe in probes if not probe.is_right] == []
    assert [probe.name for probe in probes] == [*MUST_FAIL, *MUST_WORK]


@linux
def test_probes_notice_that_nothing_confines():
    wrong = [probe.name for probe in probe_as("ordinary", "none") if not probe.is_right]
    noticed_otherwise = {"list the home folder", "start more processes than allowed"}  # empty; the supervisor counts
    assert set(wrong) == set(MUST_FAIL) - noticed_otherwise


@linux
def test_a_backend_that_cannot_be_set_up_fails_every_probe():
    probes = probe_as("ordinary", "no_such_backend")
    assert all(not probe.is_right for probe in probes)
    assert len({probe.detail for probe in probes}) == 1


@linux
@pytest.mark.parametrize("user", ["as_is", "ordinary"])
@pytest.mark.parametrize("refused", ["unshare", "mount"])  # as in a container; as on Ubuntu 24.04
def test_landlock_works_where_namespaces_are_refused(user, refused):
    refusing = [sys.executable, str(ROOT / "tests" / "support" / "sandbox" / "refuse_calls.py"), refused]
    probes = probe_as(user, "namespaces", command=refusing)
    assert {(probe.is_right, "Operation not permitted" in probe.detail) for probe in probes} == {(False, True)}
    assert [probe for probe in probe_as(user, "landlock", command=refusing) if not probe.is_right] == []


def pretend(monkeypatch, *working: str) -> None:
    """Let only these backends work."""
    right, wrong = SandboxProbe("read a file outside", False, False), SandboxProbe("read a file outside", False, True)
    monkeypatch.setattr(choose, "probe_backend", lambda name: [right if name in working else wrong])
    monkeypatch.setattr(choose.sys, "platform", "linux")


def test_first_that_works_is_chosen(monkeypatch):
    pretend(monkeypatch, *BACKENDS)
    assert choose.choose_backend() == "namespaces"
    assert choose.choose_backend("landlock") == "landlock"
    pretend(monkeypatch, "landlock")
    assert choose.choose_backend() == "landlock"


def test_refusal_names_the_probe_and_what_to_do(monkeypatch):
    pretend(monkeypatch, "landlock")
    with pytest.raises(SandboxError, match=r"namespaces does not .* possible to read a file outside\..*--no-"):
        choose.choose_backend("namespaces")
    pretend(monkeypatch)
    with pytest.raises(SandboxError, match=r"(?s)namespaces does not work.*landlock does not work"):
        choose.choose_backend()


def test_unknown_backend(monkeypatch):
    pretend(monkeypatch)
    with pytest.raises(SandboxError, match="choose one of namespaces, landlock"):
        choose.choose_backend("bubblewrap")


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems(monkeypatch, system):
    monkeypatch.setattr(choose.sys, "platform", system)
    with pytest.raises(SandboxError, match="Linux container"):
        choose.choose_backend()


@linux
def test_description_shows_every_probe():
    text = choose.describe_backends()
    assert all(name in text for name in (*BACKENDS, *MUST_FAIL, *MUST_WORK))
