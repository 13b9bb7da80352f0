"""Archives and folders that mean harm: each bad thing is refused by name, and the rest goes on."""

import errno
import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from helpers.grading.files.items import IntakeError, IntakeLimits, Refused
from helpers.grading.files.tree import open_plain_file
from helpers.grading.intake.collect import collect
from helpers.grading.notebooks.assignment import CourseAssignment
from tests.support.handed_in import (
    add_answer,
    list_files,
    make_tar_entry,
    pack_tar,
    pack_zip,
    read_released,
    write_files,
    write_release,
)

GOOD = "04_inference.ipynb"


@pytest.fixture
def good() -> bytes:
    return read_released("04_inference")


@pytest.fixture
def take(tmp_path):
    """Return a function that takes in one student's files and returns the submission."""

    def take(files: dict[str, bytes], **limits):
        write_files(tmp_path / "class", files)
        return take_folder(**limits)

    def take_folder(**limits):
        release = write_release(tmp_path / "release")
        intake = collect(
            tmp_path / "class", CourseAssignment(tmp_path / "course"), release=release, limits=IntakeLimits(**limits)
        )
        return next(one for one in intake.submissions if one.student == "eve")

    take.folder = take_folder
    return take


def assert_refused(submission, *sentences: str) -> None:
    """The bad entries are named, one sentence each, and the good notebook is there, alone."""
    assert len(submission.problems) == len(sentences), submission.problems
    for problem, sentence in zip(submission.problems, sentences, strict=True):
        assert problem.startswith(sentence), problem
        assert problem.endswith(".")
        assert "\n" not in problem
    assert list_files(Path(submission.folder)) == {GOOD}


class TestNames:
    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("../../evil.py", "../../evil.py has a name that leads out of its folder (..)"),
            ("a/../../evil.py", "a/../../evil.py has a name that leads out"),
            ("/etc/evil.py", "/etc/evil.py has an absolute path"),
            ("C:/evil.py", "C:/evil.py has an absolute path"),
            ("c:evil.py", "c:evil.py has an absolute path"),
            ("..\\evil.py", ".."),
            ("evil\n.py", "evil?.py has signs in its name that cannot be printed"),
            ("evil\x1b[31m.py", "evil?[31m.py has signs"),
            ("x" * 300 + ".py", "x"),
            ("/".join(["y" * 200] * 6), "y"),
        ],
    )
    @pytest.mark.parametrize("kind", ["zip", "tar.gz"])
    def test_a_name_that_is_not_safe(self, take, tmp_path, good, name, why, kind):
        pack = pack_zip if kind == "zip" else pack_tar
        submission = take({f"eve/work.{kind}": pack({GOOD: good, name: b"x"})})
        assert_refused(submission, f"work.{kind}: {why}")
        assert not list(tmp_path.rglob("evil*"))

    def test_a_nul_in_a_name(self, take, good):
        submission = take({"eve/work.zip": pack_zip({GOOD: good, "evil\x00.py": b"x"})})
        assert_refused(submission, "work.zip: evil?.py has signs in its name")

    @pytest.mark.parametrize("kind", ["zip", "tar.gz", "folder"])
    def test_a_name_that_becomes_too_long_when_it_is_composed(self, take, good, kind):
        swells = "\U0001d160" * 60  # 240 bytes, and 720 in Unicode's composed form
        files = {GOOD: good, swells: b"x", f"{swells}/x": b"x"} if kind != "folder" else {}
        if kind == "folder":
            submission = take({f"eve/{GOOD}": good, f"eve/{swells}/x": b"x", f"eve/{swells[1:]}": b"x"})
        else:
            submission = take({f"eve/work.{kind}": pack_zip(files) if kind == "zip" else pack_tar(files)})
        assert len(submission.problems) == 2
        assert all("has a name that is too long" in problem for problem in submission.problems)
        assert list_files(Path(submission.folder)) == {GOOD}

    @pytest.mark.parametrize("reason", [errno.ENAMETOOLONG, errno.EILSEQ, errno.EEXIST])
    def test_a_name_that_this_file_system_does_not_take(self, take, good, monkeypatch, reason):
        really_open = Path.open

        def refuse(path, mode="r", **options):
            if mode == "xb":
                raise OSError(reason, os.strerror(reason), str(path))
            return really_open(path, mode, **options)

        monkeypatch.setattr(Path, "open", refuse)
        assert_refused(take({f"eve/{GOOD}": good, "eve/a.txt": b"x"}), "a.txt has a name that cannot be written here")

    def test_a_long_name_is_cut_where_it_is_shown(self, take, good):
        submission = take({"eve/work.zip": pack_zip({GOOD: good, "x" * 5_000: b"x"})})
        assert len(submission.problems[0]) < 250

    def test_names_that_differ_in_case(self, take, good):
        files = {GOOD: good, "a.txt": b"1", "A.txt": b"2", "a.txt/b": b"3"}
        submission = take({"eve/work.zip": pack_zip(files)})
        assert [problem.partition(" ")[2][:30] for problem in submission.problems] == [
            "A.txt has the name of another ",
            "a.txt/b has the name of anothe",
        ]
        assert list_files(Path(submission.folder)) == {GOOD, "a.txt"}

    def test_a_file_twice_under_one_name(self, take, good):
        with pytest.warns(UserWarning, match="Duplicate name"):
            data = pack_zip_twice(good)
        submission = take({"eve/work.zip": data})
        assert [problem[:10] for problem in submission.problems] == ["2 versions", "work.zip: "]
        assert list_files(Path(submission.folder)) == {GOOD, "a.txt"}

    @pytest.mark.parametrize(
        "name",
        [
            "__MACOSX/._04_inference.ipynb",
            ".DS_Store",
            "Thumbs.db",
            ".ipynb_checkpoints/04-checkpoint.ipynb",
            ".venv/x",
        ],
    )
    def test_what_computers_leave_behind_is_quietly_ignored(self, take, good, name):
        assert_refused(take({"eve/work.zip": pack_zip({GOOD: good, name: b"x"}), f"eve/{name}": b"x"}))


