"""What a sign's code or QR text is worth: genuine, renamed, unknown, forged or revoked.

Claims stay honest. Offline, a signature proves that this office issued this text for this code.
That the name still holds and the sign is not revoked only a dated register or the county file can
tell.
A copied sticker is genuine by both: it shows only by where it is scanned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gazetteer.errors import InputError
from gazetteer.language import Language, Text
from gazetteer.signs import payload
from gazetteer.signs.payload import Signed

State = Literal["genuine", "renamed", "unknown", "forged", "revoked"]
GOOD = ("genuine", "renamed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key of the office; `revoked_on` (ISO date) is empty while it is in use."""

    public_key: str
    revoked_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a register says of a sign: the name in force, the text of its QR code, its state.

    `issued` is the name that the plate was made with.
    """

    name: str
    content: str = ""
    state: str = "issued"
    decision: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a sign is checked against.

    Parameters
    ----------
    keys
        Public keys of the office by their id.
    entries
        Signs by code; None when there is no register, only keys.
    source
        ``county file``, or ``register`` for an export of it.
    dated
        Date of the register (ISO), empty for the county file.
    """

    keys: Mapping[str, Key] = field(default_factory=dict)
    entries: Mapping[str, Entry] | None = None
    source: str = "county file"
    dated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with what it rests on and why."""

    code: str
    state: State
    checked_against: tuple[str, ...]
    name: str = ""
    decision: str = ""
    reason: Text = field(default_factory=lambda: Text("", ""))

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "code": self.code,
            "state": self.state,
            "checked_against": list(self.checked_against),
            "name": self.name,
            "decision": self.decision,
            "reason": self.reason.say(language),
        }


def verify(text: str, *, known: Known) -> Verdict:
    """Return what a code or the text of a QR code is worth. Never raises for what was scanned.

    Examples
    --------
    >>> known = Known(entries={"10000000000X": Entry(name="人民路")})
    >>> verify("1000 0000 000X", known=known).state
    'genuine'
    >>> verify("1000 0000 0001", known=known).state
    'unknown'
    """
    try:
        code, signed_part = payload.split(text)
    except InputError as error:
        return _unknown(text[:40], Text(f"不是标志编码：{error.what}", error.what))
    if signed_part:
        return _signed(code, signed_part, text=text, known=known)
    return _registered(code, text=text, known=known, signed=None)


def _unknown(code: str, reason: Text, *, against: tuple[str, ...] = ()) -> Verdict:
    return Verdict(code=code, state="unknown", checked_against=against, reason=reason)


def _signed(code: str, signed_part: str, *, text: str, known: Known) -> Verdict:
    try:
        signed = payload.read(code, signed_part)
    except InputError as error:
        reason = Text(f"签名部分无法读取：{error.what}", error.what)
        return Verdict(code=code, state="forged", checked_against=("signature",), reason=reason)
    key = known.keys.get(signed.key_id)
    if key is None:
        return _foreign_key(code, signed, known=known)
    if not payload.holds(code, signed_part, key=payload.public_key(key.public_key)):
        reason = Text(
            "签名与内容不符：内容被改动或系伪造", "the signature does not fit: altered or forged"
        )
        return Verdict(code=code, state="forged", checked_against=("signature",), reason=reason)
    if key.revoked_on:
        reason = Text(
            f"签发密钥已于 {key.revoked_on} 作废，签名不再作数",
            f"its key was revoked on {key.revoked_on}: the signature proves nothing any more",
        )
        return _told(signed, "revoked", ("signature",), reason)
    return _registered(code, text=text, known=known, signed=signed)


def _foreign_key(code: str, signed: Signed, *, known: Known) -> Verdict:
    entry = (known.entries or {}).get(code)
    if entry is None:
        reason = Text(
            f"签发密钥 {signed.key_id} 不在所知密钥之列", f"key {signed.key_id} is not known here"
        )
        return _unknown(code, reason, against=("signature",))
    reason = Text(
        f"本局编码，却由他人密钥 {signed.key_id} 签名",
        f"a code of this office, signed with a key {signed.key_id} that is not its own",
    )
    against = ("signature", known.source)
    return Verdict(code=code, state="forged", checked_against=against, reason=reason)


def _registered(code: str, *, text: str, known: Known, signed: Signed | None) -> Verdict:
    against = ("signature",) if signed else ()
    if known.entries is None:
        if signed is None:
            reason = Text("没有签名，也没有名册可查", "no signature, and no register to look into")
            return _unknown(code, reason)
        reason = Text(
            "确由本局签发；是否更名、注销须查名册",
            "issued by this office; whether renamed or revoked only a register tells",
        )
        return _told(signed, "genuine", against, reason)
    against = (*against, known.source)
    entry = known.entries.get(code)
    if entry is None:
        reason = Text("名册中没有此编码", "the register has no such code")
        return _unknown(code, reason, against=against)
    state, reason = _judged(entry, text=text, known=known, signed=signed)
    name = signed.claim.name if signed and state == "revoked" else entry.name
    return Verdict(
        code=code,
        state=state,
        checked_against=against,
        name=name,
        decision=entry.decision or (signed.claim.decision if signed else ""),
        reason=reason,
    )


def _judged(entry: Entry, *, text: str, known: Known, signed: Signed | None) -> tuple[State, Text]:
    on = f"（名册日期 {known.dated}）" if known.dated else ""
    dated = f" (register of {known.dated})" if known.dated else ""
    if entry.state == "revoked":
        return "revoked", Text(f"标志已注销{on}", f"the sign is revoked{dated}")
    if signed is None and "/" in text and _has_payload(entry.content):
        return "forged", Text(
            "本局签发的标志带有签名，此码没有", "the office's own sign carries a signature"
        )
    shown = signed.claim.name if signed is not None else entry.issued
    if shown and shown != entry.name:
        return "renamed", Text(
            f"已由“{shown}”更名为“{entry.name}”{on}",
            f"renamed from {shown} to {entry.name}{dated}",
        )
    if signed is None:
        return "genuine", Text(
            f"编码在册{on}；无签名，贴牌者为谁无从证明",
            f"the code is registered{dated}; without signature nothing tells who made the plate",
        )
    return "genuine", Text(f"签名有效，编码在册{on}", f"signed by this office, registered{dated}")


def _has_payload(content: str) -> bool:
    try:
        return bool(content) and bool(payload.split(content)[1])
    except InputError:
        return False


def _told(signed: Signed, state: State, against: tuple[str, ...], reason: Text) -> Verdict:
    return Verdict(
        code=signed.claim.code,
        state=state,
        checked_against=against,
        name=signed.claim.name,
        decision=signed.claim.decision,
        reason=reason,
    )
