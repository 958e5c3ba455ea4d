"""Signs an HTTP request by RFC 9421, written from the RFC and README.md alone, with OpenSSL for Ed25519.

Reads {"method", "url", "body" (base64) or null, "contentType", "keyid", "keyFile", "created", "nonce"} and writes the headers as JSON.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit


def main() -> None:
    request = json.load(sys.stdin)
    url = urlsplit(request["url"])
    components = {
        "@method": request["method"],
        "@authority": url.netloc.lower(),
        "@path": url.path or "/",
        "@query": "?" + url.query,
    }
    headers = {}
    if request["body"] is not None:
        digest = hashlib.sha256(base64.b64decode(request["body"])).digest()
        headers["content-digest"] = "sha-256=:" + base64.b64encode(digest).decode() + ":"
        headers["content-type"] = request["contentType"]
        components.update(headers)
    names = " ".join('"%s"' % name for name in components)
    parameters = '(%s);created=%d;expires=%d;nonce="%s";keyid="%s";alg="ed25519";tag="sealroot-submit"' % (
        names,
        request["created"],
        request["created"] + 60,
        request["nonce"],
        request["keyid"],
    )
    lines = ['"%s": %s' % component for component in components.items()]
    base = "\n".join(lines + ['"@signature-params": ' + parameters])
    with tempfile.NamedTemporaryFile() as file:
        file.write(base.encode())
        file.flush()
        command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", request["keyFile"], "-in", file.name]
        signature = subprocess.run(command, check=True, capture_output=True).stdout
    headers["signature-input"] = "sig1=" + parameters
    headers["signature"] = "sig1=:" + base64.b64encode(signature).decode() + ":"
    json.dump(headers, sys.stdout)


main()
