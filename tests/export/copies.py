"""A capsule that is exported and served, for the suites of this folder.

    with Capsule(program) as capsule:
        capsule.export("gopher", "out", "--prefix", "/~ada")
        capsule.serve()
        capsule.gemini("/posts/x.gmi")                      # header, body
"""
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "faults"))
from rig import Rig, check, client_context, run_tests, until  # noqa: E402,F401  pylint: disable=C0413,W0611

MANIFEST, STAMP, STAGE = ".perigee-manifest", ".perigee-stamp", ".perigee-new"
OWN = {MANIFEST, STAMP}

SETTINGS = """title: Copies
description: A capsule for tests
hosts: [localhost]
content: content
pages: pages
certificates: certs
posts_per_page: 3
gemini: {listen: ["127.0.0.1:0"], port: 1965}
gopher: {listen: ["127.0.0.1:0"], host: localhost, port: 70}
"""


class Capsule:
    """The posts of the example capsule and what else an export may meet, in a folder of its own."""

    def __init__(self, program, posts=True):
        self.program = str(pathlib.Path(program).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="perigee-export-"))
        self.content, self.pages = self.folder / "content", self.folder / "pages"
        self.pages.mkdir()
        if posts:
            shutil.copytree(ROOT / "content", self.content)
            for name in ("about.md", "home.md", "favicon.txt"):
                shutil.copy(ROOT / "capsule" / name, self.pages)
            self.add_odd_ones()
        else:
            self.content.mkdir()
        (self.folder / "capsule.yaml").write_text(SETTINGS)
        self.server = self.output = None

    def add_odd_ones(self):
        """Names, links and files that are easy to get wrong."""
        self.post("odd", "title: Odd\nslug: lẻ-loi\nkeywords: [Tiếng Việt, c++]",
                  "[file](<images/a b.txt>) [run](tool.cgi) [other](other.json)\n\n"
                  "[old](what-a-vector-is.md) [list](/archive/) [web](https://example.org/)\n\n"
                  "* t and [ and | at the\n* beginning\n\n    . = ! # ~ % - : * in code\n\n.\n")
        self.post("live", "title: Live", "[find](/search) or [any](/random)\n")
        self.post("cjk", "title: 博客\nslug: 博客\nseries: 旅の記録", "文字。\n")
        (self.content / "odd.json").write_text('{"license": "CC0"}')
        (self.content / "other.json").write_text('{"license": "CC0"}')
        self.post("draft", "title: Draft\ndraft: true", "Not for readers.\n")
        (self.content / "images" / "a b.txt").write_text("a\n.\nb\n")
        (self.content / "tool.cgi").write_text("#!/bin/sh\n")
        (self.content / "zeros.bin").write_bytes(bytes(100000))
        (self.pages / "raw.gmi").write_text("# Raw\n=> /posts/%E5%8D%9A%E5%AE%A2.gmi Post\n=> about.gmi\n"
                                            "```\n=> /posts/no.gmi\n```\n")
        (self.pages / "live.gmi").write_text("=> /search Search\n=> /random Any\n=> / Home\n")
        (self.pages / "docs").mkdir()
        (self.pages / "docs" / "index.gmi").write_text("# Docs\n=> / Home\n=> ../raw.gmi Raw\n")

    def post(self, name, header, body, date="2020-07-07"):
        (self.content / f"{name}.md").write_text(f"---\ndate: {date}\n{header}\n---\n{body}")

    def export(self, form, folder="out", *options, status=0, **process):
        """Gives (stdout, stderr)."""
        done = subprocess.run([self.program, "export", "--to", form, str(self.folder / folder), "-c",
                               str(self.folder / "capsule.yaml"), *options], capture_output=True, text=True,
                              timeout=120, check=False, **process)
        check(done.returncode == status, f"status {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout, done.stderr

    def serve(self):
        self.server = subprocess.Popen([self.program, "serve", "-c", str(self.folder / "capsule.yaml")],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.ports = {}
        for line in self.server.stdout:
            if found := re.match(r"(gemini|gopher) .*:(\d+)\)$", line.rstrip()):
                self.ports[found[1]] = int(found[2])
            if line.startswith("ready: "):
                return
        raise RuntimeError("the server is not ready")

    def gemini(self, path):
        return gemini(self.ports["gemini"], f"gemini://localhost{path}")

    def gopher(self, selector):
        return gopher(self.ports["gopher"], selector)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.server:
            self.server.terminate()
            self.server.wait(15)
            self.server.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def read_all(stream):
    parts = []
    while part := stream.recv(65536):
        parts.append(part)
    return b"".join(parts)


def gemini(port, url):
    """Gives (header, body)."""
    with socket.create_connection(("127.0.0.1", port), 20) as raw, \
            client_context().wrap_socket(raw, server_hostname="localhost") as stream:
        stream.sendall(url.encode() + b"\r\n")
        header, _, body = read_all(stream).partition(b"\r\n")
    return header.decode(), body


def gopher(port, selector):
    with socket.create_connection(("127.0.0.1", port), 20) as stream:
        stream.sendall(selector.encode() + b"\r\n")
        return read_all(stream)


def files_of(folder):
    """Bytes of every file by its path, our own two left out."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in OWN}


def states_of(folder):
    """What changes when somebody touches a file."""
    return {str(path.relative_to(folder)): (path.lstat().st_ino, path.lstat().st_mtime_ns)
            for path in sorted(folder.rglob("*")) if path.is_file()}


def summary(output):
    found = re.search(r"(\d+) written, (\d+) unchanged, (\d+) removed, (\d+) bytes, [\d.]+ s$", output.strip())
    check(found, f"no summary: {output}")
    return tuple(map(int, found.groups()))


def gemtext_links(text):
    """(line number, URL, label) of each link line."""
    pre = False
    for number, line in enumerate(text.split("\n")):
        if line.startswith("```"):
            pre = not pre
        elif line.startswith("=>") and not pre:
            url, _, label = line[2:].strip().partition(" ")
            yield number, url, label


def resolve(base, link):
    """urljoin() knows http only."""
    if re.match(r"[a-z]+:", link):
        return link
    return urllib.parse.urljoin("http://h" + base, link).removeprefix("http://h")


def read_gophermap(data, host="localhost", port=70):
    """specs/gopher.md section 12: the items that Gophernicus sends, (type, display, selector, host, port)."""
    for line in data.decode().splitlines():
        check(line[0] not in "#*.~%-:=!" and "\t" in line, f"a command (GOPH-152): {line!r}")
        check(len(line.encode()) < 1000, "a line that is split (GOPH-114)")
        fields = line[1:].split("\t")
        check(len(fields) in (2, 4), f"fields: {line!r}")
        check(len(fields) == 4 or fields[1].startswith(("/", "URL:")), f"a relative selector: {line!r}")
        yield (line[0], *fields[:2], *(fields[2:] or (host, str(port))))


def read_gph(data, host="localhost", port=70):
    """specs/gopher.md section 13: the items that geomyidae sends; info lines as ours."""
    for line in data.decode().splitlines():
        check("\t" not in line, f"a TAB (GOPH-122): {line!r}")
        item = re.fullmatch(r"\[(.)\|((?:\\\||[^|])*)\|((?:\\\||[^|])*)\|([^|]*)\|([^|]*)\]", line)
        if item:
            kind, display, selector, to, at = item.groups()
            check(selector.startswith(("/", "URL:")) or to != "server", f"not absolute (GOPH-123): {line!r}")
            yield (kind, display.replace("\\|", "|"), selector.replace("\\|", "|"),
                   host if to == "server" else to, str(port) if at == "port" else at)
        else:
            check(not line.startswith("["), f"half an item: {line!r}")
            yield ("i", line[1:] if line.startswith("t") else line, "", "error.host", "1")


def read_menu(data):
    check(data.endswith(b"\r\n.\r\n"), f"no menu: {data[-40:]!r}")
    for line in data.decode().split("\r\n")[:-2]:
        yield (line[0], *line[1:].split("\t"))
