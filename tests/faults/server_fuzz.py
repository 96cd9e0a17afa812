#!/usr/bin/env python3
"""Random and mutated bytes, split and delayed, to a live server over TLS and TCP.

usage: server_fuzz.py PROGRAM [SECONDS [SEED]]

What must hold for every connection: it ends, the answer is well-formed for its space, and the
server goes on serving others. The seed is printed, so that a failure can be played again.
"""
import os
import random
import re
import socket
import sys
import time

from rig import Rig, check

SEEDS_GEMINI = [b"gemini://localhost:{port}/\r\n", b"gemini://localhost:{port}/posts/post-3.gmi\r\n",
                b"gemini://localhost:{port}/search?x%20y\r\n", b"gemini://localhost:{port}/a%2e%2e/%2e%2e\r\n",
                b"gemini://u@localhost/#x\r\n", b"http://localhost/\r\n", b"titan://localhost/x;size=5\r\nhello",
                b"gemini://[::1]:1965/\r\n", b"\xef\xbb\xbfgemini://localhost/\r\n", b"\r\n"]
SEEDS_GOPHER = [b"\r\n", b"/posts/post-3.txt\r\n", b"/search\tword\r\n", b"\t$\r\n", b"/x\t+text/plain\r\n",
                b"URL:https://example.org/\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"0/robots.txt\n",
                b"/../../etc/passwd\r\n", b"POST /x HTTP/1.0\r\nContent-Length: 9\r\n\r\n"]
GEMINI_ANSWER = re.compile(rb"^[1-6]\d [^\x00-\x1f\x7f]{1,1024}\r\n")
MENU_LINE = re.compile(rb"^(.[^\t\r\n]*\t[^\t\r\n]*\t[^\t\r\n]*\t\d+|\.)$")


def mutate(chance, data):
    data = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 2, 4, 16])):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            data[at:at] = bytes([chance.randrange(256)])
        elif kind == 1 and data:
            del data[at:at + chance.randrange(1, 8)]
        elif kind == 2 and data:
            data[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 3:
            data[at:at] = chance.choice([b"%00", b"%2f", b"..", b"\r", b"\n", b"\t", b"#", b"@", b"\xff", b"%"])
        elif kind == 4:
            data[at:at] = data[:chance.randrange(40)] * chance.choice([1, 1, 50])
        else:
            data[at:at] = chance.randbytes(chance.choice([1, 10, 2000]))
    return bytes(data)


def send_in_pieces(chance, stream, data):
    while data:
        n = chance.choice([1, 3, 17, len(data), len(data)])
        stream.sendall(data[:n])
        data = data[n:]
        if chance.random() < 0.02:
            time.sleep(0.01)


def finish(stream, tls):
    """Says that nothing more comes, as well as the stream can."""
    if not tls:
        stream.shutdown(socket.SHUT_WR)


def exchange(chance, rig, kind):
    port = rig.gopher_port if kind.startswith("gopher") else rig.gemini_port
    tls = kind in ("gemini", "gophers")
    stream = rig.tls(port) if tls else rig.connect(port)
    with stream:
        if kind == "raw":
            data = b"\x16\x03" + chance.randbytes(chance.randrange(600))
            data = data if chance.random() < 0.7 else chance.randbytes(chance.randrange(600))
        else:
            seeds = SEEDS_GEMINI if kind == "gemini" else SEEDS_GOPHER
            data = chance.choice(seeds).replace(b"{port}", str(port).encode())
            data = mutate(chance, data)
        try:
            send_in_pieces(chance, stream, data)
            if chance.random() < 0.1:
                return None
            finish(stream, tls)
            if tls and not data.endswith(b"\n"):
                return None  # TLS cannot be half closed from here: the deadline tests cover it
            stream.settimeout(8)
            return data, rig.read_all(stream)
        except socket.timeout:
            # A Gemini request without CRLF may wait for its deadline; all else must end.
            check(kind == "gemini" and b"\r\n" not in data[:1026], f"no end: {kind} {data[:200]!r}")
            return None
        except OSError:
            return None  # the server has ended it already, as it may


def judge(kind, data, answer):
    if not answer or kind == "raw":
        return
    if kind == "gemini":
        check(GEMINI_ANSWER.match(answer), f"{data[:100]!r} -> {answer[:80]!r}")
        if not answer.startswith(b"2"):
            check(answer.index(b"\r\n") + 2 == len(answer), f"a body after {answer[:40]!r}")
    elif answer.endswith(b"\r\n.\r\n") and not answer.startswith((b"+", b"-")):
        for line in answer[:-2].split(b"\r\n"):
            check(MENU_LINE.match(line), f"{data[:100]!r} -> menu line {line[:100]!r}")


def main():
    program = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int.from_bytes(os.urandom(4), "big")
    chance, count = random.Random(seed), 0
    try:
        with Rig(program, settings="limits: {handshake_s: 2, request_s: 6, per_address: 0}\n") as rig:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                kind = chance.choice(["gemini", "gemini", "gopher", "gopher", "gophers", "raw"])
                found = exchange(chance, rig, kind)
                if found:
                    judge(kind, *found)
                count += 1
                check(rig.alive(), f"the server ended: {rig.log_text()[-2000:]}")
                if count % 200 == 0:
                    check(rig.answers(), "others are not served")
            check(rig.answers(), "not served at the end")
            check(rig.stop() == 0, "bad exit status: " + rig.log_text()[-2000:])
    except AssertionError as fault:
        print(f"not ok server_fuzz seed {seed} after {count}: {fault}")
        sys.exit(1)
    print(f"ok server_fuzz {count} connections, seed {seed}")


if __name__ == "__main__":
    main()