def pack_zip_twice(good: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for text in (b"1", b"2"):
            archive.writestr("a.txt", text)
        archive.writestr(GOOD, good)
        archive.writestr(GOOD, read_released("04_inference", add_answer("newer")))
    return buffer.getvalue()


class TestKinds:
    @pytest.mark.parametrize(
        ("mode", "why"),
        [(stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "is not a plain"), (stat.S_IFCHR, "is not a plain")],
    )
    def test_what_is_no_file_in_a_zip(self, take, good, mode, why):
        bad = pack_zip({"evil": b"/etc/passwd"}, mode=mode | 0o777)
        submission = take({"eve/bad.zip": bad, "eve/good.zip": pack_zip({GOOD: good})})
        assert_refused(submission, f"bad.zip: evil {why}")

    @pytest.mark.parametrize(
        ("kind", "why"),
        [
            (tarfile.SYMTYPE, "is a link"),
            (tarfile.LNKTYPE, "is a link"),
            (tarfile.FIFOTYPE, "is not a plain"),
            (tarfile.CHRTYPE, "is not a plain"),
            (tarfile.BLKTYPE, "is not a plain"),
        ],
    )
    def test_what_is_no_file_in_a_tar(self, take, good, kind, why):
        entry = make_tar_entry("evil", kind, target="/etc/passwd")
        assert_refused(take({"eve/work.tar.gz": pack_tar({"evil": entry, GOOD: good})}), f"work.tar.gz: evil {why}")

    def test_a_hard_link_to_a_good_file(self, take, good):
        entry = make_tar_entry("copy.ipynb", tarfile.LNKTYPE, target=GOOD)
        files = {GOOD: good, "copy.ipynb": entry}
        assert_refused(take({"eve/work.tgz": pack_tar(files)}), "work.tgz: copy.ipynb is a link")

    def test_links_and_pipes_in_a_folder(self, take, tmp_path, good):
        secret = tmp_path / "secret.txt"
        secret.write_text("secret")
        folder = write_files(tmp_path / "class" / "eve", {GOOD: good})
        (folder / "a-link.txt").symlink_to(secret)
        (folder / "b-folder").symlink_to(tmp_path)
        (folder / "c-dangling").symlink_to("/nowhere")
        os.mkfifo(folder / "pipe.ipynb")
        assert_refused(
            take.folder(),
            "a-link.txt is a link",
            "b-folder is a link",
            "c-dangling is a link",
            "pipe.ipynb is not a plain file",
        )

    def test_a_notebook_that_is_a_link(self, take, tmp_path, good):
        (tmp_path / "class" / "eve").mkdir(parents=True)
        (tmp_path / "theirs.ipynb").write_bytes(good)
        (tmp_path / "class" / "eve" / GOOD).symlink_to(tmp_path / "theirs.ipynb")
        submission = take.folder()
        assert submission.folder is None
        assert submission.problems == (f"{GOOD} is a link and was left out: hand in the file itself.",)

    def test_a_file_that_becomes_a_link_between_listing_and_reading(self, tmp_path):
        (tmp_path / "link").symlink_to(tmp_path / "secret")
        with pytest.raises(Refused, match="is a link"):
            open_plain_file(tmp_path / "link")
        with pytest.raises(Refused, match="is not a plain file"):
            open_plain_file(tmp_path)

    def test_a_file_that_may_not_be_read(self, take, tmp_path, good, monkeypatch):
        write_files(tmp_path / "class" / "eve", {GOOD: good, "mine.ipynb": good})
        really_open = os.open

        def refuse(path, *args, **kwargs):
            if str(path).endswith("mine.ipynb"):
                raise PermissionError(13, "Permission denied")
            return really_open(path, *args, **kwargs)

        monkeypatch.setattr(os, "open", refuse)
        assert_refused(take.folder(), "mine.ipynb cannot be read (permission denied)")


class TestArchives:
    def test_encrypted(self, take, good):
        data = bytearray(pack_zip({"secret.ipynb": good, GOOD: good}))
        for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # flags of the first entry
            place = data.index(magic) + offset
            data[place] |= 1
        assert_refused(take({"eve/work.zip": bytes(data)}), "work.zip: secret.ipynb is encrypted")

    def test_unusual_compression(self, take, good):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(GOOD, good)
            archive.writestr("a.txt", b"x" * 100, compress_type=zipfile.ZIP_LZMA)
        assert_refused(take({"eve/work.zip": buffer.getvalue()}), "work.zip: a.txt is packed in an unusual way")

    def test_an_archive_in_an_archive(self, take, good):
        submission = take({"eve/work.zip": pack_zip({GOOD: good, "inner.zip": pack_zip({"a": b"x"}), "b.rar": b"x"})})
        assert_refused(
            submission,
            "work.zip: inner.zip is an archive inside an archive",
            "work.zip: b.rar is an archive inside an archive",
        )

    @pytest.mark.parametrize("name", ["work.rar", "work.7z", "work.tar.bz2", "work.gz"])
    def test_other_kinds_of_archive(self, take, good, name):
        assert_refused(take({f"eve/{GOOD}": good, f"eve/{name}": b"x"}), f"{name} is an archive of a kind")

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"nonsense",
            b"PK\x03\x04" + b"\0" * 100,
            gzip.compress(b"nonsense" * 200)[:40],
            gzip.compress(b"x" * 5_000),
        ],
        ids=["empty", "nonsense", "cut", "cut-gzip", "no-tar"],
    )
    @pytest.mark.parametrize("name", ["work.zip", "work.tar.gz", "work.tar"])
    def test_damaged(self, take, good, name, data):
        submission = take({f"eve/{GOOD}": good, f"eve/{name}": data})
        assert_refused(submission, f"{name} is ")

    def test_a_damaged_entry_leaves_the_others(self, take, good):
        data = bytearray(pack_zip({"bad.ipynb": good, GOOD: good}))
        place = data.index(b"bad.ipynb") + 300
        data[place : place + 50] = b"\0" * 50
        assert_refused(take({"eve/work.zip": bytes(data)}), "work.zip: bad.ipynb is damaged")

    def test_every_cut_of_an_archive_ends_in_a_sentence(self, take, tmp_path, good):
        small = pack_zip({"a.txt": b"x" * 100, "b.txt": b"y"})
        packed = pack_tar({"a.txt": b"x" * 100, "b.txt": b"y"})
        files = {f"eve/{cut}.zip": small[:cut] for cut in range(1, len(small), 7)}
        files |= {f"eve/{cut}.tgz": packed[:cut] for cut in range(1, len(packed), 7)}
        submission = take({f"eve/{GOOD}": good} | files)
        assert GOOD in list_files(Path(submission.folder))
        assert all(problem.endswith(".") for problem in submission.problems)

    def test_a_directory_of_absurd_size(self, take, good):
        data = bytearray(pack_zip({"a": b"x"}))
        place = data.index(b"PK\x05\x06")
        data[place + 12 : place + 16] = struct.pack("<I", 20_000_000)
        bad = b"\0" * 21_000_000 + bytes(data)
        assert_refused(take({f"eve/{GOOD}": good, "eve/work.zip": bad}), "work.zip is damaged")

    @pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
    def test_a_tar_name_of_absurd_size(self, take, good, kind):
        entry = make_tar_entry("long", kind)
        entry.size = 2_000_000_000
        data = entry.tobuf(tarfile.GNU_FORMAT) + b"\0" * 3_000_000
        assert_refused(take({f"eve/{GOOD}": good, "eve/work.tar": data}), "work.tar is damaged")

    def test_a_tar_that_leads_back_into_itself(self, take, good):
        header = bytearray(tarfile.TarInfo("loop").tobuf(tarfile.GNU_FORMAT))
        header[124:136] = b"\xff" * 8 + struct.pack(">i", -1024)  # a negative size
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        data = pack_tar({"a.txt": b"x"}, mode="w")[:1024] + bytes(header) + b"\0" * 4096
        assert_refused(take({f"eve/{GOOD}": good, "eve/work.tar": data}), "work.tar is damaged")


