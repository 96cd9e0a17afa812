#!/usr/bin/env python3
"""perigee export: what it writes and what it leaves alone, whatever happens meanwhile.

usage: export.py PROGRAM [WORD]...
"""
import hashlib
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time

from copies import (MANIFEST, SETTINGS, STAGE, STAMP, Capsule, check, files_of, run_tests, states_of, summary, until)

# --- what is touched ---


def only_what_changed_is_touched(program):
    for form in ("gopher", "gemini"):
        with Capsule(program) as capsule:
            written, unchanged, removed, _ = summary(capsule.export(form)[0])
            check(written > 90 and unchanged == removed == 0, written)
            out = capsule.folder / "out"
            before, bytes_before = states_of(out), files_of(out)
            check(summary(capsule.export(form)[0])[:3] == (0, written, 0), "a second run")
            check(states_of(out) == before, "the second run touched something")
            (capsule.content / "odd.md").touch()
            check(summary(capsule.export(form)[0])[:3] == (0, written, 0), "a touched source")
            after = states_of(out)
            check({k for k in before if before[k] != after[k]} <= {STAMP}, "a touched source touched something")
            post = capsule.content / "what-a-vector-is.md"
            post.write_text(post.read_text() + "\nOne more line.\n")
            count = summary(capsule.export(form)[0])
            check(count[0] == (4 if form == "gopher" else 3) and count[2] == 0, f"one edit: {count}")
            after, changed = files_of(out), set()
            for name, data in after.items():
                changed |= {name} if data != bytes_before[name] else set()
            check(all("what-a-vector-is" in name for name in changed) and len(changed) == count[0], changed)


def what_no_longer_belongs_is_removed(program):
    with Capsule(program) as capsule:
        capsule.export("gopher")
        out = capsule.folder / "out"
        (out / "mine.txt").write_text("not yours\n")
        (out / "posts" / "gradients-by-hand" / "mine").write_text("not yours\n")
        (capsule.content / "gradients-by-hand.md").unlink()
        (capsule.content / "odd.md").unlink()
        check(summary(capsule.export("gopher")[0])[2] >= 8, "nothing was removed")
        left = [name for name in files_of(out) if "gradients-by-hand" in name or "le-loi" in name]
        check(left == ["posts/gradients-by-hand/mine"], left)
        check((out / "mine.txt").read_text() == "not yours\n", "a foreign file is gone")
        check(not list((out / "posts").glob("le-loi*")), "an empty folder stays")
        check("mine" not in (out / MANIFEST).read_text(), "the manifest claims what is not ours")


def changed_files_are_made_good(program):
    """Whoever changed a file of ours: size, bytes of the same size, mode, or its being there."""
    with Capsule(program) as capsule:
        capsule.export("gopher")
        out = capsule.folder / "out"
        good = files_of(out)
        text = out / "about.txt"
        for spoil in (lambda: text.write_bytes(b"x" + text.read_bytes()[1:]), lambda: text.write_text("short"),
                      text.unlink, lambda: text.chmod(0o600)):
            spoil()
            capsule.export("gopher")
            check(files_of(out) == good and text.stat().st_mode & 0o777 == 0o644, "not made good")
        check(summary(capsule.export("gopher")[0])[:1] == (0,), "and nothing else")


def settings_and_time_count(program):
    """What else than posts goes into a page: settings, options, neighbours."""
    with Capsule(program) as capsule:
        capsule.export("gemini")
        config = capsule.folder / "capsule.yaml"
        config.write_text(config.read_text() + "labels: {keyword: Tag}\n")
        check(summary(capsule.export("gemini")[0])[0] > 5, "labels")
        check(summary(capsule.export("gemini", "out", "--base", "gemini://example.org/")[0])[0] > 5, "--base")
        capsule.export("gemini")
        capsule.post("new", "title: New", "Text.\n", date="2020-06-21")
        count = summary(capsule.export("gemini", "out", "--check")[0])
        neighbour = (capsule.folder / "out" / "posts" / "eigenvalues-slowly.gmi").read_text()
        check("=> new.gmi Newer: New" in neighbour and count[0] > 3, neighbour[-600:])
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        capsule.post("soon", "title: Soon", "Text.\n", date=soon)
        capsule.export("gemini")
        check(not (capsule.folder / "out" / "posts" / "soon.gmi").exists(), "too early")
        time.sleep(2.2)
        capsule.export("gemini")
        check((capsule.folder / "out" / "posts" / "soon.gmi").exists(), "a post whose time has come")


