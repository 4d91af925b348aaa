"""One certificate authority for each process, made when the first HTTPS server asks for it."""

import atexit
import functools
import os
import ssl
import tempfile
from pathlib import Path

HOSTS = ("localhost", "127.0.0.1", "::1", "pkgs.example", "*.pkgs.example", "files.example", "proxy.example")
"""Names that the servers' certificate holds for; those beside loopback are reached through `lab.proxy`."""


@functools.cache
def ca_file() -> Path:
    """The authority's certificate (PEM) for `SSL_CERT_FILE`; removed when the process ends."""
    handle, name = tempfile.mkstemp(prefix="lab-ca-", suffix=".pem")
    os.write(handle, _material()[0])
    os.close(handle)
    path = Path(name)
    owner = os.getpid()
    atexit.register(lambda: path.unlink(missing_ok=True) if os.getpid() == owner else None)
    return path


@functools.cache
def server_context() -> ssl.SSLContext:
    """What an HTTPS server of the lab shows: a certificate for every name in HOSTS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem", delete=False) as chain:
        chain.write(_material()[1])
    context.load_cert_chain(chain.name)
    os.unlink(chain.name)
    context.set_alpn_protocols(["http/1.1"])
    return context


def client_context() -> ssl.SSLContext:
    """A client that trusts the lab's authority only."""
    return ssl.create_default_context(cafile=str(ca_file()))


@functools.cache
def _material() -> tuple[bytes, bytes]:
    # Late: trustme brings `cryptography`, which costs more than everything else in the lab.
    import trustme  # noqa: PLC0415

    authority = trustme.CA()
    leaf = authority.issue_cert(*HOSTS)
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    return authority.cert_pem.bytes(), leaf.private_key_pem.bytes() + chain
