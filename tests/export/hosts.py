#!/usr/bin/env python3
"""The exported example capsule as the hosts of others serve it: Debian's gophernicus and molly-brown.

usage: hosts.py PROGRAM [WORD]...

Both are walked from link to link beside the capsule that Perigee itself serves: nothing is broken, and
every page is the same but for the addresses in it. geomyidae, which Debian does not have, is stood
for by a model of specs/gopher.md section 13.
"""
import contextlib
import os
import re
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import urllib.parse

from copies import (ROOT, Capsule, check, gemini, gemtext_links, gopher, read_gph, read_menu, resolve, run_tests)

sys.path.append(str(ROOT / "tests" / "faults"))
from rig import until  # noqa: E402  pylint: disable=C0413


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def example(program, port):
    """The example capsule, whose Gopher hole says that it is at this port."""
    capsule = Capsule(program, posts=False)
    capsule.content.rmdir()
    capsule.pages.rmdir()
    shutil.copytree(ROOT / "content", capsule.content)
    shutil.copytree(ROOT / "capsule", capsule.pages)
    config = (ROOT / "capsule" / "capsule.yaml").read_text()
    config = config.replace("content: ../content", "content: content").replace("pages: .", "pages: pages")
    config = config.replace("certificates: ../certs", "certificates: certs")
    config = re.sub(r"^(gemini:\n  listen: ).*", r'\1["127.0.0.1:0"]\n  port: 1965', config, flags=re.M)
    config = re.sub(r"^(gopher:\n  listen: ).*", rf'\1["127.0.0.1:0"]\n  port: {port}', config, flags=re.M)
    (capsule.folder / "capsule.yaml").write_text(config)
    return capsule


# --- Gopher ---


@contextlib.contextmanager
def gophernicus(root, port):
    """As inetd runs it: a process for each connection, which is its standard input and output."""
    command = [shutil.which("gophernicus", path=os.environ["PATH"] + ":/usr/sbin"), "-h", "localhost", "-p",
               str(port), "-r", str(root), "-nf", "-nu", "-nx", "-nm", "-nr", "-ns", "-nv"]

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            subprocess.run(command, stdin=self.request, stdout=self.request, stderr=subprocess.DEVNULL,
                           timeout=20, check=False)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class Geomyidae:
    """A model of it: files as they are, menus from index.gph."""

    def __init__(self, root, port):
        self.root, self.port = root, port

    def __call__(self, selector):
        path = self.root / selector.lstrip("/")
        check(".." not in selector and "?" not in selector, selector)
        if path.is_file():
            return path.read_bytes()
        menu = "".join(f"{kind}{display}\t{to}\t{host}\t{port}\r\n" for kind, display, to, host, port in
                       read_gph((path / "index.gph").read_bytes(), "localhost", self.port))
        return (menu + ".\r\n").encode()


def same_text(served, copy):
    """Gophernicus gives every text, Markdown too, the line ends of Gopher."""
    return served == copy or served.splitlines() == copy.splitlines()


def walk_gopher(live, copy, port, prefix=""):
    """Gives how many pages were compared."""
    names, waiting, texts = {}, [], []

    def add(kind, selector, other):
        if selector not in names:
            names[selector] = other
            waiting.append((kind, selector, other))
        check(names[selector] == other, f"{selector} is {names[selector]} and {other}")

    def urls_of(text):
        return re.findall(rf"gopher://localhost:{port}/(.)([^\s\"<]*)", text.decode("utf-8", "replace"))

    def spell(text, names):
        """The text with the addresses of the copy, all in one spelling."""
        def other(found):
            selector = urllib.parse.unquote(found[2].decode())
            return found[1] + urllib.parse.quote(names.get(selector, selector)).encode()
        return re.sub(rf"(gopher://localhost:{port}/.)([^\s\"<]*)".encode(), other, text)

    add("1", "/", prefix + "/")
    for name in ("/robots.txt", "/caps.txt"):
        add("0", name, prefix + name)
    while waiting:
        kind, selector, other = waiting.pop()
        served, copied = live(selector), copy(other)
        if kind != "1":
            texts.append((selector, served, copied))
            for (item, one), (_, its) in zip(urls_of(served), urls_of(copied)):
                add(item, urllib.parse.unquote(one), urllib.parse.unquote(its))
            continue
        lines = [line for line in read_menu(served) if line[2] not in ("/search", "/random")]
        others = list(read_menu(copied))
        check(len(lines) == len(others), f"{selector}: {len(lines)} lines are {len(others)}")
        for line, its in zip(lines, others):
            own = line[0] not in "ih" and line[3:] == ("localhost", str(port))
            check(line[:2] + line[3:] == its[:2] + its[3:] and (own or line[2] == its[2]), f"{selector}: {line} is {its}")
            if own:
                add(line[0], line[2], its[2])
    for selector, served, copied in texts:
        check(same_text(spell(served, names), spell(copied, {})), f"{selector}: other text")
    return len(names)


