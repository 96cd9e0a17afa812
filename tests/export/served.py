#!/usr/bin/env python3
"""perigee export: the copy is what is served, but for addresses.

usage: served.py PROGRAM [WORD]...
"""
import re
import sys
import urllib.parse

from copies import (MANIFEST, STAMP, Capsule, check, files_of, gemtext_links, read_gophermap, read_gph, read_menu,
                    resolve, run_tests)


def gemini_path(file):
    name = file.removesuffix("index.gmi") if ("/" + file).endswith("/index.gmi") else file
    return "/" + urllib.parse.quote(name, safe="/~:@!$&'()*+,;=")


def with_absolute_links(path, data):
    """The lines of a page, each link as it is meant there."""
    lines = data.decode().split("\n")
    for number, url, label in gemtext_links(data.decode()):
        lines[number] = f"=> {resolve(path, url)} {label}".rstrip()
    return lines


def without_live_links(lines):
    return [line for line in lines if not re.match(r"=> /(search|random)\b", line)]


def gemini_pages_are_those_that_are_served(program):
    with Capsule(program) as capsule:
        capsule.export("gemini", "out", "--check")
        capsule.serve()
        files = files_of(capsule.folder / "out")
        check(len(files) > 90, f"{len(files)} files")
        check("other.json" in files and "odd.json" not in files, "data files of posts are for nobody else")
        for file, exported in files.items():
            path = gemini_path(file)
            header, served = capsule.gemini(path)
            check(header.startswith("20 "), f"{path}: {header}")
            if "live" in file:
                continue  # links to what files cannot do: see no_page_leads_to_what_files_cannot_do()
            if not header.startswith("20 text/gemini"):
                check(served == exported, f"{path}: other bytes")
                continue
            for _, url, _ in gemtext_links(exported.decode()):
                check(not url.startswith("/") and not resolve(path, url).startswith(("/search", "/random")),
                      f"{path}: {url}")
            a, b = without_live_links(with_absolute_links(path, served)), with_absolute_links(path, exported)
            check(a == b, f"{path}: {[x for x in zip(a, b) if x[0] != x[1]][:3]}")


def no_page_leads_to_what_files_cannot_do(program):
    with Capsule(program) as capsule:
        capsule.export("gemini")
        out = capsule.folder / "out"
        check((out / "live.gmi").read_text() == "Search\nAny\n=> ./ Home\n", (out / "live.gmi").read_text())
        page = (out / "posts" / "live.gmi").read_text()
        check("find or any\n" in page, page)
        check("Any post" not in (out / "index.gmi").read_text(), "the home page leads to chance")
        capsule.export("gopher", "hole")
        hole = capsule.folder / "hole"
        for name, data in files_of(hole).items():
            found = re.search(rb".*(/search|/random).*", data)
            check(not found or name == "robots.txt" or name.endswith((".md", "live.gmi")), f"{name}: {found}")
        check("find or any" in (hole / "posts" / "live.txt").read_text(), "words are lost")


def gemini_links_may_be_absolute(program):
    """With the address of the running server as base, feeds and pages are its own bytes."""
    with Capsule(program) as capsule:
        capsule.export("gemini", "out", "--base", "gemini://localhost/", "--check")
        capsule.export("gemini", "far", "--base", "gemini://example.org/~ada", "--check")
        capsule.serve()
        for file, exported in files_of(capsule.folder / "out").items():
            _, served = capsule.gemini(gemini_path(file))
            if file.endswith(".xml"):
                check(served == exported, file)
                far = (capsule.folder / "far" / file).read_bytes()
                check(far == served.replace(b"gemini://localhost/", b"gemini://example.org/~ada/"), file)
            if file.endswith(".gmi"):
                for _, url, _ in gemtext_links(exported.decode()):
                    check(re.match(r"[a-z]+:", url) or "raw" in file or "docs" in file, f"{file}: {url}")


def hand_written_gemtext_follows(program):
    with Capsule(program) as capsule:
        capsule.export("gemini")
        text = (capsule.folder / "out" / "raw.gmi").read_text()
        check(text == "# Raw\n=> posts/%E5%8D%9A%E5%AE%A2.gmi Post\n=> about.gmi\n```\n=> /posts/no.gmi\n```\n",
              text)
        text = (capsule.folder / "out" / "docs" / "index.gmi").read_text()
        check(text == "# Docs\n=> ../ Home\n=> ../raw.gmi Raw\n", text)


