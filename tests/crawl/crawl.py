#!/usr/bin/env python3
"""Follows every link of a capsule in both spaces and looks at every page as a strict reader would.

usage: crawl.py PROGRAM [CONFIG]        default: the example capsule

Nothing may be missing; lists are subscriptions that Lagrange reads (GEM-S7); feeds have what RFC
4287 asks for; menus have four fields in every line (GOPH-10) and end with a dot (GOPH-44); no line of
Gopher is wider than readers have columns (GOPH-13, GOPH-91), but for addresses and code.
"""
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "faults"))
from rig import client_context  # noqa: E402  pylint: disable=wrong-import-position

ATOM = "{http://www.w3.org/2005/Atom}"
SUBSCRIPTION = re.compile(r"^=>\s*(\S+)\s+(\d{4}-[01]\d-[0-3]\d)([^0-9].*)")
LISTING = re.compile(r"^/(archive/.*|(series|keywords)/[^/]+/(\d+/)?|search(/\d+)?)?$")
MENU_WIDTH, TEXT_WIDTH = 67, 70
BINARY = "9Igs"


class Fault(Exception):
    pass


def check(condition, why):
    if not condition:
        raise Fault(why)


def columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def read_all(stream):
    parts = []
    while part := stream.recv(65536):
        parts.append(part)
    return b"".join(parts)


