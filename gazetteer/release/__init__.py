"""The one way out: what may leave (`gate`), and what is written beside it."""

from gazetteer.common.hashing import sha256
from gazetteer.common.markings import classification_title
from gazetteer.release.archiving import finish, leave_copies
from gazetteer.release.gate import (
    Profile,
    Released,
    ReleaseError,
    Withheld,
    gate,
    kept,
    profiles,
)
from gazetteer.release.manifests import changes, manifest
from gazetteer.release.reviews import Review, review
from gazetteer.release.writing import (
    MANIFEST,
    Made,
    as_file,
    beside,
    leave,
    leave_all,
    make_folder,
    put,
    whole,
)

__all__ = [
    "MANIFEST",
    "Made",
    "Profile",
    "ReleaseError",
    "Released",
    "Review",
    "Withheld",
    "as_file",
    "beside",
    "changes",
    "classification_title",
    "finish",
    "gate",
    "kept",
    "leave",
    "leave_all",
    "leave_copies",
    "make_folder",
    "manifest",
    "profiles",
    "put",
    "review",
    "sha256",
    "whole",
]
