#!/usr/bin/env python3
"""What writers do by accident: each has a clear message and costs nothing else.

usage: bad_input.py PROGRAM [WORD]...
"""
import os
import pathlib
import shutil
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "faults"))
from rig import Rig, check, run_tests, until  # noqa: E402  pylint: disable=C0413

NOBODY = 65534


def start_with(program, prepare, settings="", **options):
    """A rig that is started after `prepare(content folder)`."""
    rig = Rig(program, settings=settings, start=False, **options)
    prepare(rig.content)
    return rig


def others_are_served(rig):
    check(rig.answers(), "home is not served")
    check(rig.gemini("/posts/post-3.gmi").startswith(b"20 "), "another post is not served")


def refused(program, rig, *options):
    """Runs `serve`, which must end with status 2 and one line; gives the line."""
    done = subprocess.run([program, "serve", "-c", rig.folder / "capsule.yaml", "--gemini", "127.0.0.1:0",
                           "--gopher", "off", *options], capture_output=True, text=True, timeout=20,
                          check=False)
    check(done.returncode == 2, f"exit status {done.returncode}: {done.stderr}")
    check(len(done.stderr.splitlines()) == 1, f"not one line: {done.stderr}")
    check(done.stdout == "", f"on stdout: {done.stdout}")
    return done.stderr


def a_broken_header_is_used_as_far_as_it_goes(program):
    def prepare(content):
        (content / "broken.md").write_text("---\ntitle: Broken\ndate: 2020-03-03\nkeyword: [a, b\n---\nText.\n")
    with start_with(program, prepare) as rig:
        rig.start()
        check("broken.md:" in rig.log_text(), "not reported: " + rig.log_text())
        check(b"# Broken\n" in rig.gemini("/posts/broken.gmi"), "lost")
        others_are_served(rig)


def a_header_that_breaks_while_serving_keeps_the_last_good_version(program):
    with Rig(program) as rig:
        path = rig.content / "post-3.md"
        path.write_text("---\ntitle: [\n---\nBroken now.\n")
        check(until(lambda: "post-3.md:" in rig.log_text()), "not reported")
        check(b"# Post 3\n" in rig.gemini("/posts/post-3.gmi"), "the good version is gone")
        others_are_served(rig)


def a_folder_named_like_a_post(program):
    with start_with(program, lambda content: (content / "folder.md").mkdir()) as rig:
        rig.start()
        check(rig.gemini("/posts/folder.gmi").startswith(b"51 "), "served")
        others_are_served(rig)


def an_unreadable_file(program):
    """Root may read everything, so the server runs as somebody who may not."""
    def prepare(content):
        (content / "secret.md").write_text("---\ntitle: Secret\ndate: 2020-01-01\n---\n")
        (content / "secret.md").chmod(0)
    with start_with(program, prepare) as rig:
        if os.getuid() == 0:
            shutil.copy(rig.program, rig.folder / "perigee")
            for path in [rig.folder, *rig.folder.rglob("*")]:
                if path.name != "secret.md":
                    os.chown(path, NOBODY, NOBODY)
            script = rig.folder / "as-nobody"
            script.write_text(f'#!/bin/sh\nexec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups '
                              f'"{rig.folder}/perigee" "$@"\n')
            script.chmod(0o755)
            rig.program = str(script)
        rig.start()
        check("secret.md: " in rig.log_text() and "ermission" in rig.log_text(),
              "not reported: " + rig.log_text())
        check(rig.gemini("/posts/secret.gmi").startswith(b"51 "), "served")
        others_are_served(rig)


def an_image_of_no_bytes(program):
    def prepare(content):
        (content / "empty.png").touch()
        (content / "empty.md").touch()
    with start_with(program, prepare) as rig:
        rig.start()
        check(rig.gemini("/empty.png") == b"20 image/png\r\n", "not an empty image")
        check(rig.gopher("/empty.png") == b"", "not an empty answer")
        others_are_served(rig)


def links_that_leave_the_folder(program):
    def prepare(content):
        (content / "outside.txt").symlink_to("/etc/passwd")
        (content / "outside.md").symlink_to("/etc/passwd")
        (content / "up").symlink_to("..")
        (content / "inside.txt").write_text("Inside.\n")
        (content / "link.txt").symlink_to("inside.txt")
        (content / "dangling.md").symlink_to("nowhere.md")
        (content / "loop.md").symlink_to("loop.md")
    with start_with(program, prepare) as rig:
        rig.start()
        for path in ("/outside.txt", "/outside.md", "/outside.gmi", "/up/capsule.yaml", "/up/certs/localhost.key"):
            check(rig.gemini(path).startswith(b"51 "), f"{path} is served")
            check(rig.gopher(path).startswith(b"3"), f"{path} is served in Gopher")
        check(rig.gemini("/link.txt").endswith(b"Inside.\n"), "a link within is not followed")
        others_are_served(rig)


