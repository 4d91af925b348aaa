"""Where this machine keeps the certificate authorities that it trusts."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

# The places of the distributions, as Go's crypto/x509 and OpenSSL's probes list them. The OpenSSL inside pycurl's wheel
# was built on another system and looks in that one's place.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/openssl@3/cert.pem",
    "/opt/homebrew/etc/openssl@3/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/data/data/com.termux/files/usr/etc/tls/cert.pem",
)
FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs")


class Authorities(msgspec.Struct, frozen=True):
    """A PEM bundle and a folder of hashed names (OpenSSL's CAfile and CApath); both empty: the TLS library's own."""

    bundle: str = ""
    folder: str = ""


def authorities(
    cert_file: str | None,
    cert_dir: str | None,
    bundles: Iterable[str] = BUNDLES,
    folders: Iterable[str] = FOLDERS,
) -> Authorities:
    """Choose what to trust: `SSL_CERT_FILE` and `SSL_CERT_DIR` where one is set, else the system's certificates."""
    if cert_file or cert_dir:
        return Authorities(cert_file or "", cert_dir or "")
    bundle = next((path for path in bundles if os.path.isfile(path)), "")
    if bundle:
        return Authorities(bundle)
    return Authorities("", next((path for path in folders if os.path.isdir(path)), ""))
