"""A certificate for https on this machine alone, which Excel wants for a task pane.

The authority that signs it may vouch for localhost and nothing else (its name constraints), signs once, and its key is
thrown away: nobody can make a second certificate of it.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

NAME = "jixiao localhost (jixiao addin install)"
DAYS, BEFORE = 397, 30  # how long it is good, and how long before its end it is made anew
HEAD = b"# jixiao addin install\n"


def made() -> tuple[bytes, bytes]:
    """The authority (DER, to be trusted), and the certificate for localhost with its key (PEM).

    ImportError without cryptography.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    since = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    usages = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
              "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip

    def usage(*wanted: str) -> x509.KeyUsage:
        return x509.KeyUsage(**{name: name in wanted for name in usages})

    def begun(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + dt.timedelta(days=DAYS))
        )

    top, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    here: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    only: list[x509.GeneralName] = [here[0], x509.IPAddress(ipaddress.ip_network("127.0.0.1/32"))]
    authority = (
        begun(NAME, top)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage("key_cert_sign"), critical=True)
        .add_extension(x509.NameConstraints(only, None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(top.public_key()), critical=False)
        .sign(top, hashes.SHA256())
    )
    leaf = (
        begun("localhost", own)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage("digital_signature"), critical=True)
        .add_extension(x509.SubjectAlternativeName(here), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(top.public_key()), critical=False)
        .sign(top, hashes.SHA256())
    )
    key = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return authority.public_bytes(serialization.Encoding.DER), HEAD + leaf.public_bytes(
        serialization.Encoding.PEM
    ) + key


def days_left(path: Path) -> int | None:
    """How many days a certificate is still good; None where there is none, or none that can be read."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return None
    return (found.not_valid_after_utc - dt.datetime.now(dt.UTC)).days