def a_dry_run_writes_nothing(program):
    with Capsule(program) as capsule:
        out, _ = capsule.export("gopher", "out", "--dry-run")
        check("write gophermap\n" in out and summary(out)[0] > 90, out)
        check(not (capsule.folder / "out").exists(), "the folder was made")
        capsule.export("gopher")
        before = states_of(capsule.folder / "out")
        (capsule.content / "cjk.md").unlink()
        out, _ = capsule.export("gopher", "out", "--dry-run")
        check(re.search(r"^remove posts/_[0-9a-f]{12}\.txt$", out, re.M), out)
        check(states_of(capsule.folder / "out") == before, "something was touched")


# --- what is refused ---


def foreign_folders_are_left_alone(program):
    with Capsule(program) as capsule:
        out = capsule.folder / "out"
        out.mkdir()
        (out / "thesis.tex").write_text("years of work\n")
        _, err = capsule.export("gopher", status=2)
        check("thesis.tex" in err and "--force" in err and len(err.splitlines()) == 1, err)
        check(os.listdir(out) == ["thesis.tex"], os.listdir(out))
        capsule.export("gopher", "out", "--force")
        check((out / "thesis.tex").read_text() == "years of work\n" and (out / "gophermap").exists(), "--force")
        _, err = capsule.export("gemini", status=2)
        check("gopher" in err, err)
        capsule.export("gemini", "out", "--force")
        check(not (out / "gophermap").exists() and (out / "index.gmi").exists() and (out / "thesis.tex").exists(),
              "another form takes the place of the first")


def foreign_files_in_the_way_stay(program):
    with Capsule(program) as capsule:
        capsule.export("gopher")
        out = capsule.folder / "out"
        (out / "posts" / "new.txt").write_text("mine\n")
        (out / "posts" / "new").symlink_to("/etc")
        capsule.post("new", "title: New", "Text.\n")
        _, err = capsule.export("gopher", status=1)
        check("posts/new.txt" in err and "posts/new/gophermap" in err, err)
        check((out / "posts" / "new.txt").read_text() == "mine\n", "overwritten")
        check((out / "posts" / "new").is_symlink() and not os.path.exists("/etc/gophermap"), "followed a link")
        (out / "posts" / "new").unlink()
        capsule.export("gopher", "out", "--force")
        check("New" in (out / "posts" / "new.txt").read_text(), "--force")


def what_took_the_place_of_a_file_stays(program):
    """Links that lead out, in the place of a file, a folder and the stage: not followed, and not removed."""
    with Capsule(program) as capsule:
        whole = summary(capsule.export("gopher")[0])[0]
        out, outside = capsule.folder / "out", capsule.folder / "outside"
        outside.mkdir()
        (outside / "about.txt").write_text("mine\n")
        (out / "about.txt").unlink()
        (out / "about.txt").symlink_to(outside / "about.txt")
        (out / "series").rename(outside / "series")
        (out / "series").symlink_to(outside / "series")
        (out / STAGE).symlink_to(outside)
        before = states_of(outside)
        for _ in range(2):
            output, err = capsule.export("gopher", status=1)
            count = summary(output)
            check(count[0] == count[2] == 0 and count[1] < whole, count)
            check("about.txt: " in err and "series/gophermap: " in err, err)
            check((out / "about.txt").is_symlink() and (out / "series").is_symlink(), "removed what is said to stay")
            check(states_of(outside) == before and not (out / STAGE).exists(), "outside")
        capsule.export("gopher", "out", "--force", status=1)
        (out / "series").unlink()
        (out / "about.txt").unlink()
        count = summary(capsule.export("gopher", "out", "--check")[0])
        check(sum(count[:2]) == whole and states_of(outside) == before, count)


