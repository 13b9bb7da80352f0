"""How tests get a browser: CI installs one where it may, fails without one, and everybody else's tests are skipped."""

import shutil
import subprocess
from pathlib import Path

import pytest

from helpers.grading.notebooks.paths import ROOT
from tests.support import browser as support
from tests.support.barriers import find_barriers

INSTALLER = ROOT / ".ci" / "browser"
NEEDED = ("bash", "id", "tail", "cat")
APT_GET = '#!/bin/sh\necho "$@" >> {log}\n[ "$5" = update ] || exit {status}\n'


def write_program(folder: Path, name: str, text: str) -> None:
    """Write a program that stands in for one of Debian's."""
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def install(folder: Path, *, user: int = 0, status: int = 0, browser: bool = False) -> tuple[str, str, str]:
    """Run .ci/browser among pretended programs; return what apt-get was asked, and both outputs. It never fails."""
    log = folder / "asked"
    for name in NEEDED[:1] + NEEDED[2:]:
        (folder / name).symlink_to(shutil.which(name))
    write_program(folder, "id", f"#!/bin/sh\necho {user}\n")
    write_program(folder, "apt-get", APT_GET.format(log=log, status=status))
    if browser:
        write_program(folder, "google-chrome", "#!/bin/sh\n")
    ran = subprocess.run(["bash", INSTALLER], env={"PATH": str(folder)}, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0
    return log.read_text() if log.exists() else "", ran.stdout, ran.stderr


def test_a_browser_that_is_there_is_enough(tmp_path):
    assert install(tmp_path, browser=True) == ("", "", "")


def test_root_gets_debian_s_chromium_quietly(tmp_path):
    asked, told, problem = install(tmp_path)
    assert "install --yes --no-install-recommends chromium" in asked and asked.count("\n") == 2
    assert told.count("\n") == 1 and not problem


def test_who_may_not_install_is_told(tmp_path):
    asked, told, problem = install(tmp_path, user=1000)
    assert not asked and not told and "takes root" in problem and problem.count("\n") == 1


def test_an_installation_that_fails_ends_in_a_clear_line(tmp_path):
    _, _, problem = install(tmp_path, status=100)
    assert problem.splitlines()[-1].startswith("Chromium could not be installed")


def test_the_installer_looks_for_the_same_browsers_as_the_tests():
    assert f"for name in {' '.join(support.PROGRAMS)}; do" in INSTALLER.read_text()


@pytest.mark.parametrize(("setting", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_ci_fails_and_others_skip(monkeypatch, tmp_path, setting, outcome):
    monkeypatch.setenv("CI", setting)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert support.find_browser() is None
    with pytest.raises(outcome, match="sudo apt-get install chromium"):
        support.do_without("There is no browser.")


def test_faults_of_a_page_are_found(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" style="width: 2000px"><script>throw Error("oh")</script>'
        '<img alt="other" src="http://other.example/a.png"><script>console.error("my own")</script>'
    )
    with support.visit(browser, page, width=support.PHONE) as shown:
        faults = " ".join(shown.list_faults())
    for words in ("oh", "my own", "asks for http://other.example/a.png", "on a screen of 390", "No text for data:"):
        assert words in faults
    assert "ERR_FAILED" not in faults


def test_a_page_without_faults_has_none(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<!DOCTYPE html><meta name="viewport" content="width=device-width"><p>All is well.</p>')
    with support.visit(browser, page, width=support.PHONE) as shown:
        assert shown.list_faults() == []


def test_barriers_are_found(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><html lang="en"><title>a</title><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<main><h1>a</h1><p style="color: #aaa; background: #fff">pale</p><img src="data:,"></main>'
    )
    with support.visit(browser, page) as shown:
        assert [line.partition(":")[0] for line in find_barriers(shown)] == ["color-contrast", "image-alt"]
        assert find_barriers(shown, theirs=("color-contrast", "image-alt")) == []