def gophernicus_serves_what_perigee_serves(program):
    port = free_port()
    with example(program, port) as capsule:
        capsule.export("gopher", "hole", "--check")
        (capsule.folder / "site").mkdir()
        capsule.export("gopher", "site/ada", "--prefix", "/ada", "--check")
        capsule.serve()
        with gophernicus(capsule.folder / "hole", port):
            count = walk_gopher(capsule.gopher, lambda selector: gopher(port, selector), port)
        check(count > 80, f"only {count} pages")
        with gophernicus(capsule.folder / "site", port):
            check(walk_gopher(capsule.gopher, lambda selector: gopher(port, selector), port, "/ada") == count,
                  "the prefix leads to other pages")


def geomyidae_would_serve_it_too(program):
    port = free_port()
    with example(program, port) as capsule:
        capsule.export("gopher", "hole")
        capsule.serve()
        count = walk_gopher(capsule.gopher, Geomyidae(capsule.folder / "hole", port), port)
        check(count > 80, f"only {count} pages")


# --- names that no other suite would think of ---

SLUGS = ["index", "archive", "2", "feed.xml", "gophermap", "index.gph", "x.cgi", "a", "a b", "100%", "a%20b", "q?x",
         "h#y", "semi;colon", "bar|bar", "tab\\tx", "back\\\\slash", "-dash", "_under", "..dots", "UPPER", "upper",
         "\u00e9", "e\u0301", "long" + "x" * 200, "\U0001f642", "posts", "search", "t[", 'quote\\"x']
FILES = ["a b.txt", "p%q.png", "sub/deep#er/f.bin", "%41.txt", "semi;x.txt", "q?.txt", "tab\tx.txt", "bar|x.txt",
         "\u00fcn\u00ef/\u00e9.txt", "gophermap", "index.gph", "x/gophermap", "x/y.gph", "archive/own.txt",
         "posts/own.txt", "-dash.txt", "sub/-x/y.txt", "trailing./f.txt", "back\\slash.txt", "UPPER.TXT", "upper.txt",
         "n" * 240 + ".txt", "sub/index.gmi", "line\nx.txt", "d.dcgi", 't.txt', 'quote".txt', "latin\udce9.txt"]
BODY = """[a](a%20b.txt) ![i](p%25q.png) [file](sub/deep%23er/f.bin) [folder](sub/) [self](#x) [post](odd-0.md)

the text
[bracket] line

- t
- [x](odd-1.md)

```
[c|x|y|z|1]
t
\ttab
```

# [h|x]

[mail](mailto:a@b.c) [g](gopher://example.org/1/x%09y) [search](gopher://example.org:70/7/s?x%20y) [tel](tel:1)
[bar](gemini://example.org/a|b)
"""


def odd(program, port):
    """Posts and files with names that hosts read as something else, or that are those of our own pages."""
    capsule = example(program, port)
    for i, slug in enumerate(SLUGS):
        capsule.post(f"odd-{i}", f'title: "T {i} [x|y] z"\nslug: "{slug}"\nkeywords: ["K{i}", "a/b", "[k]|"]\n'
                     f'series: "S {i % 3} / x"', BODY, f"2020-08-{i % 28 + 1:02}")
    for name in FILES:
        path = capsule.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"=> /posts/a.gmi A\n.\nline of " + os.fsencode(name) + b"\n")
    return capsule


