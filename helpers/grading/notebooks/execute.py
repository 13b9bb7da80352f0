"""Run a notebook headlessly."""

import os
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode

from helpers.grading.notebooks.paths import read_notebook

CELL_TIMEOUT_S = 300

QUIET_KERNEL = ["--Application.log_level=40"]  # errors only: headless kernels listen on this machine alone

# One thread a kernel, and progress that does not depend on earlier runs.
HEADLESS_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "PASSIVE",  # waiting threads sleep; on busy cores spinning ones slow everybody down
    "EXERCISE_PROGRESS": "off",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def execute_notebook(path: Path, *, folder: Path | None = None) -> NotebookNode:
    """Run every cell in a fresh kernel and return the notebook with outputs; the file is not changed.

    `folder` is the kernel's working folder, by default the notebook's own. Raises CellExecutionError at
    the first cell that fails.
    """
    os.environ.update(HEADLESS_ENVIRONMENT)
    notebook = read_notebook(path)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_S,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=QUIET_KERNEL,
        resources={"metadata": {"path": str(folder or path.parent)}},
    )
    return client.execute()
