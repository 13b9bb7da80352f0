"""Choose the sandbox: the first backend whose probes all come out as they must, or a refusal that says what to do.

python -m helpers.grading.sandbox.choose prints what works on this machine.
"""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

from helpers.grading.sandbox.probes.run import MAX_S, TOKEN_VARIABLE, SandboxProbe
from helpers.grading.sandbox.settings import BACKENDS, SandboxError

_ROOT = Path(__file__).resolve().parents[3]
_WITHOUT = "or, only for submissions that you trust like your own code, use --no-sandbox"
_ADVICE = {
    "namespaces": (
        "Ubuntu 24.04 keeps namespaces from ordinary users, and containers keep them from everyone: "
        f"use the backend landlock, start the container with --privileged, {_WITHOUT}."
    ),
    "landlock": (
        "It needs Linux 5.13 or newer with landlock in /sys/kernel/security/lsm, and a container whose "
        f"profile allows its calls: use the backend namespaces, a newer kernel or container engine, {_WITHOUT}."
    ),
}


def choose_backend(forced: str | None = None) -> str:
    """Return the name of a backend that works here, `forced` if given. Raises SandboxError when none does."""
    _refuse_other_systems()
    if forced is not None and forced not in BACKENDS:
        raise SandboxError(f"There is no sandbox called {forced!r}: choose one of {', '.join(BACKENDS)}.")
    wanted = (forced,) if forced else BACKENDS
    refusals = []
    for backend in wanted:
        wrong = [probe for probe in probe_backend(backend) if not probe.is_right]
        if not wrong:
            return backend
        refusals.append(f"The sandbox {backend} does not work here: {_say_what_is_wrong(wrong)}. {_ADVICE[backend]}")
    raise SandboxError("\n".join(refusals))


def _refuse_other_systems() -> None:
    if sys.platform != "linux":
        raise SandboxError(
            "Submissions are graded in a sandbox that only the Linux kernel has: run this in a Linux container "
            f"(Docker Desktop, Podman, WSL 2), {_WITHOUT}."
        )


def _say_what_is_wrong(wrong: list[SandboxProbe]) -> str:
    if len({probe.detail for probe in wrong}) == 1 and wrong[0].detail:
        return wrong[0].detail
    return "; ".join(
        f"it was {'not ' if probe.must_work else ''}possible to {probe.name}"
        + (f" ({probe.detail})" if probe.detail else "")
        for probe in wrong
    )


def probe_backend(backend: str, *, landlock_version: int | None = None) -> list[SandboxProbe]:
    """Try a backend in a process of its own; with `landlock_version`, as on an older kernel."""
    version = [] if landlock_version is None else [str(landlock_version)]
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(Path.home()),
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        TOKEN_VARIABLE: secrets.token_hex(16),
    }
    command = [sys.executable, "-P", "-m", "helpers.grading.sandbox.probes.run", backend, *version]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=3 * MAX_S)
    except subprocess.TimeoutExpired:
        return [SandboxProbe("end in time", True, False, "the probes did not end")]
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no error was printed"])[-1]
        return [SandboxProbe("run the probes", True, False, last)]
    return [SandboxProbe(**json.loads(line)) for line in done.stdout.splitlines()]


def describe_backends() -> str:
    """Return a table of all backends and probes, with how each came out."""
    _refuse_other_systems()
    lines = []
    for backend in BACKENDS:
        probes = probe_backend(backend)
        works = all(probe.is_right for probe in probes)
        lines.append(f"{backend}: {'works' if works else 'does not work here'}")
        for probe in probes:
            outcome = "works" if probe.worked else "refused"
            lines.append(
                f"  {'ok ' if probe.is_right else 'BAD'} {probe.name:<42} {outcome:<8} {probe.detail}".rstrip()
            )
    return "\n".join(lines)


if __name__ == "__main__":
    print(describe_backends())
