"""The portal's seal: a PAdES signature on every PDF it makes, and its check; the only package that knows pyHanko.

The seal is a certification (ISO 32000-1, 12.8.2.2) that allows forms to be filled and signed and nothing else, in the
form PAdES B-B, or B-T with a time-stamp server (ETSI EN 319 142-1).  Everything is appended to the file: what the
renderer wrote stays as it is, byte for byte, and with it PDF/A and PDF/UA.  For that two habits of pyHanko are turned
off (it rewrites the metadata) or made up for (its signature fields have no tag).

A check never trusts "intact" alone: that stays true when somebody appends to the file.  What decides is the whole
judgement (signature, certificate, what was changed since) together with what the last signature covers.
"""

from __future__ import annotations

from portal.papers.errors import SealError
from portal.papers.seal.checking import PROBLEMS, SealReport, check
from portal.papers.seal.fields import FIELD, add_signature_field
from portal.papers.seal.making import Sealer, generate_self_signed
from portal.papers.seal.signers import Signer, signers

__all__ = [
    "FIELD",
    "PROBLEMS",
    "SealError",
    "SealReport",
    "Sealer",
    "Signer",
    "add_signature_field",
    "check",
    "generate_self_signed",
    "signers",
]
