"""A zip archive whose bytes say nothing of when and where it was made."""

import os
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The oldest date a zip archive can hold."""


class UndatedZip(ZipFile):
    """A zip archive in which every entry has the same date."""

    def entry(self, name: str, compression: int = ZIP_DEFLATED) -> ZipInfo:
        """Return the description of an entry to be written."""
        found = ZipInfo(name, FIRST_DAY)
        found.compress_type = compression
        found.create_system = 3  # the same on every system
        found.external_attr = 0o644 << 16
        return found

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: object,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Write an entry from memory."""
        if isinstance(zinfo_or_arcname, str):
            zinfo_or_arcname = self.entry(zinfo_or_arcname)
        super().writestr(zinfo_or_arcname, data, compress_type, compresslevel)  # type: ignore[arg-type]

    def write(
        self,
        filename: str | os.PathLike[str],
        arcname: str | os.PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Write an entry from a file."""
        del compress_type, compresslevel
        name = os.fspath(arcname if arcname is not None else filename)
        with open(filename, "rb") as source, self.open(self.entry(name), "w") as target:  # noqa: PTH123 - may be a name of openpyxl's own
            while piece := source.read(1 << 16):
                target.write(piece)