def a_capsule_is_not_exported_into_itself(program):
    """Its copy would be posts and pages of it, and the next one a copy of those too."""
    with Capsule(program, posts=False) as capsule:
        before = sorted(capsule.folder.rglob("*"))
        for folder in ("content", "pages", "content/../pages/"):
            _, err = capsule.export("gopher", folder, "--force", status=2)
            check(len(err.splitlines()) == 1 and "capsule's own" in err, err)
            check(sorted(capsule.folder.rglob("*")) == before, "something was written")
        capsule.export("gopher", "content/copy", "--check")


def a_manifest_leads_nowhere_else(program):
    with Capsule(program) as capsule:
        capsule.export("gopher")
        victim = capsule.folder / "victim"
        victim.write_text("x")
        manifest = capsule.folder / "out" / MANIFEST
        good = manifest.read_text()
        for line in ("1 ../victim", "1 /etc/passwd", "1 posts/../../victim", "x y", "1 a//b"):
            manifest.write_text(good + line + "\n")
            _, err = capsule.export("gopher", status=2)
            check("manifest" in err and victim.exists(), err)
        manifest.write_text(good + "1 images/link/victim\n")
        (capsule.folder / "out" / "images" / "link").symlink_to(capsule.folder)
        capsule.export("gopher")
        check(victim.exists(), "removed through a link")


def wrong_usage(program):
    with Capsule(program, posts=False) as capsule:
        for form, *options in (("html",), ("gopher", "--base", "gemini://x/"), ("gemini", "--prefix", "/x"),
                               ("gopher", "--prefix", "x"), ("gopher", "--prefix", "/a b"), ("gopher", "--port", "0"),
                               ("gemini", "--base", "https://x/"), ("gemini", "--check", "--dry-run"),
                               ("gopher", "--host", "a b"), ("gopher", "more")):
            out, err = capsule.export(form, "out", *options, status=2)
            check(not out and len(err.splitlines()) == 1, f"{form} {options}: {out}{err}")
            check(not (capsule.folder / "out").exists(), f"{options}: the folder was made")
        capsule.content.rmdir()
        capsule.export("gopher", status=2)
        check(not (capsule.folder / "out").exists(), "made without content")


# --- links ---


def dead_links_are_found(program):
    with Capsule(program) as capsule:
        capsule.post("dead", "title: Dead", "[a](nowhere.md) and [b](missing.png)\n")
        for form, where in (("gemini", "posts/dead.gmi"), ("gopher", "posts/dead/gophermap")):
            out, err = capsule.export(form, form, "--check", status=1)
            check(f"{where}:" in out and "leads nowhere" in out and "lead nowhere" in err, out + err)
            check(len(re.findall(r"^posts/dead", out, re.M)) == len(out.splitlines()) - 1, out)


# --- trouble ---


def digest(folder):
    return {name: hashlib.sha256(data).hexdigest() for name, data in files_of(folder).items()}


def check_whole(capsule, old, done, err):
    check(done == 1 and len(err.splitlines()) == 1, f"status {done}: {err}")
    out = capsule.folder / "out"
    check(digest(out) == old, "the old export is not whole")
    check(not [x for x in os.listdir(out) if x not in {n.split('/')[0] for n in old} | {MANIFEST, STAMP}],
          f"left behind: {os.listdir(out)}")


def a_file_that_cannot_grow_changes_nothing(program):
    """A limit on the size of files stands for the disk that is full from there on."""
    with Capsule(program) as capsule:
        capsule.export("gopher")
        old = digest(capsule.folder / "out")
        for post in capsule.content.glob("*.md"):
            post.write_text(post.read_text() + "\nmore words\n" * 2000)

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))
        _, err = capsule.export("gopher", status=1, preexec_fn=limit)
        check_whole(capsule, old, 1, err)
        capsule.export("gopher", "out", "--check")