class TestAmounts:
    def test_a_notebook_that_is_too_large(self, take, good):
        big = read_released("03_preprocessing", add_answer("#" * 300_000))
        submission = take({f"eve/{GOOD}": good, "eve/03_preprocessing.ipynb": big}, notebook_bytes=200_000)
        assert_refused(submission, "03_preprocessing.ipynb is larger than 0.2 MB")

    def test_fifty_megabytes_are_too_large(self, take, good):
        submission = take({f"eve/{GOOD}": good, "eve/03_preprocessing.ipynb": b" " * 50_000_001})
        assert_refused(submission, "03_preprocessing.ipynb is larger than 50 MB")

    def test_sizes_are_counted_not_believed(self, take, good):
        data = bytearray(pack_zip({"big.ipynb": b" " * 5_000_000, GOOD: good}))
        for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            place = data.index(magic) + offset
            data[place : place + 4] = struct.pack("<I", 10)  # the unpacked size, as it claims
        submission = take({"eve/work.zip": bytes(data)}, notebook_bytes=1_000_000)
        assert_refused(submission, "work.zip: big.ipynb is ")

    @pytest.mark.parametrize("kind", ["zip", "tar.gz"])
    def test_a_bomb(self, take, good, kind):
        bomb = (pack_zip if kind == "zip" else pack_tar)({"zeros.bin": b"\0" * 3_000_000})
        submission = take({f"eve/{GOOD}": good, f"eve/bomb.{kind}": bomb}, ratio_from_bytes=1_000_000)
        (problem,) = submission.problems
        assert "swells when it is unpacked" in problem
        assert list_files(Path(submission.folder)) == {GOOD}

    def test_too_much_in_all(self, take, good):
        files = {f"eve/{number}.bin": os.urandom(300_000) for number in range(4)}
        submission = take({f"eve/{GOOD}": good} | files, student_bytes=1_000_000)
        assert [problem[:15] for problem in submission.problems] == ["3.bin was left "]
        assert list_files(Path(submission.folder)) == {GOOD, "0.bin", "1.bin", "2.bin"}

    def test_too_much_in_a_tar(self, take, good):
        data = pack_tar({"a.bin": os.urandom(2_000_000)})
        submission = take({f"eve/{GOOD}": good, "eve/a.tgz": data}, student_bytes=1_000_000)
        assert_refused(submission, "a.tgz is larger than 1 MB")
        data = pack_tar({"a.bin": b"ab" * 1_000_000})
        submission = take({"eve/a.tgz": data}, student_bytes=1_000_000)
        assert_refused(submission, "a.tgz unpacks to more than 1 MB")

    def test_too_many_files_leave_the_notebooks(self, take, good):
        files = {f"eve/a{number}.txt": b"x" for number in range(30)}
        submission = take({f"eve/{GOOD}": good} | files, student_files=10)
        assert submission.problems == ("21 files beyond 10 were left out: ask for the notebooks alone.",)
        assert len(list_files(Path(submission.folder))) == 10

    def test_too_many_archives(self, take, good):
        submission = take({f"eve/{GOOD}": good} | {f"eve/{number}.zip": pack_zip({}) for number in range(22)})
        assert_refused(submission, "8.zip is one of more than 20 archives", "9.zip is one of more than 20")

    def test_a_thousand_refusals_are_summed_up(self, take, good):
        bad = pack_zip({f"{number}/../x": b"" for number in range(1_000)})
        submission = take({f"eve/{GOOD}": good, "eve/bad.zip": bad})
        assert len(submission.problems) == 41
        assert submission.problems[-1] == "960 more files were refused."

    @pytest.mark.parametrize("kind", ["zip", "tar.gz"])
    def test_far_too_many_entries(self, take, good, kind):
        pack = pack_zip if kind == "zip" else pack_tar
        data = pack({f"{number}": b"" for number in range(101)})
        submission = take({f"eve/{GOOD}": good, f"eve/a.{kind}": data}, student_files=10)
        assert_refused(submission, f"a.{kind} holds more than 100 files")


