#!/usr/bin/env python3
"""Plays the conversations of tests/wire/*.wire against a running server.

usage: wire.py PROGRAM [WORD]...        (only the tests whose names hold one of the words)

A .wire file is one topic in one space; it begins with `space gemini` or `space gopher`. Then:

    == GEM-132 an empty line        a test begins; the rule that it stands for
    > \\r\\n                          bytes that are sent, as they stand, with \\r \\n \\t \\xNN \\\\
    < 59 ...\\r\\n                     what must come, to the last byte; `...` is anything in a line
    < ...                           alone: any number of bytes
    = gemini://{host}/\\r\\n          the answer's body is the one that this request gets
    is content/large.bin            the answer's body is this file, byte for byte
    silence 5                       nothing comes for so many seconds
    hang up                         the client goes away; what must follow is a healthy server

Braces: {host}, {bound} (the port of the socket), {x*100} (a hundred times x).
Each conversation is played whole and byte by byte; Gemini in TLS 1.3 and 1.2, each byte a record of
its own, Gopher over TCP and over TLS. A TLS stream must end with close_notify (GEM-93).
"""
import concurrent.futures
import contextlib
import pathlib
import re
import socket
import ssl
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "faults"))
from rig import Rig, client_context  # noqa: E402  pylint: disable=wrong-import-position

PLAYERS = 8
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}


class Test:
    def __init__(self, file, space, name):
        self.file, self.space, self.name = file, space, name
        self.send, self.expect, self.same_as, self.is_file = [], [], None, None
        self.silence, self.hangs_up = 0, False


