"""How much of a file is read, and what an unfit one is called."""

KILO, MEGA = 1024, 1024 * 1024
LARGEST_FILE = 20 * MEGA
LARGEST_CLEANED = 2 * LARGEST_FILE  # a copy may come out larger than what it was made from
MOST_PAGES = 2_000
LONGEST_TEXT = 5 * MEGA  # bytes of UTF-8, of all pages together

# Packages (DOCX and ODT are zip files).
MOST_MEMBERS = 2_000
LARGEST_DIRECTORY = MEGA
LARGEST_MEMBER = 50 * MEGA
LARGEST_WHOLE = 150 * MEGA
MOST_INFLATED = 200  # times its own size; XML of long tables reaches 50
FREELY_INFLATED = MEGA  # below that the ratio of a member says nothing

# Sheets.
MOST_COLUMNS = 1_000
LARGEST_TABLE = 100 * MEGA  # of JSON, written out of one file

# The process that opens a file.
MEMORY = 1_024 * MEGA  # of addresses; what is used of them is much less
CPU_SECONDS = {"clean": 30, "blank": 30, "read": 60, "split": 20, "table": 60}
WALL_SECONDS = {"clean": 60, "blank": 60, "read": 90, "split": 25, "table": 75}
OPEN_FILES = 64


class Unfit(Exception):
    """A file that is not taken, or not read; `code` says why.

    empty, too_large, extension, other_kind, two_kinds, encrypted, macros, bomb, entities, encoding,
    damaged, too_complex, not_cleaned, too_wide, picture
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