def a_post_of_5_mib(program):
    def prepare(content):
        (content / "huge.md").write_text("---\ntitle: Huge\ndate: 2020-01-01\n---\n" + "words " * 900000)
    with start_with(program, prepare) as rig:
        rig.start()
        check("huge.md: " in rig.log_text(), "not reported: " + rig.log_text())
        check(rig.gemini("/posts/huge.gmi").startswith(b"51 "), "served")
        others_are_served(rig)


def a_pipe_and_a_socket_among_the_posts(program):
    def prepare(content):
        os.mkfifo(content / "pipe.md")
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(str(content / "socket.md"))
    with start_with(program, prepare) as rig:
        rig.start()
        check(rig.gemini("/pipe.gmi").startswith(b"51 "), "served")
        others_are_served(rig)


def names_that_no_reader_could_type(program):
    def prepare(content):
        for name in (b"\xff\xfe.md", b"line\nend.md", b"tab\t.md", b"per%cent?.md"):
            pathlib.Path(os.fsdecode(bytes(content) + b"/" + name)).write_bytes(
                b"---\ntitle: Odd name\ndate: 2020-01-01\n---\nText.\n")
    with start_with(program, prepare, posts=4) as rig:
        rig.start()
        home = rig.gemini("/").decode()
        check(all(line.count("\t") == 3 for line in rig.gopher("").decode().split("\r\n")[:-2]), "a tab")
        check(home.count("Odd name") == 4, "lost")
        check(rig.gemini("/posts/per%25cent%3F.gmi").startswith(b"20 "), "not at its address")
        others_are_served(rig)


def two_posts_of_one_slug(program):
    def prepare(content):
        (content / "a").mkdir()
        (content / "a" / "same.md").write_text("---\ntitle: Older\ndate: 2020-01-01\n---\n")
        (content / "same.md").write_text("---\ntitle: Newer\ndate: 2021-01-01\n---\n")
    with start_with(program, prepare) as rig:
        rig.start()
        check(b"# Older\n" in rig.gemini("/posts/same.gmi"), "the older one has lost its slug")
        check(b"# Newer\n" in rig.gemini("/posts/same-2.gmi"), "the newer one is lost")
        check("same.md" in rig.log_text(), "not reported")


def a_port_in_use(program):
    with Rig(program, start=False) as rig, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused(program, rig, "--gemini", f"127.0.0.1:{port}")
        check(str(port) in line and "in use" in line, line)


def a_missing_content_folder(program):
    with Rig(program, start=False) as rig:
        shutil.rmtree(rig.content)
        check("content" in refused(program, rig), "the folder is not named")


def half_a_certificate(program):
    for missing, left in (("crt", "key"), ("key", "crt")):
        with Rig(program, start=False) as rig:
            subprocess.run([program, "cert", "-c", rig.folder / "capsule.yaml"], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            certs = rig.folder / "certs"
            (certs / f"localhost.{missing}").unlink()
            before = (certs / f"localhost.{left}").read_bytes()
            check(f"localhost.{missing}" in refused(program, rig), "the file is not named")
            check((certs / f"localhost.{left}").read_bytes() == before, "written over")
            check(not (certs / f"localhost.{missing}").exists(), "made anew")


def broken_settings(program):
    with Rig(program, start=False) as rig:
        for settings, place in (("nonsense: 1\n", ":5:1: "), ("width: wide\n", ":5:8: "),
                                ("limits: {request_s: -1}\n", ":5:"), ("title: [\n", ":")):
            rig.configure(settings)
            line = refused(program, rig)
            check(f"capsule.yaml{place}" in line, line)
        line = refused(program, rig, "-c", "/nowhere/capsule.yaml")
        check("/nowhere/capsule.yaml" in line or "capsule.yaml" in line, line)


def nothing_to_serve(program):
    with Rig(program, start=False) as rig:
        check("off" in refused(program, rig, "--gemini", "off"), "not explained")


def an_empty_folder_is_served(program):
    with Rig(program, posts=0, start=False) as rig:
        (rig.content / "large.bin").unlink()
        rig.start()
        check("ready: 0 posts" in rig.lines[-1], rig.lines[-1])
        check(rig.answers(), "not served")


if __name__ == "__main__":
    run_tests([a_broken_header_is_used_as_far_as_it_goes,
               a_header_that_breaks_while_serving_keeps_the_last_good_version, a_folder_named_like_a_post,
               an_unreadable_file, an_image_of_no_bytes, links_that_leave_the_folder, a_post_of_5_mib,
               a_pipe_and_a_socket_among_the_posts, names_that_no_reader_could_type, two_posts_of_one_slug,
               a_port_in_use, a_missing_content_folder, half_a_certificate, broken_settings,
               nothing_to_serve, an_empty_folder_is_served])
