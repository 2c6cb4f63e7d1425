"""The one way out: what may leave (`gate`), and what is written beside it."""

from gazetteer.release.gate import (
    Profile,
    Released,
    ReleaseError,
    Review,
    Withheld,
    changes,
    classification_title,
    gate,
    manifest,
    profiles,
    review,
    sha256,
)

__all__ = [
    "Profile",
    "ReleaseError",
    "Released",
    "Review",
    "Withheld",
    "changes",
    "classification_title",
    "gate",
    "manifest",
    "profiles",
    "review",
    "sha256",
]
