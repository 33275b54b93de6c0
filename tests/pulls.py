"""Pull requests made up over the miniature registry: real repositories, with fixed days and authors.

Each is a branch `change` from `main`: what it does to the files, as pairs of texts, or whole files.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bless import MINI, run

BASE_DAY, CHANGE_DAY = "2026-06-01T09:00:00+00:00", "2026-06-10T09:00:00+00:00"
Edits = Mapping[str, "str | list[tuple[str, str]]"]
"""What becomes of each file: its whole new text ("" deletes it), or texts in it with what takes their place."""

NOTICE = "# yaml-language-server: $schema=../../../../schema/document.json\ntitle: {}\nkind: news\npublisher: nowshire-icb\nspeaks_of: {}\npublic: true\n"
EVIL = "@everyone <img src=x onerror=alert(1)> [click](javascript:alert(1)) | `code` #1 -->"

PULLS: dict[str, Edits] = {
    "appointment": {
        "people/new-invented.yaml": "# yaml-language-server: $schema=../../../../schema/person.json\nname: Nell Invented\n",
        "documents/notice-2026-06-08.yaml": NOTICE.format("Notice of 8 June 2026", "2026-06-08"),
        "bodies/nowshire-executive.yaml": [
            (
                "      cover: Shared between the chief executive and the director of finance.\n",
                "      to: 2026-06-30\n      cover: Shared between the chief executive and the director of finance.\n",
            ),
            (
                "      - document: board-papers-2026-05\n        at: page 12\n        shows: end\n    vacant:\n",
                "      - document: board-papers-2026-05\n        at: page 12\n        shows: end\n"
                "    - person: new-invented\n      capacity: substantive\n      from: 2026-07-01\n      announced: 2026-06-08\n"
                "      terms:\n      - from: 2026-07-01\n        ends: 2029-06-30\n      sources:\n      - notice-2026-06-08\n    vacant:\n",
            ),
        ],
    },
    "vacancy": {
        "documents/notice-2026-06-09.yaml": NOTICE.format("Notice of 9 June 2026", "2026-06-09"),
        "bodies/audit-committee.yaml": [
            (
                "    - person: vic-whimsy\n      from: 2024-10-01\n      sources:\n      - board-minutes-2026-03 paragraph 18\n",
                "    - person: vic-whimsy\n      from: 2024-10-01\n      to: 2026-06-05\n      end_reason: resigned\n      sources:\n"
                "      - board-minutes-2026-03 paragraph 18\n      - document: notice-2026-06-09\n        shows: end\n"
                "    vacant:\n    - from: 2026-06-06\n      reason: resigned\n      sources:\n      - notice-2026-06-09\n",
            )
        ],
    },
    "new-name": {
        "bodies/people-forum.yaml": [
            (
                "name: Nowshire People's Forum\n",
                "name: Nowshire Voices\n",
            ),
            (
                "names:\n",
                "names:\n- name: Nowshire People's Forum\n  use: former\n  to: 2026-06-07\n  sources:\n  - county-web line 31\n",
            ),
        ],
    },
    "merger": {
        "bodies/east-nowshire-trust.yaml": [("\nfrom: 2023-04-01\n", "\nfrom: 2023-04-01\nto: 2026-06-30\n")],
        "bodies/west-nowshire-trust.yaml": [("\nfrom: 2023-04-01\n", "\nfrom: 2023-04-01\nto: 2026-06-30\n")],
        "bodies/north-nowshire-trust.yaml": "# yaml-language-server: $schema=../../../../schema/body.json\nname: North Nowshire Care Trust\n"
        "kind: care-trust\none_of: care-trusts\nlegal_form: body-corporate\nfrom: 2026-07-01\nsucceeds:\n"
        "- of: [east-nowshire-trust, west-nowshire-trust]\n  kind: merger\n  date: 2026-07-01\n  sources:\n  - county-web line 70\n"
        "roles:\n  chair:\n    title: Chair\n    member_type: chair\n    appointments:\n    - person: zoe-apocryphal\n      from: 2026-07-01\n"
        "      sources:\n      - county-web line 71\nsources:\n- county-web lines 70-71\n",
    },
    "reappointment": {
        "bodies/audit-committee.yaml": [
            (
                "      from: 2024-10-01\n      sources:\n      - board-minutes-2026-03 paragraph 18\n",
                "      from: 2024-10-01\n      terms:\n      - from: 2024-10-01\n        ends: 2026-09-30\n      - from: 2026-10-01\n        ends: 2028-09-30\n"
                "      sources:\n      - board-minutes-2026-03 paragraph 18\n",
            )
        ],
        "bodies/nowshire-executive.yaml": [
            (
                "      from: 2026-04-13\n      covering: kit-feigned\n",
                "      from: 2026-04-13\n      to: 2026-06-30\n      covering: kit-feigned\n",
            ),
            (
                "  # here: a job-share pair in one seat\n",
                "    - person: lil-conjured\n      capacity: substantive\n      from: 2026-07-01\n      sources:\n      - board-papers-2026-05 page 11\n"
                "  # here: a job-share pair in one seat\n",
            ),
        ],
    },
    "withheld": {
        "people/oz-supposed.yaml": "",
        "people/p-4d2x.yaml": "# yaml-language-server: $schema=../../../../schema/person.json\nname: Name withheld\n",
        "bodies/nowshire-executive.yaml": [("    - person: oz-supposed\n", "    - person: p-4d2x\n")],
    },
    "deletion": {
        "bodies/audit-committee.yaml": "",
        "people/samuel-example.yaml": "",
        "priorities/strategy-aims.yaml": "",
    },
    "correction": {
        "bodies/nowshire-executive.yaml": [
            (
                '    - person: ray-unlikely\n      from: "2025~"\n',
                '    - person: mo-romance\n      from: "2025~"\n',
            ),
            (
                "sources:\n- board-papers-2026-05 pages 10-12\n",
                "corrections:\n- made: 2026-06-10\n  about: director-of-strategy\n  said: Ray Unlikely holds it\n  says: Mo Romance holds it\n"
                "  why: Two lines of the page were read as one.\n  sources:\n  - county-web line 17\n"
                "sources:\n- board-papers-2026-05 pages 10-12\n",
            ),
        ],
    },
    "late-recording": {
        "bodies/quality-committee.yaml": [
            (
                "    - person: dee-imaginary\n      from: 2024-06~\n",
                "    - person: sam-example\n      capacity: interim\n      from: 2024-01-01\n      to: 2024-05-31\n      sources:\n      - county-web line 72\n"
                "    - person: dee-imaginary\n      from: 2024-06-01\n",
            )
        ],
    },
    "hostile": {
        "people/abe-fiction.yaml": f"name: '{EVIL}'\n",
        "people/ada-invented.yaml": "",
        "documents/x.yaml": f"title: '{EVIL}'\nkind: news\nspeaks_of: 2026-06-01\nowner: nowshire-icb\n",
        "bodies/audit-committee.yaml": [
            ("title: Chair of the Audit Committee", f"title: '{EVIL}'"),
            ("from: 2024-10-01", "from: 2020-10-01"),
        ],
        "bodies/remuneration-panel.yaml": "name: [\n",
        "bodies/people-forum.yaml": [("name: Nowshire People's Forum\n", f"name: '{EVIL}'\n")],
        "kmics.yaml": [
            (
                "suppressions:\n",
                f"suppressions:\n- rule: term-ran-out\n  path: bodies\n  reason: '{EVIL}'\n  until: 2027-01-31\n",
            )
        ],
    },
    "split-file": {
        "bodies/nowshire-executive.yaml": [],
        "bodies/teams/nowshire-people-team.yaml": "# yaml-language-server: $schema=../../../../../schema/body.json\nname: People team of the Nowshire Integrated Care Board\n"
        "kind: executive-team\nfrom: 2021-07-01\npart_of:\n- body: nowshire-icb\n  relation: executive-of\nsources:\n- board-papers-2026-05 pages 10-12\nroles:\n",
    },
    "nothing": {
        "bodies/audit-committee.yaml": [
            ("name: Audit Committee\n", '# Looked at again in June.\nname: "Audit Committee"\n')
        ],
        "people/vic-whimsy.yaml": "# A comment.\nhonorific: Wing Commander\nname: Vic Whimsy\n",
    },
}
"""The pull requests by name. What `appointment` changes and so on, a reader of `kmics diff main...change --format md` is to see."""


def git(folder: Path, *words: str, day: str = BASE_DAY) -> str:
    """Run git as an invented author, on a fixed day."""
    environ = {
        **os.environ,
        "GIT_AUTHOR_DATE": day,
        "GIT_COMMITTER_DATE": day,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    names = ("-c", "user.name=A Tester", "-c", "user.email=a@test.invalid", "-c", "core.autocrlf=false")
    done = subprocess.run(["git", *names, *words], cwd=folder, env=environ, capture_output=True, check=True)
    return done.stdout.decode().strip()


def repository(folder: Path) -> Path:
    """Make a repository in `folder` with the miniature registry on `main`, and return the registry's folder."""
    folder.mkdir(exist_ok=True)
    root = shutil.copytree(MINI, folder / "registry")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "The miniature")
    return root


