"""What to say of an entry that is nobody's."""

from helpers.grading.files.items import say
from helpers.grading.files.names import show_name
from helpers.grading.lms.layouts import DownloadEntry
from helpers.grading.lms.systems import list_systems


def explain_stray(entry: DownloadEntry, *, has_roster: bool) -> str:
    """Return the sentence for an entry whose student is not known, "" for what lies beside the work on purpose."""
    item = None if entry.is_folder else entry.list_items()[0]
    if item is not None and item.refused:
        return say(item, item.refused)
    name = show_name(entry.name)
    if _lies_beside(entry.name.casefold()):
        return ""
    if has_roster:
        return f"{name}: handed in, but not on the roster."
    return f"{name}: lies in no student's folder, so nobody knows whose it is."


def _lies_beside(name: str) -> bool:
    """Tell whether it is a table, or a file that a system puts into its downloads."""
    return name.endswith(".csv") or any(system.download and name in system.download.beside for system in list_systems())
