#!/usr/bin/env python3
"""Measures Perigee beside the bare loop, the peers that Debian has, and itself at other sizes.

usage: bench.py [--program build/perigee] [--tools build/bench] [--only NAME,...] [--quick] [--json]

Each comparison runs its servers in turn, round by round, and prints medians and ratios of the
same run: machines are noisy, single figures mean little. Nothing here fails a build.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

from harness import (LOAD_CPU, Perigee, cpu_per_request, free_port, gemini_get, load, make_capsule,
                     median, minserver, molly_brown)

ROWS = []


def row(work, value, unit, aim=""):
    ROWS.append({"work": work, "value": value, "unit": unit, "aim": aim})
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    print(f"  {work:<58} {text:>10} {unit:<5} {aim}", flush=True)


class Bench:
    def __init__(self, args, folder):
        self.program, self.tools = args.program.resolve(), args.tools.resolve()
        self.quick, self.folder = args.quick, pathlib.Path(folder)
        self.rounds = 3 if args.quick else 7
        self.capsules = {}

    def capsule(self, posts):
        if posts not in self.capsules:
            folder = self.folder / str(posts)
            folder.mkdir()
            self.capsules[posts] = make_capsule(self.program, folder, posts)
        return self.capsules[posts]

    def post_urls(self, posts, port, most=None):
        names = sorted((self.capsule(posts) / "content").glob("*.md"))[:most]
        return [f"gemini://localhost:{port}/posts/{name.stem}.gmi" for name in names]

    def page_of(self, server, url):
        """The body of one page in a file: what the bare loop answers."""
        body = gemini_get(server.gemini, url).split(b"\r\n", 1)[1]
        path = self.folder / "page.gmi"
        path.write_bytes(body)
        return path, len(body)

    # --- CPU per request ---

    def gemini(self):
        """One post of about 5 KiB, again and again: full handshakes and resumed ones."""
        capsule, requests = self.capsule(100), 500 if self.quick else 2000
        with Perigee(self.program, capsule, "--workers", 1) as ours:
            urls = self.post_urls(100, ours.gemini)
            url = min(urls, key=lambda u: abs(len(gemini_get(ours.gemini, u)) - 5120))
            body, size = self.page_of(ours, url)
            site = capsule / "molly"
            site.mkdir(exist_ok=True)
            shutil.copy(body, site / "page.gmi")
            floor_port, peer_port = free_port(), free_port()
            with minserver(self.tools, capsule, body, "tls", floor_port) as floor:
                runs = {"perigee": (ours, ours.gemini, url),
                        "floor": (floor, floor_port, f"gemini://localhost:{floor_port}/x")}
                peer = molly_brown(capsule, peer_port)
                if peer:
                    runs["molly-brown"] = (peer.__enter__(), peer_port,
                                           f"gemini://localhost:{peer_port}/page.gmi")
                try:
                    for name, extra in (("full handshake", ()), ("resumed", ("-r",))):
                        self.compare(f"Gemini, {size} bytes, {name}", runs, "gemini", requests, extra)
                finally:
                    if peer:
                        peer.__exit__()

    def compare(self, work, runs, scheme, requests, extra=(), aim="<= 1.00"):
        cpu = {name: [] for name in runs}
        for _ in range(self.rounds):
            for name, (server, port, url) in runs.items():
                cpu[name].append(cpu_per_request(server, self.tools, scheme, port, [url], requests,
                                                 extra=extra))
        for name in runs:
            row(f"{work}: {name}", median(cpu[name]), "us")
        for name in runs:
            if name != "perigee":
                ratio = median([a / b for a, b in zip(cpu["perigee"], cpu[name])])
                row(f"{work}: perigee / {name}", ratio, "x", aim if name == "floor" else "< 1")

    def uncached(self):
        """Every post of 1000 once after a start, against the same again from the cache."""
        capsule = self.capsule(1000)
        ratios = []
        for _ in range(self.rounds):
            with Perigee(self.program, capsule, "--workers", 1) as ours:
                urls = self.post_urls(1000, ours.gemini)
                first = cpu_per_request(ours, self.tools, "gemini", ours.gemini, urls, len(urls))
                again = cpu_per_request(ours, self.tools, "gemini", ours.gemini, urls, len(urls))
                ratios.append(first / again)
        row("Gemini, first request of a post / cached", median(ratios), "x", "<= 1.15")

    def gopher(self):
        capsule, requests = self.capsule(100), 2000 if self.quick else 10000
        with Perigee(self.program, capsule, "--workers", 1) as ours:
            name = sorted((capsule / "content").glob("*.md"))[0].stem
            body, size = self.page_of(ours, f"gemini://localhost:{ours.gemini}/posts/{name}.gmi")
            port = free_port()
            with minserver(self.tools, capsule, body, "tcp", port) as floor:
                self.compare(f"Gopher post, {size} bytes",
                             {"perigee": (ours, ours.gopher, f"/posts/{name}.txt"),
                              "floor": (floor, port, "/x")}, "gopher", requests, aim="<= 1.3")

    # --- many at once ---

    def crowd(self):
        with Perigee(self.program, self.capsule(100), cpu=None) as ours:
            urls = self.post_urls(100, ours.gemini)
            report = load(self.tools, "gemini", ours.gemini, urls, 4000 if self.quick else 20000,
                          connections=512)
            row("512 clients at once: failed", report["failed"], "", "0")
            row("512 clients at once: p99 / median", report["p99_ms"] / report["p50_ms"], "x", "<= 3")

    def sustained(self):
        with Perigee(self.program, self.capsule(100), "--workers", 1) as ours:
            urls = self.post_urls(100, ours.gemini)
            report = load(self.tools, "gemini", ours.gemini, urls, 10**7, connections=16,
                          extra=("-T", 5 if self.quick else 30))
            row("full load on one core: p99.9 / median", report["p999_ms"] / report["p50_ms"], "x",
                "< 4")

    def idle(self):
        """Memory of a connection that says nothing, before and after the handshake."""
        import socket
        count = 1000
        with Perigee(self.program, self.capsule(100), "--workers", 1) as ours:
            url = self.post_urls(100, ours.gemini, 1)
            load(self.tools, "gemini", ours.gemini, url, 200)
            before = ours.rss_kib()
            silent = [socket.create_connection(("127.0.0.1", ours.gemini)) for _ in range(count)]
            time.sleep(0.5)
            row("idle connection before the handshake", (ours.rss_kib() - before) / count, "KiB", "<= 1")
            for connection in silent:
                connection.close()
        with Perigee(self.program, self.capsule(100), "--workers", 1) as ours:
            url = self.post_urls(100, ours.gemini, 1)
            load(self.tools, "gemini", ours.gemini, url, 200)
            before = ours.rss_kib()
            clients = subprocess.Popen(
                ["taskset", "-c", LOAD_CPU, self.tools / "smolload", "-j", "-p", str(ours.gemini),
                 "-c", "64", "-i", str(count), "-w", "4", *url],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(3)
            row("idle connection after the handshake", (ours.rss_kib() - before) / count, "KiB", "<= 10")
            clients.wait()

    # --- sizes of capsules ---

    def scale(self):
        sizes = (12, 1000) if self.quick else (12, 1000, 10000, 100000)
        aims = {12: "<= 7 MiB", 1000: "<= 8 MiB", 100000: "<= 64 MiB"}
        starts = {1000: "<= 30", 100000: "<= 4000"}
        listing = {}
        for posts in sizes:
            capsule = self.capsule(posts)
            with Perigee(self.program, capsule) as ours:
                time.sleep(0.5)
                row(f"{posts} posts: memory at rest", ours.rss_kib() / 1024, "MiB", aims.get(posts, ""))
                row(f"{posts} posts: start to ready", ours.ready_ms(), "ms", starts.get(posts, ""))
                if posts in (1000, 100000):
                    listing[posts] = self.listing_costs(ours)
                if posts == 10000:
                    self.edit_to_visible(ours, capsule)
        if 100000 in listing:
            for page in listing[1000]:
                row(f"{page} at 100000 posts / at 1000", listing[100000][page] / listing[1000][page],
                    "x", "<= 2")

    def listing_costs(self, server):
        """Uncached cost is what grows with the catalogue: each page once per fresh catalogue."""
        pages = {"home": "/", "keyword page": "/keywords/network/", "feed": "/feed.xml"}
        return {name: median([cpu_per_request(server, self.tools, "gemini", server.gemini,
                                              [f"gemini://localhost:{server.gemini}{path}"], 200)
                              for _ in range(3)]) for name, path in pages.items()}

    def edit_to_visible(self, server, capsule):
        post = sorted((capsule / "content").glob("*.md"))[4321]
        text = post.read_text()
        url = f"gemini://localhost:{server.gemini}/posts/{post.stem}.gmi"
        times = []
        for turn in range(5):
            mark = f"edited-{turn}"
            post.write_text(text + f"\n{mark}\n")
            start = time.monotonic()
            while mark.encode() not in gemini_get(server.gemini, url):
                if time.monotonic() - start > 5:
                    break
            times.append((time.monotonic() - start) * 1000)
            time.sleep(0.3)
        post.write_text(text)
        row("10000 posts: an edit to visible", median(times), "ms", "<= 50")


    def export(self):
        """A copy in files: the first run writes all, the second finds nothing to do."""
        posts = 1000 if self.quick else 10000
        capsule = self.capsule(posts)
        aims = {} if self.quick else {"first": "<= 3", "second": "<= 0.3"}
        for form in ("gopher", "gemini"):
            times = {"first": [], "second": []}
            for turn in range(3):  # ext4 is slow to use what was deleted just now: new folders
                folder = self.folder / f"copy-{form}-{turn}"
                for run, found in times.items():
                    start = time.monotonic()
                    subprocess.run([self.program, "export", "--to", form, folder, "-c",
                                    capsule / "capsule.yaml"], check=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    found.append(time.monotonic() - start)
            for run, found in times.items():
                row(f"{posts} posts: {run} export, {form}", median(found), "s", aims.get(run, ""))


def main():
    names = ["gemini", "uncached", "gopher", "crowd", "sustained", "idle", "scale", "export"]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path("build/perigee"))
    parser.add_argument("--tools", type=pathlib.Path, default=pathlib.Path("build/bench"))
    parser.add_argument("--only", default=",".join(names))
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller capsules")
    parser.add_argument("--json", action="store_true", help="print one JSON document at the end")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="perigee-bench-") as folder:
        bench = Bench(args, folder)
        for name in args.only.split(","):
            if name not in names:
                parser.error(f"unknown measurement {name}: one of {', '.join(names)}")
            print(f"{name}:", flush=True)
            getattr(bench, name)()
    if args.json:
        print(json.dumps(ROWS, indent=1))


if __name__ == "__main__":
    main()