def a_full_disk_changes_nothing(program):
    """On a disk of its own, where this system lets us mount one: an export over an old one, and a first one."""
    with Capsule(program) as capsule:
        out = capsule.folder / "out"
        out.mkdir()
        script = f"""mount -t tmpfs -o size=2m tmpfs {out} || exit 77
            export="{capsule.program} export --to gopher {out} -c {capsule.folder}/capsule.yaml"
            $export >/dev/null || exit 3
            (cd {out} && find . | sort; find . -type f | sort | xargs sha256sum) >{capsule.folder}/before
            for post in {capsule.content}/*.md; do head -c 300000 /dev/zero | tr '\\0' 'x' >>$post; done
            $export >/dev/null 2>{capsule.folder}/errors; echo $? >{capsule.folder}/status
            (cd {out} && find . | sort; find . -type f | sort | xargs sha256sum) >{capsule.folder}/after
            umount {out} && mount -t tmpfs -o size=2m tmpfs {out} || exit 4
            $export >/dev/null 2>>{capsule.folder}/errors; echo $? >>{capsule.folder}/status
            ls -A {out} >{capsule.folder}/first"""
        done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
        if done.returncode == 77 or "unshare" in done.stderr:
            return
        check(done.returncode == 0, done.stderr)
        before, after, err, status, first = ((capsule.folder / name).read_text()
                                             for name in ("before", "after", "errors", "status", "first"))
        check(status == "1\n1\n" and err.count("No space left") == len(err.splitlines()) == 2, status + err)
        check(before == after, "the old export is not whole")
        check(first == "", f"left behind by the first: {first}")


def kill_after(capsule, wait, folder="out"):
    """Gives whether the export had no time to finish."""
    process = subprocess.Popen([capsule.program, "export", "--to", "gopher", str(capsule.folder / folder), "-c",
                                str(capsule.folder / "capsule.yaml")], stdout=subprocess.DEVNULL)
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def a_killed_export_is_taken_up(program):
    """At any time: a first one, and one over an old copy that shares hardly a byte with it."""
    with Capsule(program) as capsule:
        for i in range(200):
            capsule.post(f"many-{i}", f"title: Many {i}", "Words and words.\n\n" * 60)
        config, killed = capsule.folder / "capsule.yaml", 0
        for width in (70, 50):
            config.write_text(SETTINGS + f"width: {width}\n")
            begin = time.monotonic()
            capsule.export("gopher", f"whole-{width}")
            took = time.monotonic() - begin
            for part in (0.2, 0.6, 0.8):
                killed += kill_after(capsule, took * part)
            capsule.export("gopher", "out", "--check")
            a, b = digest(capsule.folder / "out"), digest(capsule.folder / f"whole-{width}")
            check(a == b, f"{width}: not the same: {[x for x in a.keys() | b.keys() if a.get(x) != b.get(x)][:9]}")
            check(not (capsule.folder / "out" / STAGE).exists(), "left behind when killed")
        check(killed > 0, "each export was faster than its end")


