"""Read off a file's or a folder's name whose work it is, as an LMS and people name it."""

from helpers.grading.files.archives import find_archive_suffix
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.systems import list_systems


def list_claims(name: str, *, is_folder: bool) -> list[Claim]:
    """Return whose work `name` says it is by a system's numbers, in the order in which they stand there.

    Nothing for a name that people gave; more than one number if a name holds what looks like another's.
    """
    found = [
        placed
        for system in list_systems()
        if system.download
        for placed in system.download.find_claims(name, is_folder)
    ]
    claims: dict[tuple[str, str], Claim] = {}
    for _, claim in sorted(found, key=lambda placed: placed[0]):
        claims.setdefault((claim.system, claim.number), claim)
    return list(claims.values())


def read_claim(name: str, *, is_folder: bool) -> Claim:
    """Return whose work the file or folder `name` says it is first."""
    claims = list_claims(name, is_folder=is_folder)
    return claims[0] if claims else read_plain_claim(name, is_folder=is_folder)


def read_plain_claim(name: str, *, is_folder: bool) -> Claim:
    """Return the claim of a folder, or of an archive, that is named after the student."""
    suffix = "" if is_folder else find_archive_suffix(name)
    return Claim(name[: len(name) - len(suffix)], original="" if is_folder else name)
