"""The watch itself: it sees what it is there to see, so that its silence means something."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from hostile.attack import Done, Ground, assert_harmless
from hostile.launcher import Forbidden, Watch


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch([str(tmp_path / "out")], str(tmp_path / "data"), str(tmp_path / "secret"))


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.__new__", (None, 2, 1, 0)),
        ("socket.getaddrinfo", ("evil.invalid", 80)),
        ("urllib.Request", ("http://evil.invalid",)),
        ("open", ("HERE/secret", "r", os.O_RDONLY)),
        ("open", ("HERE/data/x", "w", os.O_WRONLY | os.O_CREAT)),
        ("open", ("HERE/x", None, os.O_RDWR)),
        ("os.remove", ("HERE/data/x", -1)),
        ("os.rename", ("HERE/out/x", "HERE/data/x", -1, -1)),
        ("os.system", (b"touch x",)),
        ("os.exec", ("sh", [], {})),
        ("subprocess.Popen", ("/bin/sh", ["sh", "-c", "git"], None, None)),
        ("subprocess.Popen", ("git", ["git", "log"], None, None)),
        ("subprocess.Popen", ("HERE/data/git", ["git"], None, None)),
        ("pickle.find_class", ("os", "system")),
    ],
)
def test_what_is_forbidden_is_stopped(event: str, args: tuple[Any, ...], watch: Watch, tmp_path: Path) -> None:
    here = [arg.replace("HERE", str(tmp_path)) if isinstance(arg, str) else arg for arg in args]
    with pytest.raises(Forbidden):
        watch(event, tuple(here))
    assert watch.told


def test_code_among_the_data_is_seen(watch: Watch, tmp_path: Path) -> None:
    code = compile("1", str(tmp_path / "data" / "yaml.py"), "exec")
    with pytest.raises(Forbidden):
        watch("exec", (code,))
    watch("exec", (compile("1", str(tmp_path / "yaml.py"), "exec"),))


def test_an_answer_is_no_offence(watch: Watch, tmp_path: Path) -> None:
    watch("open", (str(tmp_path / "data" / "x"), "r", os.O_RDONLY))
    watch("open", (str(tmp_path / "out" / "x"), "w", os.O_WRONLY))
    watch("open", (os.devnull, None, os.O_WRONLY))
    git = str(Path(sys.executable).with_name("git"))
    watch("subprocess.Popen", (git, ["git", "rev-parse"], None, None))
    assert not watch.told


@pytest.mark.parametrize(
    "done",
    [
        Done(["show"], 0, "\x1b[2J", ""),
        Done(["show"], 0, "a\r", ""),
        Done(["show"], 0, "\u202e", ""),
        Done(["show"], 0, " ::error::x", ""),
        Done(["show"], 0, "", "a ##[error]x"),
        Done(["show"], 0, "", "Traceback (most recent call last):"),
        Done(["show"], 70, "", ""),
        Done(["show"], -11, "", ""),
        Done(["show"], 0, "", "", cpu=5),
        Done(["show"], 0, "", "", peak=500),
        Done(["show"], 0, "", "", told=["network"]),
        Done(["show"], 0, "", "", git=[["git", "--literal-pathspecs", "log"]]),
        Done(["show", "--format", "json"], 0, '{"a": NaN}', ""),
        Done(["show", "--format", "csv"], 0, "a,b\n=1,2\n", ""),
        Done(["show", "--format", "md"], 0, "a <b>x</b>\n", ""),
        Done(["show", "--format", "md"], 0, "a [x](y)\n", ""),
        Done(["show", "--format", "md"], 0, "fixes #1\n", ""),
        Done(["show", "--format", "md"], 0, "cc @everyone\n", ""),
        Done(["show", "--format", "md"], 0, "x\n===\n", ""),
        Done(["validate", "--format", "github"], 0, "::error file=a::x\n::set-output name=a::b\n", ""),
        Done(["validate", "--format", "junit"], 0, "<!DOCTYPE x><x/>", ""),
    ],
)
def test_what_is_not_harmless_is_seen(done: Done) -> None:
    with pytest.raises(AssertionError):
        assert_harmless(done)


def test_without_a_fork_a_command_is_watched_as_well(small: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hostile.attack.FORKS", False)
    done = small.ask_one("show alpha --format json")
    assert (done.code, done.answer["body"]["id"]) == (0, "alpha")
