"""Find the submissions in a folder or a ZIP, as a person or a learning platform has put them there.

Known forms, which may be mixed:

    ada.ipynb                                                            a plain folder: the file names the student
    ada/ps1.ipynb, ada.zip                                               a folder or a ZIP for each student
    Ada Lovelace_1234567_assignsubmission_file_/ps1.ipynb                Moodle, "Download all submissions"
    Ada Lovelace_1234567_assignsubmission_file_ps1.ipynb                 Moodle, without folders
    lovelaceada_LATE_12345_67890_ps1-1.ipynb                             Canvas, submissions.zip

Nothing is unpacked to disk or run, no link is followed, and a name found here is a label, never a path to write to.
"""

import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from .receipts import Receipt
from .source import Fault

# Bytes of one file and of all files of a ZIP once unpacked, files in a ZIP, and ZIPs within one another.
MOST = {"file": 20_000_000, "unpacked": 2_000_000_000, "files": 20_000, "depth": 2}
IGNORED = {"__MACOSX", "Thumbs.db", "desktop.ini"}
# Full name without underscores, participant, plugin; then the file's own name when there are no folders.
MOODLE = re.compile(r"([^_]*)_(\d+)_assignsubmission_[a-z]+(?:_(.*))?", re.S)
# Sortable name without spaces, perhaps LATE, user, attachment (a later upload has a higher number), the file's own name.
CANVAS = re.compile(r"(.+?)_(?:late_)?(\d+)_(\d+)_(.+)", re.S | re.I)
READABLE = (".ipynb", ".json", ".txt", ".html", ".htm")
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass
class Submission:
    """What one student has handed in: the id the platform gives (or the name), the name to show, the file that counts."""

    student: str
    name: str
    file: str
    receipt: Receipt
    notes: list = field(default_factory=list)


@dataclass
class File:
    """One file: the parts of its path as they were found, and what reading it gave."""

    parts: tuple
    receipt: Receipt

    @property
    def path(self):
        return tidy("/".join(self.parts))

    @property
    def notebook(self):
        return ".ipynb" in self.parts[-1].lower()


def submissions(path, read):
    """[Submission] in `path`, by name. `read(data, name)` gives the Receipt in a file's bytes; each file is read once.

    Fault when there is no such folder or ZIP, or nothing in it.
    """
    path = Path(path).expanduser()
    if not path.exists():
        raise Fault(f"{path}: there is no such folder or file; SUBMISSIONS names the folder or the ZIP with what students handed in")
    if path.is_dir():
        found = list(_Walk(read).folder(path))
    elif zipfile.is_zipfile(path):
        found = [_unwrapped(file, path.stem) for file in _Walk(read).zip(path, (), 1)]
    else:
        raise Fault(f"{path}: is neither a folder nor a ZIP that can be opened; download it again, or unpack it and name the folder")
    if not found:
        raise Fault(f"{path}: holds no submissions")
    made = [_chosen(name, files) for name, files in _by_student(found).items()]
    for submission, student in zip(made, _unique([s.student for s in made])):
        submission.student = student
    return sorted(made, key=lambda s: (s.name.casefold(), s.student))


class _Walk:
    """Goes through folders and ZIPs, and gives a File for each file that is no system's litter."""

    def __init__(self, read):
        self.read, self.left = read, MOST["unpacked"]

    def folder(self, root):
        def closed(error):
            unread.append(File((Path(error.filename).name,), Receipt("this folder cannot be opened; look at its permissions")))

        unread = []
        for here, folders, names in os.walk(root, onerror=closed):
            above = Path(here).relative_to(root).parts
            folders[:] = sorted(name for name in folders if not _litter(name))
            names += [name for name in folders if os.path.islink(os.path.join(here, name))]
            for name in sorted(name for name in names if not _litter(name)):
                yield from self.file(Path(here, name), (*above, name))
        yield from unread

    def file(self, path, parts):
        try:
            about = path.lstat()
            if stat.S_ISLNK(about.st_mode):
                yield File(parts, Receipt("this is a link to another place, which is not followed; ask for the file itself"))
            elif not stat.S_ISREG(about.st_mode):
                yield File(parts, Receipt("this is no file that can be read; ask for the notebook"))
            elif parts[-1].lower().endswith(".zip"):
                yield from self.zip(path, parts, 1)
            else:
                yield self.one(parts, about.st_size, lambda: path.open("rb"))
        except OSError as error:
            yield File(parts, Receipt(f"this file cannot be opened ({error.strerror}); look at its permissions"))

    def zip(self, source, above, depth):
        try:
            archive = zipfile.ZipFile(source)
        except UNREADABLE:
            yield File(above or ("…",), Receipt("this ZIP cannot be opened; ask for the notebook itself"))
            return
        with archive:
            for entry in archive.infolist()[: MOST["files"]]:
                yield from self.entry(archive, entry, above, depth)
            if len(archive.infolist()) > MOST["files"]:
                yield File((*above, "…"), Receipt(f"this ZIP holds more than {MOST['files']:,} files; the others were not read"))

    def entry(self, archive, entry, above, depth):
        name = _decoded(entry)
        inside = re.split(r"[/\\]", name)
        parts = (*above, *(part for part in inside if part not in ("", ".", "..")))
        if entry.is_dir() or name.endswith("\\") or any(map(_litter, parts[len(above) :])):
            return
        if ".." in inside or re.match(r"[/\\]|[A-Za-z]:", name):
            yield File(parts or ("…",), Receipt("the name of this file in the ZIP points to a place outside it, so it was not read"))
        elif stat.S_ISLNK(entry.external_attr >> 16):
            yield File(parts, Receipt("this is a link to another place, which is not followed; ask for the file itself"))
        elif entry.flag_bits & 1:
            yield File(parts, Receipt("this file is locked with a password; ask for it without one"))
        elif self.left < entry.file_size:
            yield File(parts, Receipt(f"the ZIP holds more than {MOST['unpacked'] // 10**9} GB once unpacked, so this file was not read"))
        elif not parts[-1].lower().endswith(".zip"):
            self.left -= entry.file_size
            yield self.one(parts, entry.file_size, lambda: archive.open(entry))
        elif depth >= MOST["depth"]:
            yield File(parts, Receipt("this is a ZIP within a ZIP within a ZIP, which is not opened; ask for the notebook itself"))
        else:
            self.left -= entry.file_size
            data, problem = _bytes(entry.file_size, lambda: archive.open(entry))
            yield from [File(parts, Receipt(problem))] if problem else self.zip(io.BytesIO(data), parts, depth + 1)

    def one(self, parts, size, opened):
        if not (".ipynb" in parts[-1].lower() or parts[-1].lower().endswith(READABLE)):
            return File(parts, Receipt(f"no notebook was handed in, but {tidy(parts[-1])}; ask for the .ipynb file"))
        data, problem = _bytes(size, opened)
        return File(parts, Receipt(problem) if problem else self.read(data, parts[-1]))