def odd_names_are_served_too(program):
    port, other = free_port(), free_port()
    with odd(program, port) as capsule:
        (capsule.folder / "site").mkdir()
        capsule.export("gopher", "site/~ada", "--prefix", "/~ada", "--check")
        capsule.export("gemini", "docs", "--check")
        capsule.serve()
        with gophernicus(capsule.folder / "site", port):
            count = walk_gopher(capsule.gopher, lambda selector: gopher(port, selector), port, "/~ada")
        model = Geomyidae(capsule.folder / "site", port)
        check(walk_gopher(capsule.gopher, model, port, "/~ada") == count, "geomyidae")
        with molly_brown(capsule, capsule.folder / "docs", other):
            check(walk_gemini(capsule, other, "") > 200 and count > 240, f"{count} pages")


# --- Gemini ---


@contextlib.contextmanager
def molly_brown(capsule, root, port):
    config = capsule.folder / "molly.conf"
    certificates = capsule.folder / "certs"
    config.write_text(f'Port = {port}\nHostname = "localhost"\nCertPath = "{certificates}/localhost.crt"\n'
                      f'KeyPath = "{certificates}/localhost.key"\nDocBase = "{root}/"\nGeminiExt = "gmi"\n'
                      'AccessLog = "-"\nErrorLog = "-"\n')
    log = open(capsule.folder / "molly.log", "w+b")
    process = subprocess.Popen(["molly-brown", "-c", str(config)], stdout=log, stderr=log)
    try:
        check(until(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None, 10),
              "molly-brown does not start: " + (capsule.folder / "molly.log").read_text())
        yield
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def page_links(path, text):
    return [(resolve(path, url), label) for _, url, label in gemtext_links(text)]


def lines_but_links(text):
    links = {number for number, _, _ in gemtext_links(text)}
    return [line for number, line in enumerate(text.split("\n")) if number not in links]


def walk_gemini(capsule, port, base):
    seen, waiting = {"/"}, ["/"]
    own = f"gemini://localhost:{port}" if base else "/"
    while waiting:
        path = waiting.pop()
        header, copy = gemini(port, f"gemini://localhost:{port}{path}")
        check(header.startswith("20 "), f"{path}: {header}")
        live, served = capsule.gemini(path)
        check(live.startswith("20 "), f"{path}: {live}")
        if not live.startswith("20 text/gemini"):
            if path.endswith(".xml"):
                served = served.replace(b"gemini://localhost/", f"{base or 'gemini://localhost'}/".encode())
            check(served == copy, f"{path}: other bytes")
            continue
        served, copy = served.decode(), copy.decode()
        links = [link for link in page_links(path, served) if not link[0].startswith(("/search", "/random"))]
        copies = page_links(path, copy)
        check([(base + url if url.startswith("/") else url, label) for url, label in links] == copies,
              f"{path}: {links} are {copies}")
        check(lines_but_links(served) == lines_but_links(copy), f"{path}: other text")
        for url, _ in copies:
            if url.startswith(own):
                to = urllib.parse.urlsplit(url).path
                waiting += [to] if to not in seen else []
                seen.add(to)
    return len(seen)


def molly_brown_serves_what_perigee_serves(program):
    port = free_port()
    with example(program, free_port()) as capsule:
        capsule.serve()  # makes the certificates
        for name, options in (("relative", ()), ("absolute", ("--base", f"gemini://localhost:{port}/"))):
            capsule.export("gemini", name, "--check", *options)
            with molly_brown(capsule, capsule.folder / name, port):
                count = walk_gemini(capsule, port, f"gemini://localhost:{port}" if options else "")
            check(count > 60, f"only {count} pages")


if __name__ == "__main__":
    run_tests([gophernicus_serves_what_perigee_serves, geomyidae_would_serve_it_too,
               molly_brown_serves_what_perigee_serves, odd_names_are_served_too], sys.argv[1:])
