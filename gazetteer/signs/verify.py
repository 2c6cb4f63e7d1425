"""What a sign's code or QR text is worth: genuine, renamed, unknown, forged or revoked.

One judgement for the county file, a dated register and the office's key alone: what a register
does not tell is not known, and never counts in favour of a text.

Claims stay honest. Offline, a signature proves that this office issued this text for this code.
That the name still holds and the sign is not revoked only a dated register or the county file can
tell; and a register counts for a text only where a key from the office itself proves the register.
A copied sticker is genuine by both: it shows only by where it is scanned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from gazetteer.common.errors import InputError
from gazetteer.common.language import Language, Text
from gazetteer.signs import addresses, payload, signing
from gazetteer.signs.payload import Scanned, Signed

State = Literal["genuine", "renamed", "unknown", "forged", "revoked"]
Signature = Literal["valid", "invalid", "missing", "none", "unknown"]
"""`missing`: the sign carries one and the text does not; `none`: the sign was issued without."""
Proof = Literal["", "signed", "self-signed", "unsigned"]
"""What there is to prove a register: signed with a key that one has from the office, or with one
that only the register itself names, or not at all; nothing where there is no register."""
GOOD = ("genuine", "renamed")
STATES: Final[dict[State, Text]] = {
    "genuine": Text("属实", "genuine"),
    "renamed": Text("属实，已更名", "renamed"),
    "unknown": Text("无法确认", "unknown"),
    "forged": Text("伪造", "forged"),
    "revoked": Text("已注销", "revoked"),
}
"""The answers as people read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key of the office; `revoked_on` (ISO date) is empty while it is in use."""

    public_key: str
    revoked_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a register says of a sign: the name in force, its state, whether it is signed.

    `issued` is the name that the plate was made with; `signed` is None where a register of an
    earlier form does not tell.
    """

    name: str
    state: str = "issued"
    decision: str = ""
    issued: str = ""
    signed: bool | None = None


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
    bases
        Base addresses to which the office's codes lead, each in its one writing
        (`gazetteer.signs.addresses.same`); where none is told, addresses are not judged.
    proof
        How far a register is proved: what an unproved one tells counts only against a text.
    trusted
        Whether the keys are those of the county file, or given by hand.
    """

    keys: Mapping[str, Key] = field(default_factory=dict)
    entries: Mapping[str, Entry] | None = None
    source: str = "county file"
    dated: str = ""
    bases: frozenset[str] = frozenset()
    proof: Proof = ""
    trusted: bool = True


def trusting(known: Known, keys: Mapping[str, Key]) -> Known:
    """Return what is known with these keys alone; all of its own where none is given.

    A key that one has from the office itself stands above those that a register brings along;
    what the register tells of its revocation still counts.

    Examples
    --------
    >>> brought = Known(keys={"aa": Key(public_key="1"), "bb": Key(public_key="2")})
    >>> list(trusting(brought, {"bb": Key(public_key="2")}).keys)
    ['bb']
    """
    if not keys:
        return replace(known, trusted=not known.proof)
    own = {name: replace(key, revoked_on=_revoked(known, name)) for name, key in keys.items()}
    return replace(known, keys=own, trusted=True)


def _revoked(known: Known, name: str) -> str:
    return known.keys[name].revoked_on if name in known.keys else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with what it rests on and why."""

    code: str
    state: State
    checked_against: tuple[str, ...]
    name: str = ""
    decision: str = ""
    reason: Text = field(default_factory=lambda: Text("", ""))
    signature: Signature = "unknown"
    address: str = ""
    register: Proof = ""

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the object that scripts rely on."""
        return {
            "code": self.code,
            "state": self.state,
            "checked_against": list(self.checked_against),
            "name": self.name,
            "decision": self.decision,
            "reason": self.reason.say(language),
            "signature": self.signature,
            "address": self.address,
            "register": self.register,
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
        scanned = payload.scanned(text)
    except InputError as error:
        return _unknown(text[:40], Text(f"不是标志编码：{error.what.zh}", error.what.en))
    if scanned.payload:
        found = _signed(scanned, known=known)
    else:
        found = _registered(scanned, known=known, signed=None)
    found = _at_address(_as_proved(found, known=known), scanned.address, known=known)
    return replace(found, register=known.proof)


def _as_proved(found: Verdict, *, known: Known) -> Verdict:
    """Return the verdict without what only a register says in favour that nothing proves."""
    if found.state not in GOOD or known.proof in ("", "signed"):
        return found
    if found.signature == "valid" and known.trusted:
        reason = Text(
            "确由本局签发；名册未经本局签名证明，更名、注销不以其为据",
            "issued by this office; no key that was given proves the register: "
            "whether renamed or revoked it does not tell",
        )
        return replace(found, state="genuine", checked_against=("signature",), reason=reason)
    return replace(found, state="unknown", reason=_UNPROVED[known.proof])


_UNPROVED: Final[dict[Proof, Text]] = {
    "unsigned": Text(
        "名册没有签名，谁都可以编造；请用本局签名的名册和公钥（--key）核验",
        "the register is not signed, anybody can have written it: "
        "verify with a signed one and the office's key (--key)",
    ),
    "self-signed": Text(
        "名册由其自带的密钥签名，是否本局密钥无从证明；请给出本局公钥（--key）",
        "the register is signed with a key that only it names: "
        "give the key that you have from the office (--key)",
    ),
}


def _at_address(found: Verdict, address: str | None, *, known: Known) -> Verdict:
    """Return the verdict with the address that a scan leads to; a foreign one is a forgery."""
    if not address:
        return found
    found = replace(found, address=address)
    leads_to = addresses.same(address)
    own = leads_to is not None and (not known.bases or leads_to in known.bases)
    if own or found.state not in GOOD:
        return found
    reason = Text(
        f"编码属实，但扫码指向的地址“{address[:60]}”不是本局的",
        f"the code is this office's, the address it leads to is not: {address[:60]}",
    )
    return replace(found, state="forged", reason=reason)


def _unknown(code: str, reason: Text, *, against: tuple[str, ...] = ()) -> Verdict:
    return Verdict(code=code, state="unknown", checked_against=against, reason=reason)


def _signed(scanned: Scanned, *, known: Known) -> Verdict:
    code = scanned.code
    try:
        signed = payload.read(code, scanned.payload)
    except InputError as error:
        return _forged(code, Text(f"签名部分无法读取：{error.what.zh}", error.what.en))
    key = known.keys.get(signed.key_id)
    if key is None:
        return _foreign_key(code, signed, known=known)
    if not payload.holds(code, scanned.payload, key=signing.public_key(key.public_key)):
        return _forged(
            code,
            Text(
                "签名与内容不符：内容被改动或系伪造",
                "the signature does not fit: altered or forged",
            ),
        )
    if key.revoked_on:
        reason = Text(
            f"签发密钥已于 {key.revoked_on} 作废，签名不再作数",
            f"its key was revoked on {key.revoked_on}: the signature proves nothing any more",
        )
        return _told(signed, "revoked", ("signature",), reason)
    return _registered(scanned, known=known, signed=signed)


def _forged(code: str, reason: Text) -> Verdict:
    against = ("signature",)
    return Verdict(
        code=code, state="forged", checked_against=against, reason=reason, signature="invalid"
    )


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
    return Verdict(
        code=code, state="forged", checked_against=against, reason=reason, signature="invalid"
    )


def _registered(scanned: Scanned, *, known: Known, signed: Signed | None) -> Verdict:
    code = scanned.code
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
    carried = _carried(entry, known=known, signed=signed)
    state, reason = _judged(entry, scanned, known=known, signed=signed, carried=carried)
    name = signed.claim.name if signed and state == "revoked" else entry.name
    return Verdict(
        code=code,
        state=state,
        checked_against=against,
        name=name,
        decision=entry.decision or (signed.claim.decision if signed else ""),
        reason=reason,
        signature=carried,
    )


def _carried(entry: Entry, *, known: Known, signed: Signed | None) -> Signature:
    """Return what there is of a signature; an office without keys has signed nothing."""
    if signed is not None:
        return "valid"
    if entry.signed is None:
        return "unknown" if known.keys else "none"
    return "missing" if entry.signed else "none"


def _judged(
    entry: Entry, scanned: Scanned, *, known: Known, signed: Signed | None, carried: Signature
) -> tuple[State, Text]:
    on = f"（名册日期 {known.dated}）" if known.dated else ""
    dated = f" (register of {known.dated})" if known.dated else ""
    if entry.state == "revoked":
        return "revoked", Text(f"标志已注销{on}", f"the sign is revoked{dated}")
    if carried in ("missing", "unknown"):
        return _unsigned(carried, typed=scanned.address is None)
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


def _unsigned(carried: Signature, *, typed: bool) -> tuple[State, Text]:
    """Return what the code of a signed sign is worth without its signature: never genuine."""
    if carried == "unknown":
        return "unknown", Text(
            "名册为旧版，未载明标志是否带签名；请用新导出的名册核验",
            "a register of an earlier form: it does not tell whether the sign is signed; "
            "export it anew",
        )
    if typed:
        return "unknown", Text(
            "编码在册，标志带有签名而此处没有：未经签名证明，请扫码核验",
            "unsigned: the code is registered, the sign carries a signature and this text "
            "has none; scan the plate",
        )
    return "forged", Text(
        "本局签发的标志带有签名，此码没有", "the office's own sign carries a signature"
    )


def _told(signed: Signed, state: State, against: tuple[str, ...], reason: Text) -> Verdict:
    return Verdict(
        code=signed.claim.code,
        state=state,
        checked_against=against,
        name=signed.claim.name,
        decision=signed.claim.decision,
        reason=reason,
        signature="valid",
    )