class Pairs:
    """Walks the live hole and the exported one side by side, from link to link."""

    def __init__(self, capsule, out, prefix=""):
        self.capsule, self.out, self.prefix = capsule, out, prefix
        self.names = {}  # live selector -> exported one
        self.files = set()
        self.waiting = []
        self.add("1", "/", prefix + "/")

    def add(self, kind, live, exported):
        known = self.names.get(live)
        check(known in (None, exported), f"{live} is {known} and {exported}")
        if known is None:
            check(exported not in self.names.values(), f"{exported} stands for two")
            self.names[live] = exported
            self.waiting.append((kind, live, exported))

    def read(self, name):
        self.files.add(name)
        return (self.out / name).read_bytes()

    def run(self):
        texts = []
        while self.waiting:
            kind, live, exported = self.waiting.pop(0)
            file = exported.removeprefix(self.prefix).lstrip("/")
            check(re.fullmatch(r"([A-Za-z0-9_-][A-Za-z0-9._-]*/?)*", file) and ".." not in file, f"GOPH-116: {file}")
            data = self.capsule.gopher(live)
            if kind == "1":
                self.menu(live, file, data)
            else:
                copy = self.read(file)
                if "live" not in file and file.endswith((".txt", ".xml")):
                    texts.append((file, data, copy))
                    self.links(data, copy)
                elif "live" not in file:
                    check(data == copy, f"{file}: other bytes")
        for file, served, exported in texts:
            served = self.spell(served)
            check(served == exported, f"{file}: " + repr([x for x in zip(served.split(b"\n"), exported.split(b"\n")) if x[0] != x[1]][:3]))

    def menu(self, live, file, data):
        if "live" in file:
            self.files |= {file + "gophermap", file + "index.gph"}
            return
        served = [item for item in read_menu(data) if item[2] not in ("/search", "/random")]
        copy = list(read_gophermap(self.read(file + "gophermap")))
        check(copy == list(read_gph(self.read(file + "index.gph"))), f"{file}: index.gph is another menu (GOPH-153)")
        check(len(served) == len(copy), f"{live}: {len(served)} lines, {len(copy)} exported")
        for item, other in zip(served, copy):
            if item[0] in "ih" or item[3:] != ("localhost", "70"):
                check(item == other, f"{live}: {item} is {other}")
            else:
                check(item[:2] == other[:2] and item[3:] == other[3:], f"{live}: {item} is {other}")
                self.add(item[0], item[2], other[2])

    def links(self, served, exported):
        """The addresses of both texts stand in the same order."""
        both = [re.findall(r"gopher://localhost/(.)([^\s\"<]*)", data.decode()) for data in (served, exported)]
        check(len(both[0]) == len(both[1]), both)
        for (kind, live), (_, copy) in zip(*both):
            self.add(kind, urllib.parse.unquote(live), urllib.parse.unquote(copy))

    def spell(self, data):
        """The served text with the exported addresses."""
        for live, exported in sorted(self.names.items(), key=lambda pair: -len(pair[0])):
            for kind in "019Igs":
                url = f"gopher://localhost/{kind}{urllib.parse.quote(live)}"
                new = f"gopher://localhost/{kind}{urllib.parse.quote(exported)}"
                data = re.sub(re.escape(url).encode() + rb"(?=[\s\"<)]|$)", b"\0" + new[9:].encode(), data)
        return data.replace(b"\0", b"gopher://")


def gopher_pages_are_those_that_are_served(program):
    for prefix in ("", "/~ada"):
        with Capsule(program) as capsule:
            capsule.export("gopher", "out", "--check", *(("--prefix", prefix) if prefix else ()))
            capsule.serve()
            out = capsule.folder / "out"
            pairs = Pairs(capsule, out, prefix)
            for name in ("/robots.txt", "/caps.txt", "/favicon.txt", "/zeros.bin", "/raw.txt"):
                pairs.add("0", name, prefix + name)
            pairs.add("1", "/docs/", prefix + "/docs/")
            pairs.run()
            left = {name for name in set(files_of(out)) - pairs.files if "live" not in name}
            check(left <= {"docs/index.gmi", "docs/index.txt"}, f"never linked: {left}")
            check(pairs.names["/posts/lẻ-loi.txt"].startswith(prefix + "/posts/le-loi_"), pairs.names)
            text = (out / pairs.names["/posts/lẻ-loi.txt"].removeprefix(prefix)[1:]).read_text()
            check("images/a-b_" in text and "tool-cgi_" in text, text)


def gopher_files_are_fit_for_hosts(program):
    """GOPH-114, GOPH-115, GOPH-116, GOPH-125; nothing that only a server answers."""
    with Capsule(program) as capsule:
        capsule.post("wide", "title: Wide", "    " + "x" * 5000 + "\n\n<https://example.org/" + "y" * 1500 + ">\n")
        capsule.export("gopher", umask=0o077)
        out = capsule.folder / "out"
        for path in [out, *out.rglob("*")]:
            mode = path.stat().st_mode & 0o7777
            check(mode == (0o755 if path.is_dir() else 0o644), f"{path}: mode {mode:o}")
            name = path.name
            check(name in (MANIFEST, STAMP) or path == out or
                  re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", name), name)
            check(not name.endswith((".cgi", ".dcgi")), name)
            if name == "gophermap" or name.endswith(".txt") or name == "index.gph":
                lines = path.read_bytes().split(b"\n")
                check(max(map(len, lines)) < 1000, f"{path}: a long line")
                check(not name.endswith(".txt") or all(x.endswith(b"\r") for x in lines[:-1]), f"{path}: LF")
                check(b"/random" not in path.read_bytes() or name == "robots.txt", str(path))
        source = (out / "posts" / "what-a-vector-is.md").read_bytes()
        check(source == (capsule.content / "what-a-vector-is.md").read_bytes(), "the source is as it is")
        check("gopher://localhost/0/posts/" in (out / "feed.xml").read_text(), "feeds lead into gopherspace")
        capsule.export("gopher", "out", "--host", "example.org", "--port", "7070", "--prefix", "/~ada/")
        check("gopher://example.org:7070/0/~ada/posts/" in (out / "feed.xml").read_text(), "--host, --port")


if __name__ == "__main__":
    run_tests([gemini_pages_are_those_that_are_served, no_page_leads_to_what_files_cannot_do,
               gemini_links_may_be_absolute, hand_written_gemtext_follows, gopher_pages_are_those_that_are_served,
               gopher_files_are_fit_for_hosts], sys.argv[1:])