def edit(root: Path, edits: Edits) -> None:
    """Make edits to the files of a registry."""
    for path, change in edits.items():
        file = root / path
        if isinstance(change, str):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(change.encode()) if change else file.unlink()
            continue
        text = file.read_bytes().decode()
        for old, new in change:
            assert text.count(old) == 1, (path, old, text.count(old))
            text = text.replace(old, new)
        file.write_bytes(text.encode())


def split(root: Path) -> None:
    """Move a role of the executive's file, word for word, into a file of their own."""
    file = root / "bodies" / "nowshire-executive.yaml"
    text = file.read_bytes().decode()
    start, end = (
        text.index("  # here: vacant, with the work shared out\n"),
        text.index("  # here: a holder from unknown to unknown"),
    )
    other = root / "bodies" / "teams" / "nowshire-people-team.yaml"
    other.write_bytes(other.read_bytes() + text[start:end].encode())
    file.write_bytes((text[:start] + text[end:]).encode())


MORE: dict[str, Callable[[Path], None]] = {"split-file": split}


def pull_request(folder: Path, name: str) -> Path:
    """Make the repository of a pull request in `folder`, and return the registry's folder, on its branch `change`."""
    root = repository(folder)
    git(folder, "checkout", "-qb", "change")
    edit(root, PULLS[name])
    if name in MORE:
        MORE[name](root)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", f"Pull request: {name}", day=CHANGE_DAY)
    git(folder, "checkout", "-q", "main")
    (root / "bodies" / "zz-other.yaml").write_bytes(
        b"name: Set up meanwhile\nkind: forum\nfrom: 2026-06-02\nsources: [county-web]\n"
    )
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Somebody else's work meanwhile", day=CHANGE_DAY)
    git(folder, "checkout", "-q", "change")
    return root


KEPT = {
    **dict.fromkeys(PULLS, ("md",)),
    "appointment": ("md", "table", "json", "csv"),
    "hostile": ("md", "table", "json"),
}
"""The formats in which what is told of each pull request is kept."""


def told(name: str) -> dict[str, str]:
    """Return what `kmics diff main...HEAD` tells of a pull request, by format; commits by the names of their branches."""
    with tempfile.TemporaryDirectory() as folder:
        root = pull_request(Path(folder), name)
        answers = {}
        for format in KEPT[name]:
            done = run("diff", "main...HEAD", "--format", format, registry=root, today=None)
            assert (done.code, done.err) == (0, ""), done
            answers[format] = done.out.replace("\r\n", "\n")
        base = git(Path(folder), "merge-base", "main", "HEAD")
        head = git(Path(folder), "rev-parse", "HEAD")
    for id, mark in ((base, "base"), (head, "head")):
        answers = {format: re.sub(f"{id[:12]}(?:{id[12:]})?", mark, text) for format, text in answers.items()}
    return answers
