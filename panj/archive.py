"""ZIPs that are the same to the byte when what is in them is the same, and checksums of files."""

import hashlib
import zipfile

NO_DATE = (1980, 1, 1, 0, 0, 0)
PACKED = (".zip", ".whl", ".png")  # what would not get smaller


def pack(target, files, first=()):
    """Write a ZIP to `target`, a path or an open file, from {path in the ZIP: text or bytes}, by name.

    The names in `first` come first, in their order and not compressed, as an EPUB wants its mimetype.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for name in (*first, *sorted(files.keys() - {*first})):
            entry = zipfile.ZipInfo(name, NO_DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in first or name.endswith(PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])


def checksums(files):
    """The text of a file SHA256SUMS, as `sha256sum -c` reads it, from {path: text or bytes}."""
    data = {name: content.encode() if isinstance(content, str) else content for name, content in files.items()}
    return "".join(f"{hashlib.sha256(data[name]).hexdigest()}  {name}\n" for name in sorted(data))