def _bytes(size, opened):
    """(bytes, "") or (None, why not). What a ZIP says about a size is not believed."""
    large = f"this file is larger than {MOST['file'] // 10**6} MB, so it was not read; ask for it without large outputs"
    if size > MOST["file"]:
        return None, large
    try:
        with opened() as stream:
            data = stream.read(MOST["file"] + 1)
    except UNREADABLE:
        return None, "this file is damaged; ask for it again"
    return (None, large) if len(data) > MOST["file"] else (data, "")


def _decoded(entry):
    """The name of a ZIP's entry. Some programs write UTF-8 without saying so, and Python then reads cp437."""
    if not entry.flag_bits & 0x800:
        try:
            return entry.filename.encode("cp437").decode("utf8")
        except UnicodeError:
            pass
    return entry.filename


def _litter(name):
    hidden = name.startswith(".") and not name.lower().endswith(".ipynb")
    return hidden or name.startswith("._") or name in IGNORED


def _unwrapped(file, stem):
    """Without the one folder around everything, which has the name of the ZIP when a folder was packed."""
    return File(file.parts[1:], file.receipt) if len(file.parts) > 1 and file.parts[0] == stem else file


def _by_student(files):
    """{(form, student): [(name, order of this file among the student's, File)]}."""
    canvas = {file.parts[0]: m for file in files if (m := _canvas(file))}.values()
    names = {(m[2], m[1].casefold()) for m in canvas}
    # With one name for each number and one number for each attachment these are Canvas's names; else they only look like them.
    sure = len({number for number, _ in names}) == len(names) and len({m[3] for m in canvas}) == len(canvas)
    found = {}
    for file in files:
        key, name, order = _who(file, sure)
        found.setdefault(key, []).append((name, order, file))
    if any(form != "plain" for form, _ in found):  # beside a platform's files, a loose list or table is nobody's submission
        found = {key: own for key, own in found.items() if key[0] != "plain" or any(len(f.parts) > 1 or f.notebook for _, _, f in own)}
    return found


def _who(file, canvas):
    """(key of the student, name, order): the order is a tuple that is larger for a newer file, as far as names tell."""
    first = file.parts[0]
    for part in file.parts:
        if m := MOODLE.fullmatch(part):
            return ("moodle", m[2]), m[1], (0, *_order(m[3] or file.parts[-1]))
    if canvas and (m := _canvas(file)):
        return ("canvas", m[2]), m[1], (int(m[3]), *_order(m[4]))
    name = re.sub(r"\.zip$", "", first, flags=re.I) if len(file.parts) > 1 else (Path(first).stem or first)
    return ("plain", name), name, (0, *_order(file.parts[-1]))


def _canvas(file):
    return None if any(map(MOODLE.fullmatch, file.parts)) else CANVAS.fullmatch(file.parts[0])


def _order(name):
    """(counter that platforms and browsers put after a name, name): ps1.ipynb before ps1-1.ipynb and ps1 (2).ipynb."""
    counter = re.search(r"(?:-| ?\()(\d{1,9})\)?$", name.split(".")[0])
    return (int(counter[1]) if counter else 0, name)


def _chosen(key, files):
    """The Submission of one student: the newest file that can be graded, else the newest notebook, else the last file."""
    files = sorted(files, key=lambda f: (not f[2].receipt.problem, f[2].notebook, f[1]))
    name, order, file = files[-1]
    made, others = Submission(tidy(key[1]) or "no name", tidy(name) or "no name", file.path, file.receipt), [f for f in files[:-1] if f[2].notebook]
    newer = [left for _, other, left in others if other > order]
    if newer:
        made.notes.append(f"older submission taken: {tidy(file.parts[-1])}; of {tidy(newer[-1].parts[-1])}: {newer[-1].receipt.problem}")
    elif others:
        made.notes.append(f"newer submission taken: {tidy(file.parts[-1])}, not {', '.join(tidy(left.parts[-1]) for _, _, left in others[:3])}")
    return made


def _unique(names):
    """The names, where those that are the same get a number."""
    seen = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def tidy(text):
    """Text in one line, at most 200 characters, without control characters or signs that turn the writing direction."""
    text = unicodedata.normalize("NFC", text.encode("utf8", "replace").decode())
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]", " ", text).split())[:200]
