#!/usr/bin/env python3
"""Draws how cost grows: with posts, with the length of a page, with open connections.

usage: scale.py [--program build/perigee] [--tools build/bench] [--capsules FOLDER]
                [--docs docs] [--most-posts N] [--only posts,length,connections]

Writes docs/performance-posts.svg, -length.svg and -connections.svg, and the tables between the
marks `<!-- table NAME -->` and `<!-- end -->` of docs/performance.md.
"""
import argparse
import pathlib
import re
import shutil
import socket
import tempfile

import chart
from harness import Perigee, cpu_per_request, make_capsule, median

ROUNDS = 5


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


class Scale:
    def __init__(self, args, folder):
        self.program, self.tools, self.docs = args.program.resolve(), args.tools.resolve(), args.docs
        self.folder = pathlib.Path(folder)
        self.kept = args.capsules or self.folder
        self.most_posts = args.most_posts

    def capsule(self, name, posts):
        folder = self.kept / str(name)
        folder.mkdir(parents=True, exist_ok=True)
        return make_capsule(self.program, folder, posts)

    def cost(self, server, path, requests, scheme="gopher"):
        port = getattr(server, scheme)
        url = f"gemini://localhost:{port}{path}" if scheme == "gemini" else path
        return median([cpu_per_request(server, self.tools, scheme, port, [url], requests)
                       for _ in range(ROUNDS)])

    def write(self, name, title, across, columns, rows):
        """`rows` are [x, y, ...] in the order of `columns`, of which the first is x."""
        curves = {column: [(row[0], row[i + 1]) for row in rows if row[i + 1] > 0]
                  for i, column in enumerate(columns[1:])}
        drawn = chart.draw(title, across, {name: curve for name, curve in curves.items() if curve})
        (self.docs / f"performance-{name}.svg").write_text(drawn)
        lines = ["| " + " | ".join(columns) + " |", "|" + "---:|" * len(columns)]
        lines += ["| " + " | ".join([f"{row[0]:,}".replace(",", " ")] + [number(v) for v in row[1:]])
                  + " |" for row in rows]
        table = "\n".join(lines)
        print(table, flush=True)
        page = self.docs / "performance.md"
        text = page.read_text()
        page.write_text(re.sub(rf"(<!-- table {name} -->\n).*?(<!-- end -->)",
                               lambda found: f"{found[1]}{table}\n{found[2]}", text, flags=re.S))

    def posts(self):
        rows = []
        for posts in (10, 100, 1000, 10000, 100000):
            if posts > self.most_posts:
                break
            capsule = self.capsule(posts, posts)
            shutil.rmtree(capsule / "cache", ignore_errors=True)
            with Perigee(self.program, capsule, cpu=None) as server:
                first = server.cpu_us() / 1000
                server.settle()
            with Perigee(self.program, capsule, cpu=None) as server:
                again = server.cpu_us() / 1000
                memory = server.rest_kib() / 1024
            with Perigee(self.program, capsule, "--workers", 1, settings="uncached.yaml") as server:
                server.settle()
                pages = [self.cost(server, path, 100)
                         for path in ("/", "/keywords/network/", "/feed.xml")]
            rows.append([posts, first, again, memory, *pages])
        self.write("posts", "Cost against the number of posts", "posts",
                   ["posts", "first start, ms", "next start, ms", "at rest, MiB", "home, µs",
                    "keyword, µs", "feed, µs"], rows)

    def length(self):
        capsule = self.capsule("length", 0)
        (capsule / "content").mkdir(exist_ok=True)
        line = "Every word of this line is as plain as the one before it, and so on. "
        lengths = [1 << power for power in range(10, 21, 2)]
        for length in lengths:
            paragraph = line * 6 + "\n\n"
            body = (paragraph * (length // len(paragraph) + 1))[:length]
            (capsule / "content" / f"p{length}.md").write_text(
                f"---\ntitle: Page of {length}\ndate: 2020-01-01\n---\n{body}\n")
        rows = []
        for length in lengths:
            path = f"/posts/p{length}"
            with Perigee(self.program, capsule, "--workers", 1) as server:
                sent = [self.cost(server, path + ".gmi", 200, "gemini"),
                        self.cost(server, path + ".txt", 200)]
            with Perigee(self.program, capsule, "--workers", 1, settings="uncached.yaml") as server:
                made = self.cost(server, path + ".txt", 50)
            rows.append([length, *sent, made])
        self.write("length", "Processor time of a request against the length of its page", "bytes",
                   ["bytes", "Gemini, µs", "Gopher, µs", "Gopher not cached, µs"], rows)

    def connections(self):
        capsule = self.capsule(100, 100)
        name = sorted((capsule / "content").glob("*.md"))[0].stem
        rows = []
        with Perigee(self.program, capsule, "--workers", 1) as server:
            server.settle()
            before, silent = server.rss_kib(), []
            for count in (1, 10, 100, 1000, 10000):
                while len(silent) < count:
                    silent.append(socket.create_connection(("127.0.0.1", server.gemini)))
                    # A byte, so that the kernel's deferred accept hands it over.
                    silent[-1].send(b"\x16")
                server.settle(5)
                grown = max(server.rss_kib() - before, 1)
                rows.append([count, grown, self.cost(server, f"/posts/{name}.txt", 1000)])
            for connection in silent:
                connection.close()
        self.write("connections", "Cost against connections that are open and silent",
                   "connections", ["connections", "memory, KiB", "a Gopher request, µs"], rows)


def main():
    names = ["posts", "length", "connections"]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("build/perigee"))
    parser.add_argument("--tools", type=pathlib.Path, default=pathlib.Path("build/bench"))
    parser.add_argument("--capsules", type=pathlib.Path, help="where generated capsules are kept")
    parser.add_argument("--docs", type=pathlib.Path, default=pathlib.Path("docs"))
    parser.add_argument("--most-posts", type=int, default=100000)
    parser.add_argument("--only", default=",".join(names))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="perigee-scale-") as folder:
        scale = Scale(args, folder)
        for name in args.only.split(","):
            if name not in names:
                parser.error(f"unknown curve {name}: one of {', '.join(names)}")
            getattr(scale, name)()


if __name__ == "__main__":
    main()
