"""Cemeteries: where they may stand, what stands there, how long they last."""
