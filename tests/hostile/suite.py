"""All attacks, and in which configurations each is tried."""

from tests.hostile.attacks import Attack, read_attacks
from tests.hostile.submissions import ATTACKS, archives, changed_cells, changed_data, file_kinds, file_texts, folders

SUBMISSIONS = (archives, changed_cells, changed_data, file_kinds, file_texts, folders)  # imported, hence registered
BESIDE_THE_SANDBOX = (  # inside the student's own process all sandboxes are alike
    *("forgeries", "patches", "tricks"),
    *("own_reports", "patched_line", "searching", "telling_tries", "lying_objects"),
)
IN_BOTH = ("acting_later", "outside_help")  # processes and files, hence also the sandboxes
HARMLESS = (  # may be tried without a sandbox, where they succeed; the last one spoils what the others need
    "reads-gradebook",
    "reads-other-submissions",
    "reaches-out-by-tcp",
    "reaches-out-by-udp",
    "listens",
    "writes-gradebook",
)


def list_sandbox_attacks() -> list[Attack]:
    """Return the attacks that a sandbox has to hold, and honest submissions that must work in it."""
    return [attack for attack in read_attacks() if attack.topic not in BESIDE_THE_SANDBOX]


def list_judge_attacks() -> list[Attack]:
    """Return the attacks on intake, on restoring, and on checks: one sandbox is enough for them."""
    tricks = [attack for attack in read_attacks() if attack.topic in (*BESIDE_THE_SANDBOX, *IN_BOTH)]
    return [*tricks, *ATTACKS]


def list_harmless_attacks() -> list[Attack]:
    """Return attacks that show, without a sandbox, that the suite notices success."""
    attacks = {attack.name: attack for attack in read_attacks()}
    return [attacks[name] for name in HARMLESS]
