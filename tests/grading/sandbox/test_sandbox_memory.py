"""Huge pages make forks cheap and change nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os
from helpers.grading.sandbox.linux.huge_pages import use_huge_pages
block = bytearray(range(256)) * (1 << 16)
agreed = use_huge_pages()
child = os.fork()
block[::4096] = bytes(len(block) // 4096)
if child == 0:
    os._exit(sum(block[1::4096]) != len(block) // 4096 or any(block[::4096]))
assert os.waitpid(child, 0)[1] == 0
assert agreed % (2 << 20) == 0
print("same")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's pages")
def test_contents_stay():
    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True)
    assert done.stdout == "same\n", done.stderr