class TestWholeClass:
    @pytest.mark.parametrize("name", ["class.zip", "class.tar.gz"])
    def test_a_hostile_entry_of_one_student_hurts_no_other(self, tmp_path, good, name):
        entries = {
            "eve/work.zip": b"damaged",
            f"ann/{GOOD}": good,
            "../../evil.py": b"x",
            "/etc/evil.py": b"x",
        }
        pack = pack_zip if name.endswith("zip") else pack_tar
        (tmp_path / name).write_bytes(pack(entries))
        intake = collect(
            tmp_path / name, CourseAssignment(tmp_path / "course"), release=write_release(tmp_path / "release")
        )
        ann, eve = intake.submissions
        assert (ann.student, ann.problems) == ("ann", ())
        assert eve.folder is None
        assert eve.problems == ("work.zip is damaged, or is no .zip archive, and was left out: ask for it again.",)
        assert [sentence.split(" has ")[0] for sentence in sorted(intake.unknown)] == sorted(
            [f"{name}: ../../evil.py", f"{name}: /etc/evil.py"]
        )

    @pytest.mark.parametrize("data", [b"", b"nonsense", pack_zip({"a": b"x"})[:50]])
    def test_a_damaged_archive_of_a_class_is_said(self, tmp_path, data):
        (tmp_path / "class.zip").write_bytes(data)
        with pytest.raises(IntakeError, match=r"^class.zip is damaged"):
            collect(tmp_path / "class.zip", CourseAssignment(tmp_path / "course"))

    def test_a_file_that_is_no_archive(self, tmp_path):
        (tmp_path / "class.pdf").write_bytes(b"x")
        with pytest.raises(IntakeError, match=r"neither a folder nor a \.zip"):
            collect(tmp_path / "class.pdf", CourseAssignment(tmp_path / "course"))

    def test_nothing_there(self, tmp_path):
        with pytest.raises(IntakeError, match="There is nothing at"):
            collect(tmp_path / "none", CourseAssignment(tmp_path / "course"))