def a_stopped_export_takes_back_what_it_wrote(program):
    with Capsule(program) as capsule:
        for i in range(600):
            capsule.post(f"many-{i}", f"title: Many {i}", "Words and words.\n\n" * 60)
        process = subprocess.Popen([capsule.program, "export", "--to", "gopher", str(capsule.folder / "out"), "-c",
                                    str(capsule.folder / "capsule.yaml")], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        until(lambda: (capsule.folder / "out" / STAGE).exists(), 10)
        process.send_signal(signal.SIGTERM)
        process.wait()
        check(process.returncode in (0, 1), process.returncode)
        check(not (capsule.folder / "out" / STAGE).exists(), "left behind when stopped")
        check(process.returncode == 0 or not (capsule.folder / "out").exists(), "a folder was left behind")


def an_editor_at_work(content, stopping):
    """Changes, makes, renames and removes posts until it is told to stop."""
    number = 0
    while not stopping.is_set():
        number += 1
        text = f"---\ntitle: Edit {number}\ndate: 2020-02-02\n---\nVersion {number}.\n"
        beside = content / ".edit"
        beside.write_text(text)
        beside.rename(content / "edit.md")
        (content / f"new-{number % 5}.md").write_text(text)  # in place: it is empty for a moment
        (content / "growing.bin").write_bytes(bytes(number % 7 * 30000))
        if number % 3 == 0:
            (content / f"new-{number % 5}.md").rename(content / f"moved-{number % 7}.md")
        if number % 4 == 0:
            (content / f"moved-{number % 7}.md").unlink(missing_ok=True)
        stopping.wait(0.003)


def edits_while_exporting_are_not_lost(program):
    """Whatever it met on its way, the next export is as if there had been none before."""
    with Capsule(program) as capsule:
        stopping = threading.Event()
        (capsule.content / "edit.md").write_text("---\ntitle: Edit\ndate: 2020-02-02\n---\nVersion 0.\n")
        editor = threading.Thread(target=an_editor_at_work, args=(capsule.content, stopping))
        editor.start()
        try:
            for _ in range(6):
                for form in ("gemini", "gopher"):
                    done = subprocess.run([capsule.program, "export", "--to", form, str(capsule.folder / form), "-c",
                                           str(capsule.folder / "capsule.yaml")], capture_output=True, text=True,
                                          timeout=60, check=False)
                    check(done.stdout, f"one file that changes stops all: {done.stderr}")
                text = (capsule.folder / "gemini" / "posts" / "edit.gmi").read_text()
                check(re.search(r"^Version \d+\.$", text, re.M), text)
        finally:
            stopping.set()
            editor.join()
        for form in ("gemini", "gopher"):
            capsule.export(form, form)
            capsule.export(form, "new-" + form)
            same = digest(capsule.folder / form) == digest(capsule.folder / ("new-" + form))
            check(same, f"{form}: not the last state")
        last = re.search(r"Version \d+\.", (capsule.content / "edit.md").read_text())[0]
        check(last in (capsule.folder / "gemini" / "posts" / "edit.gmi").read_text(), "the last edit is missing")


def a_copy_within_the_capsule_is_not_copied(program):
    """`pages` may be the folder of everything, the copies among it."""
    with Capsule(program) as capsule:
        config = capsule.folder / "capsule.yaml"
        config.write_text(config.read_text().replace("pages: pages", "pages: ."))
        first = summary(capsule.export("gemini", "a")[0])[0]
        capsule.export("gopher", "b")
        check(summary(capsule.export("gemini", "a")[0])[:3] == (0, first, 0), "it took itself for a part of the capsule")
        check(not any(name.startswith(("a/", "b/", "certs/", "capsule.yaml", "content/"))
                      for name in files_of(capsule.folder / "a")), "private or doubled files")


def broken_posts_are_reported(program):
    with Capsule(program) as capsule:
        (capsule.content / "broken.md").write_text("---\ntitle: [x\ndate: 2020-01-01\n---\nText.\n")
        for _ in range(2):
            _, err = capsule.export("gemini")
            check("broken.md:" in err, err)


if __name__ == "__main__":
    run_tests([only_what_changed_is_touched, what_no_longer_belongs_is_removed, changed_files_are_made_good,
               settings_and_time_count, a_dry_run_writes_nothing, foreign_folders_are_left_alone,
               foreign_files_in_the_way_stay, what_took_the_place_of_a_file_stays,
               a_capsule_is_not_exported_into_itself, a_manifest_leads_nowhere_else, wrong_usage,
               dead_links_are_found, a_file_that_cannot_grow_changes_nothing, a_full_disk_changes_nothing,
               a_killed_export_is_taken_up, a_stopped_export_takes_back_what_it_wrote,
               edits_while_exporting_are_not_lost, a_copy_within_the_capsule_is_not_copied,
               broken_posts_are_reported], sys.argv[1:])