class Server:
    """The program serving a capsule on free ports until the block ends."""

    def __init__(self, program, config):
        self.command = [program, "serve", "-c", config, "--gemini", "127.0.0.1:0", "--gopher",
                        "127.0.0.1:0", "--host", "localhost"]

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="perigee-crawl-")
        self.errors = open(pathlib.Path(self.folder.name) / "stderr", "w+b")
        self.process = subprocess.Popen(self.command + ["--certs", self.folder.name],
                                        stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.ports, self.bound = {}, {}  # what links say, and where it listens
        for line in self.process.stdout:
            if found := re.match(r"(gemini|gopher) .*:(\d+)/ \(.*:(\d+)\)$", line):
                self.ports[found[1]], self.bound[found[1]] = int(found[2]), int(found[3])
            if line.startswith("ready: "):
                return self
        self.errors.seek(0)
        raise RuntimeError("not ready: " + self.errors.read().decode())

    def __exit__(self, *_):
        self.process.terminate()
        self.status = self.process.wait(15)
        self.errors.seek(0)
        self.last_words = self.errors.read().decode(errors="replace")[-3000:]
        self.errors.close()
        self.folder.cleanup()

    def gemini(self, url):
        with socket.create_connection(("127.0.0.1", self.ports["gemini"]), 20) as raw, \
                client_context().wrap_socket(raw, server_hostname="localhost",
                                             suppress_ragged_eofs=False) as stream:
            stream.sendall(url.encode() + b"\r\n")
            answer = read_all(stream)
        header, found, body = answer.partition(b"\r\n")
        check(found and re.match(rb"[1-6][0-9] \S", header), f"no header: {answer[:60]!r}")
        return header.decode(), body

    def gopher(self, selector):
        with socket.create_connection(("127.0.0.1", self.ports["gopher"]), 20) as stream:
            stream.sendall(selector.encode() + b"\r\n")
            return read_all(stream)


# --- what a page must be; each gives the URLs that it leads to ---

def clean_text(data):
    text = data.decode("utf-8")
    check(not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]", text), "a control character")
    return text


def gemtext(path, data):
    text = clean_text(data)
    check("\r" not in text and text.endswith("\n"), "line ends are LF, the last one too (GEM-84)")
    links, pre = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            pre = not pre
        elif line.startswith("=>") and not pre:
            url, _, label = line[2:].strip().partition(" ")
            links.append(url)
            dated = re.match(r"\d{4}-\d\d-\d\d", label)
            if url.startswith("/posts/") and LISTING.match(path) and dated:
                check(SUBSCRIPTION.match(line), f"no subscription line: {line}")
            check(not dated or LISTING.match(path), f"a dated link outside of a list (GEM-S8): {line}")
            check(label.strip() or "://" in url, f"a link without a label: {line}")
    check(not pre, "a preformatted block stays open")
    if LISTING.match(path):
        check(re.match(r"# \S", text), "no heading at the top (GEM-S2)")
    return links


def atom(data, scheme):
    root = ElementTree.fromstring(data)
    check(b'<feed xmlns="http://www.w3.org/2005/Atom"' in data, "the namespace has a prefix (GEM-A2)")

    def required(element, names):
        for name in names:
            found = element.find(ATOM + name)
            check(found is not None and "".join(found.itertext()).strip(), f"{element.tag}: no {name}")

    required(root, ("id", "title", "updated"))
    links, own = [], root.find(ATOM + "author") is not None
    check([x for x in root.findall(ATOM + "link") if x.get("rel") == "self"], "no link to itself")
    for entry in root.findall(ATOM + "entry"):
        required(entry, ("id", "title", "updated"))
        check(own or entry.find(ATOM + "author") is not None, "nobody is the author (RFC 4287 4.1.2)")
        check(entry.findall(ATOM + "link"), "an entry without a link")
    for link in root.iter(ATOM + "link"):
        check(link.get("href").startswith(scheme + "://"), f"leads away: {link.get('href')}")
        links.append(link.get("href"))
    for moment in root.iter(ATOM + "updated"):
        check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", moment.text), moment.text)
    return links


def menu(data):
    text = clean_text(data)
    check(text.endswith("\r\n.\r\n"), "a menu ends with a dot (GOPH-44)")
    items = []
    for line in text[:-5].split("\r\n"):
        check(line.count("\t") == 3 and "\n" not in line, f"not four fields (GOPH-12): {line!r}")
        display, selector, host, port = line[1:].split("\t")
        check(columns(display) <= MENU_WIDTH, f"wider than {MENU_WIDTH}: {display}")
        check(port.isdigit() and host, f"no host or port: {line!r}")
        check(line[0] in "0179gIhis", f"an item type that readers do not know (GOPH-20): {line!r}")
        check(line[0] == "i" or display.strip(), f"an item without a name (GOPH-17): {line!r}")
        if line[0] != "i":
            items.append((line[0], selector, host, int(port)))
    return items


def gopher_text(data, verbatim):
    text = clean_text(data)
    check(text.endswith("\r\n") and "\n" not in text.replace("\r\n", ""), "line ends are CRLF (GOPH-43)")
    check("\r\n.\r\n" not in text, "a lone dot, where readers cut (GOPH-43)")
    for line in text.split("\r\n"):
        if columns(line) > TEXT_WIDTH and "://" not in line and line.strip() not in verbatim:
            raise Fault(f"{columns(line)} columns: {line}")


class Crawl:
    def __init__(self, server):
        self.server = server
        self.seen, self.waiting = set(), []
        self.failed = self.count = 0

    def add(self, kind, address):
        if (kind, address) not in self.seen:
            self.seen.add((kind, address))
            self.waiting.append((kind, address))

    def run(self):
        self.add("gemini", f"gemini://localhost:{self.server.ports['gemini']}/")
        for selector in ("", "/caps.txt", "/robots.txt"):
            self.add("gopher", ("1" if selector == "" else "0", selector))
        while self.waiting:
            kind, address = self.waiting.pop(0)
            name = address if kind == "gemini" else f"gopher {address[0]} {address[1] or '/'}"
            try:
                getattr(self, kind)(address)
                print(f"ok {name}", flush=True)
            except (Fault, OSError, ValueError, ElementTree.ParseError) as fault:
                if self.server.process.poll() is not None:
                    self.waiting = []  # its last words are printed at the end
                self.failed += 1
                print(f"not ok {name}: {type(fault).__name__}: {fault}", flush=True)
            self.count += 1

    def add_url(self, base, link):
        """Only what this server serves is followed."""
        url = urllib.parse.urljoin(base.replace("gemini:", "http:", 1), link)
        url = re.sub("^http:", "gemini:", url) if not re.match(r"[a-z]+:", link) else link
        parts = urllib.parse.urlsplit(url)
        if parts.hostname != "localhost":
            return
        if parts.scheme == "gemini" and (parts.port or 1965) == self.server.ports["gemini"]:
            self.add("gemini", url.partition("#")[0])
        elif parts.scheme == "gopher" and (parts.port or 70) == self.server.ports["gopher"]:
            path = urllib.parse.unquote(parts.path.lstrip("/")) or "1"
            self.add("gopher", (path[0], path[1:]))

    def gemini(self, url):
        header, data = self.server.gemini(url)
        path = urllib.parse.unquote(urllib.parse.urlsplit(url).path)
        if header[:2] in ("30", "31"):
            self.add_url(url, header[3:])
            return
        if path == "/search" and header[:2] == "10":
            self.add("gemini", url + "?the")
            return
        check(header.startswith("20 "), header)
        if header.startswith("20 text/gemini"):
            for link in gemtext(path, data):
                self.add_url(url, link)
        elif header.startswith("20 application/atom+xml"):
            for link in atom(data, "gemini"):
                self.add_url(url, link)
        elif header.startswith("20 text/"):
            clean_text(data)
        else:
            check(data, "an empty file")

    def gopher(self, item):
        kind, selector = item
        if kind == "7":
            data = self.server.gopher(selector + "\tthe")
            kind = "1"
        else:
            data = self.server.gopher(selector)
        check(not data.startswith(b"3") or b"\terror.host\t1\r\n" not in data[:200], repr(data[:80]))
        if kind == "1":
            for found in menu(data):
                if found[2:] == ("localhost", self.server.ports["gopher"]) and found[0] != "h":
                    self.add("gopher", found[:2])
                elif found[1].startswith("URL:"):
                    self.add_url("gemini://localhost/", found[1][4:])
        elif selector.endswith("feed.xml"):
            for link in atom(data, "gopher"):
                self.add_url("gemini://localhost/", link)
        elif kind == "0" and selector.endswith(".txt") and selector.startswith("/posts/"):
            source = self.server.gopher(selector[:-4] + ".md").decode("utf-8", "replace")
            gopher_text(data, source)
        elif kind in BINARY:
            check(data, "an empty file")
        else:
            clean_text(data)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    config = sys.argv[2] if len(sys.argv) > 2 else str(HERE.parent.parent / "capsule/capsule.yaml")
    with Server(program, config) as server:
        crawl = Crawl(server)
        crawl.run()
    good = server.status == 0
    print("ok the server ends with status 0" if good else f"not ok the server ends with status 0: {server.status}\n{server.last_words}")
    sys.exit(bool(crawl.failed) or not good or crawl.count < 10)


if __name__ == "__main__":
    main()
