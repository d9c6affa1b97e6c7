"""A mail server for the tests: keeps what it takes in a folder, and refuses by the name of the addressee.

refused…@   550 for good            later…@     451 the first time, taken the second
toolarge…@  552 after the words     dropped…@   keeps the mail, then hangs up without an answer the first time
slow…@      keeps the mail, then takes a moment to say so

Prints its port once it listens; ends when its standard input is closed.
"""
import asyncio
import itertools
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.numbers = itertools.count(1)
        self.seen = set()

    def is_first(self, address):
        first = address not in self.seen
        self.seen.add(address)
        return first

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return f"550 5.1.1 <{address}>: nobody of that name"
        if address.startswith("later") and self.is_first(address):
            return f"451 4.7.1 <{address}>: come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("toolarge"):
            return "552 5.3.4 too large"
        name = f"{next(self.numbers):05}-{id(session):x}-{'tls' if session.ssl else 'clear'}-{'auth' if session.authenticated else 'open'}"
        unfinished = self.folder / (name + ".tmp")
        unfinished.write_bytes(envelope.original_content)
        unfinished.rename(self.folder / (name + ".eml"))
        if envelope.rcpt_tos[0].startswith("slow"):
            await asyncio.sleep(0.05)
        if envelope.rcpt_tos[0].startswith("dropped") and self.is_first(envelope.rcpt_tos[0]):
            server.transport.abort()
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"alize" and data.password == b"secret", handled=False)


async def main(folder, certificate, key):
    tls = None
    if certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate, key)
    handler = Handler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", tls_context=tls, authenticator=authenticate, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None, sys.argv[3] if len(sys.argv) > 3 else None))
