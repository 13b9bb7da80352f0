"""Make forks of a large process cheaper: with pages of 2 MB instead of 4 KB there is far less to copy for each."""

import ctypes
import re
from pathlib import Path

HUGE_BYTES = 2 << 20
MADV_HUGEPAGE, MADV_COLLAPSE = 14, 25
_OWN_MEMORY = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(\[heap\])?")


def use_huge_pages() -> int:
    """Gather this process's own memory in huge pages; return how many bytes the kernel agreed to.

    To be called when everything is imported or set up, and before the first fork; takes about 2 ms a megabyte. 0 where
    the kernel has no such pages, or is older than Linux 6.1.
    """
    advise = ctypes.CDLL(None, use_errno=True).madvise
    agreed = 0
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        found = _OWN_MEMORY.fullmatch(line)
        if not found:
            continue
        first, end = (int(word, 16) for word in found.groups()[:2])
        first, end = -(-first // HUGE_BYTES) * HUGE_BYTES, end // HUGE_BYTES * HUGE_BYTES
        if end > first:
            area = ctypes.c_void_p(first), ctypes.c_size_t(end - first)
            advise(*area, MADV_HUGEPAGE)
            agreed += (end - first) * (advise(*area, MADV_COLLAPSE) == 0)
    return agreed