def unescape(text, values):
    """The bytes that a script's text stands for."""
    text = re.sub(r"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), text)
    text = re.sub(r"\{(\w+)\}", lambda m: str(values[m[1]]), text)
    out = b""
    for part in re.findall(r"\\x[0-9A-Fa-f]{2}|\\.|[^\\]+", text):
        if part.startswith("\\x"):
            out += bytes([int(part[2:], 16)])
        elif part.startswith("\\"):
            out += ESCAPES[part[1]]
        else:
            out += part.encode()
    return out


def pattern(lines, values):
    """One expression for all that must come."""
    out = b""
    for line in lines:
        if line == "...":
            out += b"(?s:.*?)"
            continue
        parts = [re.escape(unescape(part, values)) for part in line.split("...")]
        out += rb"[^\r\n]*".join(parts)
    return re.compile(out)


def read_tests(path):
    test, space, tests = None, None, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        word, _, rest = line.partition(" ")
        if not line or word == "#":
            continue
        if word == "space":
            space = rest
        elif word == "==":
            test = Test(path.name, space, rest)
            tests.append(test)
        elif word == ">":
            test.send.append(rest)
        elif word == "<":
            test.expect.append(rest)
        elif word == "=":
            test.same_as = rest
        elif word == "is":
            test.is_file = rest
        elif word == "silence":
            test.silence = float(rest)
        elif line == "hang up":
            test.hangs_up = True
        else:
            sys.exit(f"{path}:{number}: what is this? {line}")
    return tests


class Way:
    """How a conversation is played."""

    def __init__(self, name, version=None, bytewise=False):
        self.name, self.version, self.bytewise = name, version, bytewise


TLS13, TLS12 = ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2
WAYS = {
    "gemini": [Way("TLS 1.3", TLS13), Way("TLS 1.3, byte by byte", TLS13, True),
               Way("TLS 1.2", TLS12), Way("TLS 1.2, byte by byte", TLS12, True)],
    "gopher": [Way("TCP"), Way("TCP, byte by byte", None, True), Way("TLS", TLS13),
               Way("TLS, byte by byte", TLS13, True)],
}


def connect(port, version):
    raw = socket.create_connection(("127.0.0.1", port), 20)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not version:
        return raw
    try:
        return client_context(version).wrap_socket(raw, server_hostname="localhost",
                                                   suppress_ragged_eofs=False)
    except OSError:
        raw.close()
        raise


def send(stream, data, bytewise):
    """A server may answer before it has heard all: then the rest need not be sent."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
        for part in ([data[i:i + 1] for i in range(len(data))] if bytewise else [data]):
            stream.sendall(part)


def listen_in_silence(stream, seconds):
    stream.settimeout(seconds)
    try:
        early = stream.recv(1)
    except (TimeoutError, ssl.SSLWantReadError):
        early = None
    stream.settimeout(20)
    if early is not None:
        raise AssertionError(f"{early!r} came within {seconds} s")


def ask(port, way, data, silence=0):
    with connect(port, way.version) as stream:
        send(stream, data, way.bytewise)
        if silence:
            listen_in_silence(stream, silence)
        return Rig.read_all(stream)


def body(answer):
    return answer.partition(b"\r\n")[2]


def play(test, way, rig, values):
    port = getattr(rig, f"{test.space}_port")
    request = b"".join(unescape(text, values) for text in test.send)
    if test.hangs_up:
        with connect(port, way.version) as stream:
            send(stream, request, way.bytewise)
        if not rig.alive():
            raise AssertionError("the server has ended")
        return
    answer = ask(port, way, request, test.silence)
    if test.expect and not pattern(test.expect, values).fullmatch(answer):
        raise AssertionError(f"got {answer[:300]!r}, {len(answer)} bytes")
    cut = body if test.space == "gemini" else bytes
    if test.is_file and cut(answer) != (rig.folder / test.is_file).read_bytes():
        raise AssertionError(f"not the file: {len(answer)} bytes, {answer[:60]!r}")
    if test.same_as is not None:
        other = ask(port, Way("", way.version), unescape(test.same_as, values))
        if cut(other) != cut(answer) or not other:
            raise AssertionError(f"differs: {answer[:100]!r} and {other[:100]!r}")


FILES = {
    "pages/about.md": "# About\n\nA page with one line.\n\n.\n",
    "pages/robots.txt": "User-agent: *\nDisallow: /search\n",
    "content/.secret.md": "---\ntitle: Secret\ndate: 2020-01-01\n---\nNo.\n",
    "content/draft.md": "---\ntitle: Draft\ndate: 2020-01-01\ndraft: true\n---\nNo.\n",
    "content/future.md": "---\ntitle: Future\ndate: 2999-01-01\n---\nNo.\n",
    "content/a blank.txt": "A file with a blank in its name.\n",
    "content/vectors.md": "---\ntitle: Vectors\ndate: 2020-06-02\naliases: [/old/vectors]\n---\n"
                          "A vector is an arrow, see [matrices](matrices.md).\n",
    "content/eleventy/eleventy.json": '{"tags": ["eleventy"], "lang": "de", "title": "Ohne Titel"}',
    "content/eleventy/measured.json": '{"title": "Measured"}',
    "content/eleventy/data.md": "---\ndate: 2020-06-03\ntags: [own]\n---\nText.\n",
    "content/matrices.md": "---\ntitle: Matrices\ndate: 2020-06-20\nlang: vi\n---\nMa trận.\n",
}


def prepare(program):
    """Public ports are 1965 and 70, whatever is bound: the rows of the specifications say so."""
    rig = Rig(program, posts=3, start=False)
    for name, text in FILES.items():
        path = rig.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    rig.configure("pages: pages\ngemini: {port: 1965}\ngopher: {port: 70}\n"
                  "limits: {request_s: 7, per_address: 0}\nlog: {access: off}\n")
    return rig.start()


def main():
    program, words = sys.argv[1], sys.argv[2:]
    tests = [(test, way) for path in sorted(HERE.glob("*.wire")) for test in read_tests(path)
             for way in WAYS[test.space]
             if not words or any(word in test.name + path.name for word in words)]
    tests.sort(key=lambda row: -row[0].silence)  # the slow ones first, beside all others
    failed, lock = False, threading.Lock()
    with prepare(program) as rig:
        values = {"host": "localhost", "bound": rig.gemini_port}

        def run(row):
            nonlocal failed
            test, way = row
            name = f"{test.file}: {test.name} ({way.name})"
            if not rig.alive():
                return  # said once, with its last words, at the end
            try:
                play(test, way, rig, values)
                line = f"ok {name}"
            except (AssertionError, OSError) as fault:
                line = f"not ok {name}: {type(fault).__name__}: {fault}"
                failed = True
            with lock:
                print(line, flush=True)

        with concurrent.futures.ThreadPoolExecutor(PLAYERS) as players:
            list(players.map(run, tests))
        status = rig.stop()
        print("ok the server ends with status 0" if status == 0
              else f"not ok the server ends with status 0: {status}\n{rig.log_text()[-3000:]}")
    return failed or status != 0


sys.exit(main())
