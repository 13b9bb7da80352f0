"""Run a command where the kernel refuses some calls, as in a container: refuse_calls.py CALL[,CALL...] COMMAND..."""

import errno
import os
import sys

from helpers.grading.sandbox.linux import kernel
from helpers.grading.sandbox.linux.seccomp import install_filter, write_filter

if __name__ == "__main__":
    kernel.control_process(kernel.PR_SET_NO_NEW_PRIVS, 1)
    install_filter(write_filter([(name, errno.EPERM, ()) for name in sys.argv[1].split(",")]))
    os.execv(sys.argv[2], sys.argv[2:])
